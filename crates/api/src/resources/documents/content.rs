//! The bytes of documents.

use crate::content::{self, Content};
use crate::input::{DocumentAt, VersionAt};
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use holdall_model::{Digest, ItemRef};
use holdall_services::{OpenContent, Services};
use http::HeaderMap;
use std::sync::Arc;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(read))
        .routes(routes!(read_version))
}

/// The bytes of a document, whole or a range of them
#[utoipa::path(get, path = "/documents/{id}/content", operation_id = "readDocument", tag = "Documents",
    params(
        ("id" = i64, Path, minimum = 1, description = "The document's id."),
        ("Range" = Option<String>, Header, description = "One range of bytes, or several."),
    ),
    responses(
        (status = 200, content_type = "*/*", body = Vec<u8>, description = "All bytes; Repr-Digest and ETag tell their SHA-256."),
        (status = 206, content_type = "*/*", body = Vec<u8>, description = "The range, or as multipart/byteranges the ranges."),
        (status = 304, description = "The caller has it."),
        (status = 412, description = "It is not what If-Match wants."),
        (status = 416, description = "No byte of the range is in the content."),
        Refusals, Refused<404>, Refused<409>,
    ))]
async fn read(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let open = services
        .documents
        .open(&signed.caller, &ItemRef::Document(id), None)
        .await?;
    serve(open, &headers).await
}

/// The bytes of a version, whole or a range of them
#[utoipa::path(get, path = "/documents/{id}/versions/{number}/content", operation_id = "readVersion", tag = "Versions",
    params(
        ("id" = i64, Path, minimum = 1, description = "The document's id."),
        ("number" = i64, Path, minimum = 1, description = "The version's number."),
        ("Range" = Option<String>, Header, description = "One range of bytes, or several."),
    ),
    responses(
        (status = 200, content_type = "*/*", body = Vec<u8>, description = "All bytes; Repr-Digest and ETag tell their SHA-256."),
        (status = 206, content_type = "*/*", body = Vec<u8>, description = "The range, or as multipart/byteranges the ranges."),
        (status = 304, description = "The caller has it."),
        (status = 412, description = "It is not what If-Match wants."),
        (status = 416, description = "No byte of the range is in the content."),
        Refusals, Refused<404>, Refused<409>,
    ))]
async fn read_version(
    State(services): State<Services>,
    signed: Signed,
    VersionAt(id, number): VersionAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let item = ItemRef::Document(id);
    let open = services
        .documents
        .open(&signed.caller, &item, Some(number))
        .await?;
    serve(open, &headers).await
}

/// The strong entity tag of a content, quoted: half of its SHA-256.
pub(super) fn content_tag(digest: &Digest) -> String {
    let mut hexadecimal = digest.to_string();
    hexadecimal.truncate(32);
    format!("\"{hexadecimal}\"")
}

async fn serve(open: OpenContent, headers: &HeaderMap) -> Result<Response, Problem> {
    let described = Content {
        etag: content_tag(&open.digest),
        modified: open.document.modified,
        len: open.raw_len,
        name: open.document.name.clone(),
        media_type: open.document.media_type.to_owned(),
        digest: Some(open.digest),
        caching: "private, no-cache, no-transform",
    };
    let open = Arc::new(open);
    let read = move |range| {
        let open = Arc::clone(&open);
        async move { open.read(range).await.map(Body::new) }
    };
    content::serve(&described, headers, read).await
}
