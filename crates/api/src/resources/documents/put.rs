//! Storing whole documents by PUT, streamed.

use super::super::folders::{folder, join};
use super::content::content_tag;
use super::{address, document, only};
use crate::input::{Arrival, DocumentAt, Named, Preconditions, QueryOf};
use crate::instants;
use crate::json::{self, set};
use crate::openapi::{Binary, Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::{Api, Routes};
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::Document;
use holdall_model::{DocumentId, FolderId, ItemPath, ItemRef};
use holdall_services::{Caller, Described, DocumentOptions, Failure, ItemIds, PartsWanted, Thing};
use http::StatusCode;
use http::header::{ETAG, LOCATION};
use serde::Deserialize;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(put_version))
        .routes(routes!(put_named))
}

/// What the conditions look at: the newest version's digest.
const VERSIONS: PartsWanted = PartsWanted {
    lists: false,
    owners: false,
    versions: true,
    digests: false,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PutQuery {
    /// When the content was last modified; now when absent.
    #[serde(default)]
    #[param(required = false, nullable = false, format = DateTime)]
    modified: Option<String>,
    /// What is said about the version.
    #[serde(default)]
    #[param(required = false)]
    comment: String,
}

impl PutQuery {
    fn options(self) -> Result<DocumentOptions, Problem> {
        let modified = self
            .modified
            .map(|text| instants::read(&text, "modified"))
            .transpose()?;
        Ok(DocumentOptions {
            version_comment: self.comment,
            modified,
            ..DocumentOptions::default()
        })
    }
}

/// Store new content of a document as its next version
///
/// `If-Match` takes the entity tag of the newest version's content. `Content-Digest` or `Repr-Digest` with `sha-256` is checked.
#[utoipa::path(put, path = "/documents/{id}/content", operation_id = "writeDocument", tag = "Documents",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), PutQuery, Preconditions),
    request_body(content = inline(Binary), content_type = "application/octet-stream", description = "The content, of any media type."),
    responses(
        (status = 200, body = Document, description = "The document with its new version; ETag is that of its content."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>, Refused<507>,
    ))]
async fn put_version(
    State(api): State<Api>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    QueryOf(query): QueryOf<PutQuery>,
    arrival: Arrival,
) -> Result<Response, Problem> {
    let there = document(&api.services, &signed.caller, id).await?;
    let folder = folder(&api.services, &signed.caller, FolderId(there.folder)).await;
    let parent = match folder {
        Ok(folder) => ItemPath::parse(&folder.path),
        Err(_) => return Err(Failure::NotFound(Thing::Document).into()),
    };
    let (place, name) = (there.folder, there.name.clone());
    let preconditions = arrival.preconditions.clone();
    // A document that moves in the meantime must not come to be anew where it was.
    let caller = api
        .services
        .folders
        .provided(&signed.caller, (only(id), VERSIONS), move |described| {
            let still = |view: &holdall_services::DocumentView| view.folder.0 == place && view.name == name;
            described.documents.first().is_some_and(still)
                && preconditions.hold(newest_tag(described).as_deref())
        });
    let target = parent.join(&there.name);
    let stored = arrival.store(&api, &caller, (&target, query.options()?)).await?;
    answer(&api, &signed.caller, stored).await
}

/// Store a document by its name in a folder: a new one, or the next version of the one that is there
///
/// `If-None-Match: *` stores a new one only; `If-Match` takes the entity tag of the newest version's content. `Content-Digest` or
/// `Repr-Digest` with `sha-256` is checked.
#[utoipa::path(put, path = "/folders/{id}/documents/{name}", operation_id = "putDocument", tag = "Documents",
    params(
        ("id" = i64, Path, minimum = 1, description = "The folder's id."),
        ("name" = String, Path, description = "The document's name."),
        PutQuery, Preconditions,
        ("If-None-Match" = Option<String>, Header, description = "`*` when a document of that name must not be there."),
    ),
    request_body(content = inline(Binary), content_type = "application/octet-stream", description = "The content, of any media type."),
    responses(
        (status = 200, body = Document, description = "The document with its new version; ETag is that of its content."),
        (status = 201, body = Document, description = "The new document; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>, Refused<507>,
    ))]
async fn put_named(
    State(api): State<Api>,
    signed: Signed,
    Named((id, name)): Named<(String, String)>,
    QueryOf(query): QueryOf<PutQuery>,
    arrival: Arrival,
) -> Result<Response, Problem> {
    let id = crate::input::positive(&id).ok_or(Failure::NotFound(Thing::Folder))?;
    let parent = folder(&api.services, &signed.caller, FolderId(id)).await?;
    let target = join(&parent, &name, "name")?;
    let caller = provided_at(&api, &signed.caller, &target, arrival.preconditions.clone());
    let stored = arrival.store(&api, &caller, (&target, query.options()?)).await?;
    answer(&api, &signed.caller, stored).await
}

/// The caller, whose change happens only if the preconditions hold for what is at `target` in its transaction.
fn provided_at(api: &Api, caller: &Caller, target: &ItemPath, preconditions: Preconditions) -> Caller {
    if !preconditions.any() {
        return caller.clone();
    }
    let item = ItemRef::Path(target.clone());
    let folders = &api.services.folders;
    folders.provided_at(caller, (item, VERSIONS), move |described| {
        preconditions.hold(newest_tag(described).as_deref())
    })
}

/// The entity tag of the newest version's content; `None` when no document is there.
fn newest_tag(described: &Described) -> Option<String> {
    let document = described.documents.first()?;
    let versions = described.parts.versions.get(&document.id);
    let newest = versions.and_then(|versions| versions.last());
    // Somebody who may not read it cannot know its tag, and it is there for `*`.
    Some(newest.map_or_else(|| "\"\"".to_owned(), |version| content_tag(&version.digest)))
}

async fn answer(api: &Api, caller: &Caller, stored: DocumentId) -> Result<Response, Problem> {
    let items = ItemIds {
        folders: Vec::new(),
        documents: vec![stored],
    };
    let described = api.services.folders.describe(caller, items, VERSIONS).await?;
    let is_new = described
        .documents
        .first()
        .is_some_and(|view| view.version_count == 1);
    let now = document(&api.services, caller, stored).await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let mut response = json::answer(status, &now);
    let headers = response.headers_mut();
    if is_new {
        set(headers, LOCATION, &address(now.id));
    }
    if let Some(etag) = newest_tag(&described) {
        set(headers, ETAG, &etag);
    }
    Ok(response)
}
