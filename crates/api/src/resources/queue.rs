//! `/api/v1/queue`: the caller's basket of items to download together.

use super::shown;
use crate::input::{JsonBody, Named};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Item, List, QueueItems};
use holdall_model::ItemRef;
use holdall_services::{Caller, Conflict, Failure, ItemIds, Services};
use http::StatusCode;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list, add, clear))
        .routes(routes!(remove))
}

/// What is in the caller's queue: folders by name, then documents by name
#[utoipa::path(get, path = "/queue", operation_id = "listQueue", tag = "Queue",
    responses((status = 200, body = List<Item>, description = "The items."), Refusals))]
async fn list(State(services): State<Services>, signed: Signed) -> Result<Response, Problem> {
    answer(&services, &signed.caller).await
}

/// Put items into the queue
#[utoipa::path(post, path = "/queue", operation_id = "addToQueue", tag = "Queue", request_body = QueueItems,
    responses(
        (status = 200, body = List<Item>, description = "The whole queue."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn add(
    State(services): State<Services>,
    signed: Signed,
    JsonBody(asked): JsonBody<QueueItems>,
) -> Result<Response, Problem> {
    for text in &asked.items {
        let item = read_item(text)?;
        match services.queue.add(&signed.caller, &item).await {
            Ok(()) | Err(Failure::Conflict(Conflict::AlreadyQueued)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    answer(&services, &signed.caller).await
}

/// Empty the queue
#[utoipa::path(delete, path = "/queue", operation_id = "clearQueue", tag = "Queue",
    responses((status = 204, description = "It is empty."), Refusals))]
async fn clear(State(services): State<Services>, signed: Signed) -> Result<StatusCode, Problem> {
    let kept = services.queue.list(&signed.caller).await?;
    let folders = kept.folders.iter().map(|view| ItemRef::Folder(view.id));
    let documents = kept.documents.iter().map(|view| ItemRef::Document(view.id));
    for item in folders.chain(documents) {
        services.queue.remove(&signed.caller, &item).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Take an item out of the queue
#[utoipa::path(delete, path = "/queue/{item}", operation_id = "removeFromQueue", tag = "Queue",
    params(("item" = String, Path, description = "A short id: `~D7` or `~F7`.")),
    responses((status = 204, description = "It is not in the queue."), Refusals, Refused<404>))]
async fn remove(
    State(services): State<Services>,
    signed: Signed,
    Named(item): Named<String>,
) -> Result<StatusCode, Problem> {
    services.queue.remove(&signed.caller, &read_item(&item)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn answer(services: &Services, caller: &Caller) -> Result<Response, Problem> {
    let kept = services.queue.list(caller).await?;
    let ids = ItemIds {
        folders: kept.folders.iter().map(|view| view.id).collect(),
        documents: kept.documents.iter().map(|view| view.id).collect(),
    };
    let described = services.folders.describe(caller, ids, shown::DIGESTS).await?;
    let items = shown::items(described);
    Ok(json::answer(StatusCode::OK, &List::<Item> { items }))
}

fn read_item(text: &str) -> Result<ItemRef, Problem> {
    ItemRef::parse(text).map_err(|problem| Problem::malformed(problem.to_string(), Some("item")))
}
