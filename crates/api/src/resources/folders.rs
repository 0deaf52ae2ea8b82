//! `/api/v1/folders`: looking at folders, making, changing, copying and deleting them.

mod archive;
mod listing;

use super::shown;
use crate::input::{FolderAt, JsonBody, Preconditions, QueryOf, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use archive::ArchiveQuery;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{CopiedFolder, Folder, FolderCopy, FolderPatch, NewFolder};
use holdall_model::{FolderId, ItemPath, ItemRef, clean_name};
use holdall_services::{
    Caller, Destination, Failure, FolderChange, FolderView, ItemIds, PartsWanted, Services,
};
use http::header::VARY;
use http::{HeaderMap, HeaderValue, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create))
        .routes(routes!(show, change, delete))
        .routes(routes!(copy))
        .merge(listing::routes())
}

/// Make a folder, by its path or in a folder
#[utoipa::path(post, path = "/folders", operation_id = "createFolder", tag = "Folders", request_body = NewFolder,
    responses(
        (status = 200, body = Folder, description = "A folder of that path is there already."),
        (status = 201, body = Folder, description = "The folder was made; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    JsonBody(new): JsonBody<NewFolder>,
) -> Result<Response, Problem> {
    let path = match (&new.path, new.parent, &new.name) {
        (Some(path), None, None) => ItemPath::parse(path),
        (None, Some(parent), Some(name)) => {
            let parent = folder(&services, &signed.caller, FolderId(parent)).await?;
            join(&parent, name, "name")?
        }
        _ => {
            let detail = "either path, or parent and name";
            return Err(Problem::malformed(detail, Some("path")));
        }
    };
    let there = services
        .folders
        .exists(&signed.caller, &ItemRef::Path(path.clone()))
        .await;
    if let Ok(id) = there {
        let found = folder(&services, &signed.caller, id).await?;
        return Ok(json::changed(
            StatusCode::OK,
            &shown::folder(found),
            Some(&address(id)),
        ));
    }
    let mut made = services.folders.create(&signed.caller, &path).await?;
    if let Some(description) = new.description.filter(|text| !text.is_empty()) {
        let change = FolderChange {
            name: made.name.clone(),
            description,
        };
        services
            .folders
            .change(&signed.caller, &ItemRef::Folder(made.id), change)
            .await?;
        made = folder(&services, &signed.caller, made.id).await?;
    }
    let location = address(made.id);
    Ok(json::changed(
        StatusCode::CREATED,
        &shown::folder(made),
        Some(&location),
    ))
}

/// One folder: its properties, or all that the caller may read of it as a zip
///
/// `Accept: application/zip` or `?zip` gives the archive in one call: staged for it, streamed, and forgotten when the answer ends.
/// `HEAD` tells its exact length, and ranges go on where a connection broke off as long as the entity tag is the same.
#[utoipa::path(get, path = "/folders/{id}", operation_id = "showFolder", tag = "Folders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The folder's id."),
        ArchiveQuery,
        ("Range" = Option<String>, Header, description = "Ranges of bytes of the archive."),
    ),
    responses(
        (status = 200, description = "The folder, or the archive of it.",
            content((Folder = "application/json"), (String = "application/zip"))),
        (status = 206, body = String, content_type = "application/zip", description = "The range of the archive, or the ranges."),
        (status = 304, description = "The caller has it."),
        (status = 412, description = "The archive is not what If-Match wants."),
        (status = 416, description = "No byte of the range is in the archive."),
        Refusals, Refused<404>, Refused<422>, Refused<429>, Refused<507>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    QueryOf(query): QueryOf<ArchiveQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = folder(&services, &signed.caller, id).await?;
    let mut response = if query.wants_archive(&headers) {
        query.serve((&services, &signed), id, &headers).await?
    } else {
        json::tagged(&headers, &shown::folder(found))
    };
    response
        .headers_mut()
        .insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// Rename, describe or move a folder
#[utoipa::path(patch, path = "/folders/{id}", operation_id = "changeFolder", tag = "Folders",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), Preconditions),
    request_body = FolderPatch,
    responses(
        (status = 200, body = Folder, description = "The folder as it is now."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn change(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    preconditions: Preconditions,
    JsonBody(patch): JsonBody<FolderPatch>,
) -> Result<Response, Problem> {
    let mut caller = provided(&services, &signed.caller, id, &preconditions);
    let found = folder(&services, &signed.caller, id).await?;
    let says = patch.name.is_some() || patch.description.is_some();
    if says || patch.parent.is_none() {
        let change = FolderChange {
            name: patch.name.unwrap_or(found.name),
            description: patch.description.unwrap_or(found.description),
        };
        services
            .folders
            .change(&caller, &ItemRef::Folder(id), change)
            .await?;
        caller = signed.caller.clone();
    }
    if let Some(parent) = patch.parent.filter(|parent| *parent != found.parent.0) {
        let destination = Destination::Into(ItemRef::Folder(FolderId(parent)));
        services
            .moves
            .move_item(&caller, &ItemRef::Folder(id), &destination)
            .await?;
    }
    let now = folder(&services, &signed.caller, id).await?;
    Ok(json::changed(StatusCode::OK, &shown::folder(now), None))
}

/// Delete a folder with all below it, into the recycle bin
#[utoipa::path(delete, path = "/folders/{id}", operation_id = "deleteFolder", tag = "Folders",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), Preconditions),
    responses((status = 204, description = "It is in the recycle bin."), Refusals, Refused<404>, Refused<409>, Refused<412>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let caller = provided(&services, &signed.caller, id, &preconditions);
    services.folders.delete(&caller, &ItemRef::Folder(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Copy a folder with all below it that the caller may read
#[utoipa::path(post, path = "/folders/{id}/copies", operation_id = "copyFolder", tag = "Folders",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id.")),
    request_body = FolderCopy,
    responses(
        (status = 201, body = CopiedFolder, description = "The copy, and what could not be copied; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn copy(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    JsonBody(asked): JsonBody<FolderCopy>,
) -> Result<Response, Problem> {
    let caller = &signed.caller;
    let source = folder(&services, caller, id).await?;
    let parent = folder(&services, caller, FolderId(asked.parent)).await?;
    let path = join(&parent, asked.name.as_ref().unwrap_or(&source.name), "name")?;
    let destination = Destination::As(path.clone());
    let skipped = services
        .moves
        .copy(caller, &ItemRef::Folder(id), &destination)
        .await?;
    let made = services.folders.folder(caller, &ItemRef::Path(path)).await?;
    let location = address(made.id);
    let copied = CopiedFolder {
        folder: shown::folder(made),
        skipped: shown::skips(&skipped),
    };
    Ok(json::changed(StatusCode::CREATED, &copied, Some(&location)))
}

/// The folder of an id, as the caller sees it.
pub(super) async fn folder(
    services: &Services,
    caller: &Caller,
    id: FolderId,
) -> Result<FolderView, Problem> {
    Ok(services.folders.folder(caller, &ItemRef::Folder(id)).await?)
}

/// The path of an item of that name in a folder, the name cleaned as it will be stored.
pub(super) fn join(parent: &FolderView, name: &str, field: &'static str) -> Result<ItemPath, Problem> {
    let name = clean_name(name).map_err(|problem| Failure::invalid(field, problem))?;
    Ok(ItemPath::parse(&parent.path).join(&name))
}

/// The caller, whose change happens only if the preconditions hold in its transaction.
fn provided(services: &Services, caller: &Caller, id: FolderId, preconditions: &Preconditions) -> Caller {
    if !preconditions.any() {
        return caller.clone();
    }
    let preconditions = preconditions.clone();
    let items = ItemIds {
        folders: vec![id],
        documents: Vec::new(),
    };
    services
        .folders
        .provided(caller, (items, PartsWanted::default()), move |described| {
            let view = described.folders.first().cloned();
            let etag = view.map(|view| tag_of(&shown::folder(view)));
            preconditions.hold(etag.as_deref())
        })
}

fn address(id: FolderId) -> String {
    format!("/api/v1/folders/{}", id.0)
}
