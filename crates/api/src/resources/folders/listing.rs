//! What lies in a folder, page by page.

use super::super::shown;
use crate::input::{Cursor, FolderAt, PageQuery, QueryOf};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Item, Page, TreeFolder};
use holdall_services::{ContentsWanted, Position, Services};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(children)).routes(routes!(tree))
}

/// Which items are listed.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Folder,
    Document,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct KindQuery {
    /// Only folders, or only documents.
    #[param(required = false, nullable = false, inline)]
    kind: Option<Kind>,
}

/// A [`Position`] as cursors hold it.
#[derive(Debug, Serialize, Deserialize)]
enum Behind {
    #[serde(rename = "f")]
    Folder(String),
    #[serde(rename = "d")]
    Document(String),
}

/// What lies directly in a folder: folders by name, then documents by name
#[utoipa::path(get, path = "/folders/{id}/children", operation_id = "listChildren", tag = "Folders",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), PageQuery, KindQuery),
    responses((status = 200, body = Page<Item>, description = "A page of items."), Refusals, Refused<404>))]
async fn children(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    QueryOf(query): QueryOf<PageQuery>,
    QueryOf(KindQuery { kind }): QueryOf<KindQuery>,
) -> Result<Response, Problem> {
    let listing = format!("children {}", id.0);
    let after = query.position(&listing)?.map(|behind| match behind {
        Behind::Folder(name) => Position::Folder(name),
        Behind::Document(name) => Position::Document(name),
    });
    let wanted = ContentsWanted {
        folders: kind != Some(Kind::Document),
        documents: kind != Some(Kind::Folder),
        after,
        most: query.limit,
    };
    let contents = services.folders.contents(&signed.caller, id, wanted).await?;
    let next = contents.next.map(|position| match position {
        Position::Folder(name) => Behind::Folder(name),
        Position::Document(name) => Behind::Document(name),
    });
    let page = Page {
        items: shown::items(contents.described),
        next: next.map(|behind| Cursor::text(&listing, behind)).transpose()?,
    };
    Ok(json::answer(StatusCode::OK, &page))
}

/// All folders below a folder, in the order of their paths
#[utoipa::path(get, path = "/folders/{id}/tree", operation_id = "listTree", tag = "Folders",
    params(("id" = i64, Path, minimum = 1, description = "The folder's id."), PageQuery),
    responses((status = 200, body = Page<TreeFolder>, description = "A page of folders."), Refusals, Refused<404>))]
async fn tree(
    State(services): State<Services>,
    signed: Signed,
    FolderAt(id): FolderAt,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let listing = format!("tree {}", id.0);
    let after: Vec<String> = query.position(&listing)?.unwrap_or_default();
    let tree = services
        .folders
        .tree_page(&signed.caller, id, (after, query.limit))
        .await?;
    let folders = tree.folders.into_iter();
    let page = Page {
        items: folders
            .map(|(depth, view)| TreeFolder {
                depth,
                folder: shown::folder(view),
            })
            .collect(),
        next: tree.next.map(|way| Cursor::text(&listing, way)).transpose()?,
    };
    Ok(json::answer(StatusCode::OK, &page))
}
