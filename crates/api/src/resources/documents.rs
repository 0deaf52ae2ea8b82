//! `/api/v1/documents`: what is said of documents, their versions and locks.

mod content;
mod put;
mod versions;

use super::folders::{folder, join};
use super::shown;
use crate::input::{DocumentAt, JsonBody, Preconditions, QueryOf, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Document, DocumentCopy, DocumentPatch};
use holdall_model::{DocumentId, FolderId, ItemRef};
use holdall_services::{
    Caller, Conflict, Described, Destination, Failure, ItemIds, NewProperties, Services, Thing,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(show, change, delete))
        .routes(routes!(copy))
        .routes(routes!(lock, unlock))
        .merge(versions::routes())
        .merge(content::routes())
        .merge(put::routes())
}

/// One document
#[utoipa::path(get, path = "/documents/{id}", operation_id = "showDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id.")),
    responses(
        (status = 200, body = Document, description = "The document."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = document(&services, &signed.caller, id).await?;
    Ok(json::tagged(&headers, &found))
}

/// Rename, describe or move a document
#[utoipa::path(patch, path = "/documents/{id}", operation_id = "changeDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), Preconditions),
    request_body = DocumentPatch,
    responses(
        (status = 200, body = Document, description = "The document as it is now."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn change(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    preconditions: Preconditions,
    JsonBody(patch): JsonBody<DocumentPatch>,
) -> Result<Response, Problem> {
    let mut caller = provided(&services, &signed.caller, id, &preconditions);
    let found = document(&services, &signed.caller, id).await?;
    let properties = NewProperties {
        name: patch.name,
        description: patch.description,
        update_instructions: patch.update_instructions,
        source: patch.source,
        language: patch.language,
        author: patch.author,
    };
    if properties
        .name
        .as_ref()
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(Failure::Required { field: "name" }.into());
    }
    if properties != NewProperties::default() || patch.folder.is_none() {
        services
            .documents
            .change_properties(&caller, &ItemRef::Document(id), properties)
            .await?;
        caller = signed.caller.clone();
    }
    if let Some(parent) = patch.folder.filter(|parent| *parent != found.folder) {
        let destination = Destination::Into(ItemRef::Folder(FolderId(parent)));
        services
            .moves
            .move_item(&caller, &ItemRef::Document(id), &destination)
            .await?;
    }
    let now = document(&services, &signed.caller, id).await?;
    Ok(json::changed(StatusCode::OK, &now, None))
}

/// Delete a document with all its versions, into the recycle bin
#[utoipa::path(delete, path = "/documents/{id}", operation_id = "deleteDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), Preconditions),
    responses((status = 204, description = "It is in the recycle bin."), Refusals, Refused<404>, Refused<409>, Refused<412>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let caller = provided(&services, &signed.caller, id, &preconditions);
    services.documents.delete(&caller, &ItemRef::Document(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Copy a document in the version that readers get
#[utoipa::path(post, path = "/documents/{id}/copies", operation_id = "copyDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id.")),
    request_body = DocumentCopy,
    responses(
        (status = 201, body = Document, description = "The copy; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn copy(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    JsonBody(asked): JsonBody<DocumentCopy>,
) -> Result<Response, Problem> {
    let caller = &signed.caller;
    let source = document(&services, caller, id).await?;
    let parent = folder(&services, caller, FolderId(asked.folder)).await?;
    let path = join(&parent, asked.name.as_ref().unwrap_or(&source.name), "name")?;
    let destination = Destination::As(path.clone());
    services
        .moves
        .copy(caller, &ItemRef::Document(id), &destination)
        .await?;
    let made = services
        .documents
        .document(caller, &ItemRef::Path(path))
        .await?
        .id;
    let made = document(&services, caller, made).await?;
    let location = address(made.id);
    Ok(json::changed(StatusCode::CREATED, &made, Some(&location)))
}

/// Take the lock of a document; nobody else can change it then
#[utoipa::path(put, path = "/documents/{id}/lock", operation_id = "lockDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id.")),
    responses((status = 200, body = Document, description = "The caller holds the lock."), Refusals, Refused<404>, Refused<409>))]
async fn lock(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
) -> Result<Response, Problem> {
    match services
        .documents
        .lock(&signed.caller, &ItemRef::Document(id))
        .await
    {
        Ok(_) | Err(Failure::Conflict(Conflict::LockedByCaller)) => {}
        Err(other) => return Err(other.into()),
    }
    let now = document(&services, &signed.caller, id).await?;
    Ok(json::changed(StatusCode::OK, &now, None))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ForceQuery {
    /// Whether somebody else's lock is taken away; for managers, administrators and who has full control.
    #[serde(default)]
    #[param(required = false, default = false)]
    force: bool,
}

/// Give up the lock of a document
#[utoipa::path(delete, path = "/documents/{id}/lock", operation_id = "unlockDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), ForceQuery),
    responses((status = 204, description = "The lock is free."), Refusals, Refused<404>, Refused<409>))]
async fn unlock(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    QueryOf(query): QueryOf<ForceQuery>,
) -> Result<StatusCode, Problem> {
    let item = ItemRef::Document(id);
    services
        .documents
        .unlock(&signed.caller, &item, query.force)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The document of an id, as the caller sees it.
async fn document(services: &Services, caller: &Caller, id: DocumentId) -> Result<Document, Problem> {
    let described = services
        .folders
        .describe(caller, only(id), shown::DIGESTS)
        .await?;
    Ok(first(&described).ok_or(Failure::NotFound(Thing::Document))?)
}

fn only(id: DocumentId) -> ItemIds {
    ItemIds {
        folders: Vec::new(),
        documents: vec![id],
    }
}

fn first(described: &Described) -> Option<Document> {
    let view = described.documents.first()?;
    Some(shown::document(view, &described.parts))
}

/// The caller, whose change happens only if the preconditions hold in its transaction.
fn provided(services: &Services, caller: &Caller, id: DocumentId, preconditions: &Preconditions) -> Caller {
    if !preconditions.any() {
        return caller.clone();
    }
    let preconditions = preconditions.clone();
    services
        .folders
        .provided(caller, (only(id), shown::DIGESTS), move |described| {
            let etag = first(described).map(|document| tag_of(&document));
            preconditions.hold(etag.as_deref())
        })
}

fn address(id: i64) -> String {
    format!("/api/v1/documents/{id}")
}
