//! The versions of a document.

use super::super::shown;
use crate::input::{DocumentAt, PageOf, PageQuery, QueryOf, VersionAt};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Page, Version};
use holdall_model::ItemRef;
use holdall_services::{Services, VersionView};
use http::{HeaderMap, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list))
        .routes(routes!(show, delete))
}

/// The versions of a document, oldest first
#[utoipa::path(get, path = "/documents/{id}/versions", operation_id = "listVersions", tag = "Versions",
    params(("id" = i64, Path, minimum = 1, description = "The document's id."), PageQuery),
    responses((status = 200, body = Page<Version>, description = "A page of versions."), Refusals, Refused<404>))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    DocumentAt(id): DocumentAt,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let all = services
        .documents
        .versions(&signed.caller, &ItemRef::Document(id))
        .await?;
    let key = |version: &VersionView| format!("{:020}", version.number.0);
    let page = PageOf::sorted(&query, &format!("versions {}", id.0), all, (key, shown::version))?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// One version of a document
#[utoipa::path(get, path = "/documents/{id}/versions/{number}", operation_id = "showVersion", tag = "Versions",
    params(
        ("id" = i64, Path, minimum = 1, description = "The document's id."),
        ("number" = i64, Path, minimum = 1, description = "The version's number."),
    ),
    responses(
        (status = 200, body = Version, description = "The version."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    VersionAt(id, number): VersionAt,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let item = ItemRef::Document(id);
    let found = services
        .documents
        .version(&signed.caller, &item, Some(number))
        .await?;
    Ok(json::tagged(&headers, &shown::version(found)))
}

/// Remove a version for good; the last one stays
#[utoipa::path(delete, path = "/documents/{id}/versions/{number}", operation_id = "deleteVersion", tag = "Versions",
    params(
        ("id" = i64, Path, minimum = 1, description = "The document's id."),
        ("number" = i64, Path, minimum = 1, description = "The version's number."),
    ),
    responses((status = 204, description = "It is gone."), Refusals, Refused<404>, Refused<409>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    VersionAt(id, number): VersionAt,
) -> Result<StatusCode, Problem> {
    let item = ItemRef::Document(id);
    services
        .documents
        .delete_version(&signed.caller, &item, number)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
