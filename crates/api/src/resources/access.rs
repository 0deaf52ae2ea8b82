//! `…/access` of folders and documents: who may do what with them.

mod grants;

use crate::input::{DocumentAt, FolderAt, JsonBody, Preconditions, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{AccessList, NewAccessList, OwnRight};
use holdall_model::ItemRef;
use holdall_services::{Caller, ItemIds, PartsWanted, Services};
use http::{HeaderMap, StatusCode};
use utoipa_axum::routes;

/// What the services are asked for to show an access list.
const LISTS: PartsWanted = PartsWanted {
    lists: true,
    owners: false,
    versions: false,
    digests: false,
};

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(show_of_folder, set_of_folder, inherit_of_folder))
        .routes(routes!(right_on_folder))
        .routes(routes!(show_of_document, set_of_document, inherit_of_document))
        .routes(routes!(right_on_document))
}

/// The access list in force on a folder
#[utoipa::path(get, path = "/folders/{id}/access", operation_id = "showFolderAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id.")),
    responses(
        (status = 200, body = AccessList, description = "The list."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show_of_folder(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(&services, &signed.caller, (&ItemRef::Folder(id), &headers)).await
}

/// The access list in force on a document
#[utoipa::path(get, path = "/documents/{id}/access", operation_id = "showDocumentAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The document's id.")),
    responses(
        (status = 200, body = AccessList, description = "The list."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show_of_document(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(&services, &signed.caller, (&ItemRef::Document(id), &headers)).await
}

/// Give a folder an access list of its own
#[utoipa::path(put, path = "/folders/{id}/access", operation_id = "setFolderAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), Preconditions),
    request_body = NewAccessList,
    responses(
        (status = 204, description = "The list is in force, also below where nothing has a list of its own."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn set_of_folder(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    preconditions: Preconditions,
    JsonBody(list): JsonBody<NewAccessList>,
) -> Result<StatusCode, Problem> {
    let item = ItemRef::Folder(id);
    let caller = provided(&services, &signed.caller, (&item, preconditions));
    let grants = grants::read(list.entries)?;
    services
        .access
        .set_access_list(&caller, &item, grants, list.tree)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a document an access list of its own
#[utoipa::path(put, path = "/documents/{id}/access", operation_id = "setDocumentAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), Preconditions),
    request_body = NewAccessList,
    responses(
        (status = 204, description = "The list is in force."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn set_of_document(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    preconditions: Preconditions,
    JsonBody(list): JsonBody<NewAccessList>,
) -> Result<StatusCode, Problem> {
    if list.tree {
        return Err(Problem::malformed("nothing lies below a document", Some("tree")));
    }
    let item = ItemRef::Document(id);
    let caller = provided(&services, &signed.caller, (&item, preconditions));
    let grants = grants::read(list.entries)?;
    services
        .access
        .set_access_list(&caller, &item, grants, false)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drop a folder's own access list for that of the folder above
#[utoipa::path(delete, path = "/folders/{id}/access", operation_id = "inheritFolderAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), Preconditions),
    responses((status = 204, description = "It inherits."), Refusals, Refused<404>, Refused<409>, Refused<412>))]
async fn inherit_of_folder(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let item = ItemRef::Folder(id);
    let caller = provided(&services, &signed.caller, (&item, preconditions));
    services.access.inherit_access_list(&caller, &item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drop a document's own access list for that of its folder
#[utoipa::path(delete, path = "/documents/{id}/access", operation_id = "inheritDocumentAccess", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), Preconditions),
    responses((status = 204, description = "It inherits."), Refusals, Refused<404>, Refused<409>, Refused<412>))]
async fn inherit_of_document(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let item = ItemRef::Document(id);
    let caller = provided(&services, &signed.caller, (&item, preconditions));
    services.access.inherit_access_list(&caller, &item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the caller may do with a folder
#[utoipa::path(get, path = "/folders/{id}/access/mine", operation_id = "showOwnFolderRight", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id.")),
    responses((status = 200, body = OwnRight, description = "The right."), Refusals, Refused<404>))]
async fn right_on_folder(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
) -> Result<Response, Problem> {
    own_right(&services, &signed.caller, &ItemRef::Folder(id)).await
}

/// What the caller may do with a document
#[utoipa::path(get, path = "/documents/{id}/access/mine", operation_id = "showOwnDocumentRight", tag = "Access",
    params(("id" = i64, Path, minimum = 1, description = "The document's id.")),
    responses((status = 200, body = OwnRight, description = "The right."), Refusals, Refused<404>))]
async fn right_on_document(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
) -> Result<Response, Problem> {
    own_right(&services, &signed.caller, &ItemRef::Document(id)).await
}

async fn show(
    services: &Services,
    caller: &Caller,
    (item, headers): (&ItemRef, &HeaderMap),
) -> Result<Response, Problem> {
    let list = services.access.access_list(caller, item).await?;
    Ok(json::tagged(headers, &grants::shown(list)))
}

async fn own_right(services: &Services, caller: &Caller, item: &ItemRef) -> Result<Response, Problem> {
    let right = grants::right_shown(services.access.right(caller, item).await?);
    Ok(json::answer(StatusCode::OK, &OwnRight { right }))
}

/// The caller, whose change happens only if the preconditions hold in its transaction.
fn provided(
    services: &Services,
    caller: &Caller,
    (item, preconditions): (&ItemRef, Preconditions),
) -> Caller {
    if !preconditions.any() {
        return caller.clone();
    }
    let mut items = ItemIds::default();
    match item {
        ItemRef::Folder(id) => items.folders.push(*id),
        ItemRef::Document(id) => items.documents.push(*id),
        ItemRef::Path(_) => {}
    }
    services
        .folders
        .provided(caller, (items, LISTS), move |described| {
            let parts = &described.parts;
            let of_folder = parts.folder_lists.values();
            let list = of_folder.chain(parts.document_lists.values()).next();
            let etag = list.map(|list| tag_of(&grants::shown(list.clone())));
            preconditions.hold(etag.as_deref())
        })
}
