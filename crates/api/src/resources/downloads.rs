//! `/api/v1/downloads`: stage archives and fetch them, whole or by ranges.

use crate::content::{self, Content};
use crate::input::JsonBody;
use crate::json::set;
use crate::openapi::{Refusals, Refused};
use crate::problem::{self, Problem};
use crate::signed::Signed;
use crate::state::Routes;
use crate::{instants, json};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use holdall_api_types::{Download, Headroom, Mode, Rename, StageDownload, StagedDownload, StagingLimits};
use holdall_model::{Guid, ItemRef};
use holdall_services::{DownloadBody, Failure, OnTrouble, OpenDownload, Preview, Services, StageOptions};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use std::sync::Arc;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create))
        .routes(routes!(show, delete))
        .routes(routes!(content))
}

/// Stage an archive: 201 with where its content is, or 200 for a dry run
#[utoipa::path(post, path = "/downloads", operation_id = "stageDownload", tag = "Downloads",
    request_body = StageDownload,
    responses(
        (status = 200, body = StagedDownload, description = "A dry run: what the archive would be."),
        (status = 201, body = StagedDownload, description = "The archive is staged; Location is the download."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>, Refused<429>, Refused<507>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    JsonBody(asked): JsonBody<StageDownload>,
) -> Result<Response, Problem> {
    let items: Vec<_> = asked.items.iter().map(|item| ItemRef::parse(item)).collect();
    let on_trouble = match asked.mode {
        Mode::Strict => OnTrouble::Fail,
        Mode::Partial => OnTrouble::Skip,
    };
    let options = StageOptions {
        on_trouble,
        name: asked.name,
        queue: asked.queue,
    };
    if asked.dry_run {
        let preview = services.staging.preview(&signed.caller, &items, &options).await?;
        return Ok(json::answer(StatusCode::OK, &describe(preview)));
    }
    let staged = services.staging.stage(&signed.caller, &items, &options).await?;
    let id = staged.handle.reveal();
    let (expires, ends) = (instants::format(staged.expires), instants::format(staged.ends));
    let described = StagedDownload {
        content_url: Some(url_of(&id, "/content")),
        status_url: Some(url_of(&id, "/status")),
        manifest_url: Some(url_of(&id, "/manifest")),
        expires: Some(expires),
        ends: Some(ends),
        id: Some(id.clone()),
        ..describe(staged.into_preview())
    };
    let mut response = json::answer(StatusCode::CREATED, &described);
    set(response.headers_mut(), LOCATION, &url_of(&id, ""));
    Ok(response)
}

/// What a download is and how long it lasts
#[utoipa::path(get, path = "/downloads/{id}", operation_id = "showDownload", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses((status = 200, body = Download, description = "The download."), Refusals, Refused<404>, Refused<410>))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    let id = read_id(&id)?.reveal();
    let download = Download {
        content_url: url_of(&id, "/content"),
        status_url: url_of(&id, "/status"),
        manifest_url: url_of(&id, "/manifest"),
        id,
        number: open.number().0,
        name: open.file_name().to_owned(),
        length: open.content_len(),
        entries: open.entries(),
        etag: open.etag().to_owned(),
        created: instants::format(open.modified()),
        expires: instants::format(open.expires()),
        ends: instants::format(open.ends()),
    };
    Ok(json::answer(StatusCode::OK, &download))
}

/// End a download: 204, also when there is none or it is somebody else's
#[utoipa::path(delete, path = "/downloads/{id}", operation_id = "deleteDownload", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses((status = 204, description = "The download has ended."), Refusals))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if let Some(handle) = Guid::parse(&id) {
        services.downloads.forget(&signed.caller, &handle).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The bytes of a download: whole, one range or several
///
/// Several ranges come as `multipart/byteranges`. Ranges that overlap or nearly touch become one; more than 32 of them, or more
/// bytes than there are, are answered with everything.
#[utoipa::path(get, path = "/downloads/{id}/content", operation_id = "readDownload", tag = "Downloads",
    params(
        ("id" = String, Path, description = "The download's id."),
        ("Range" = Option<String>, Header, description = "Ranges of bytes."),
    ),
    responses(
        (status = 200, body = String, content_type = "application/zip", description = "All bytes."),
        (status = 206, body = String, content_type = "application/zip", description = "The range, or the ranges."),
        (status = 304, description = "The caller has it."),
        (status = 412, description = "It is not what If-Match wants."),
        (status = 416, description = "No byte of the range is in the content."),
        Refusals, Refused<404>, Refused<410>,
    ))]
async fn content(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    serve(open, &headers).await
}

/// Answers with the bytes of an open download.
pub(super) async fn serve(open: OpenDownload, headers: &HeaderMap) -> Result<Response, Problem> {
    serve_holding(open, headers, ()).await
}

/// As [`serve`]; `held` is dropped when no byte of the answer is sent any more.
pub(super) async fn serve_holding<H: Send + Sync + 'static>(
    open: OpenDownload,
    headers: &HeaderMap,
    held: H,
) -> Result<Response, Problem> {
    let content = Content {
        etag: open.etag().to_owned(),
        modified: open.modified(),
        len: open.content_len(),
        name: open.file_name().to_owned(),
        media_type: open.content_type().to_owned(),
        digest: open.digest(),
        caching: "private, no-transform",
    };
    let held = Arc::new(held);
    let read = move |range| {
        let held = Arc::clone(&held);
        let holding = move |body: DownloadBody| {
            Body::new(body.map_frame(move |frame| {
                let _ = &held;
                frame
            }))
        };
        std::future::ready(open.read(range).map(holding))
    };
    content::serve(&content, headers, read).await
}

pub(super) async fn open(services: &Services, signed: &Signed, id: &str) -> Result<OpenDownload, Problem> {
    Ok(services.downloads.open(&signed.caller, &read_id(id)?).await?)
}

/// What is no GUID names no download.
pub(super) fn read_id(id: &str) -> Result<Guid, Problem> {
    Guid::parse(id).ok_or_else(|| Failure::NoSuchDownload.into())
}

/// The address of a download, or of what is below it.
fn url_of(id: &str, below: &str) -> String {
    format!("/api/v1/downloads/{id}{below}")
}

fn describe(preview: Preview) -> StagedDownload {
    let renamed = preview.renamed.into_iter().map(|renamed| Rename {
        path: renamed.path,
        name: renamed.name,
    });
    let headroom = |limit: Option<u64>, asked: u64| {
        limit.map(|limit| Headroom {
            limit,
            asked,
            left: limit.saturating_sub(asked),
        })
    };
    let limits = StagingLimits {
        documents: headroom(preview.limits.documents, preview.documents),
        raw_bytes: headroom(preview.limits.raw_len, preview.raw_len),
    };
    StagedDownload {
        id: None,
        content_url: None,
        status_url: None,
        manifest_url: None,
        expires: None,
        ends: None,
        raw_length: preview.raw_len,
        limits,
        name: preview.file_name,
        length: preview.content_len,
        entries: preview.entries,
        documents: preview.documents,
        etag: preview.etag,
        skipped: preview.skips.iter().map(problem::skip).collect(),
        renamed: renamed.collect(),
    }
}
