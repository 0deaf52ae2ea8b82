//! `/api/v1/items`: from a path or a short id to what is there.

use super::shown;
use crate::input::QueryOf;
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::Item;
use holdall_model::ItemRef;
use holdall_services::{Failure, Services, Thing};
use http::HeaderMap;
use serde::Deserialize;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(find))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemQuery {
    /// A full path (`/Library/Folder/name.pdf`) or a short id (`~D7`, `~F7`).
    path: String,
}

/// What is at a path: a folder or a document
#[utoipa::path(get, path = "/items", operation_id = "findItem", tag = "Items", params(ItemQuery),
    responses(
        (status = 200, body = Item, description = "The folder or document; a document comes before a folder of the same path."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn find(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<ItemQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let item = ItemRef::parse(&query.path)
        .map_err(|problem| Problem::malformed(problem.to_string(), Some("path")))?;
    let described = services
        .folders
        .describe_one(&signed.caller, &item, shown::DIGESTS)
        .await?;
    let found = shown::items(described)
        .pop()
        .ok_or(Failure::NotFound(Thing::Item))?;
    Ok(json::tagged(&headers, &found))
}
