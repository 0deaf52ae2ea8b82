//! `/api/v1/downloads`: stage archives and fetch them, whole or by ranges.

use crate::conditions::{self, Validators, Verdict};
use crate::input::JsonBody;
use crate::json::set;
use crate::openapi::{Refusals, Refused};
use crate::problem::{self, Problem};
use crate::range::{self, Asked};
use crate::signed::Signed;
use crate::state::Routes;
use crate::{disposition, instants, json};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use holdall_api_types::{Download, Headroom, Mode, Rename, StageDownload, StagedDownload, StagingLimits};
use holdall_model::{Guid, ItemRef};
use holdall_services::{Failure, OnTrouble, OpenDownload, Preview, Services, StageOptions};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::ops::Range;
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
    responses((status = 200, body = Download, description = "The download."), Refusals, Refused<404>))]
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

/// The bytes of a download, whole or one range of them
#[utoipa::path(get, path = "/downloads/{id}/content", operation_id = "readDownload", tag = "Downloads",
    params(
        ("id" = String, Path, description = "The download's id."),
        ("Range" = Option<String>, Header, description = "One range of bytes."),
    ),
    responses(
        (status = 200, body = String, content_type = "application/zip", description = "All bytes."),
        (status = 206, body = String, content_type = "application/zip", description = "The range."),
        (status = 304, description = "The caller has it."),
        (status = 412, description = "It is not what If-Match wants."),
        (status = 416, description = "No byte of the range is in the content."),
        Refusals, Refused<404>,
    ))]
async fn content(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    let validators = Validators {
        etag: open.etag(),
        modified: open.modified().seconds(),
    };
    match conditions::judge(&headers, &validators) {
        Verdict::Proceed => {}
        Verdict::NotModified => return Ok(bodiless(StatusCode::NOT_MODIFIED, &open)),
        Verdict::Failed => return Ok(bodiless(StatusCode::PRECONDITION_FAILED, &open)),
    }
    let asked = match headers.get(RANGE).and_then(|value| value.to_str().ok()) {
        Some(header) if conditions::range_applies(&headers, &validators) => {
            range::read(header, open.content_len())
        }
        _ => Asked::Whole,
    };
    match asked {
        Asked::Whole => serve(&open, StatusCode::OK, 0..open.content_len()),
        Asked::Part(range) => serve(&open, StatusCode::PARTIAL_CONTENT, range),
        Asked::Unsatisfiable => {
            let mut response = bodiless(StatusCode::RANGE_NOT_SATISFIABLE, &open);
            set(
                response.headers_mut(),
                CONTENT_RANGE,
                &format!("bytes */{}", open.content_len()),
            );
            Ok(response)
        }
    }
}

fn serve(open: &OpenDownload, status: StatusCode, range: Range<u64>) -> Result<Response, Problem> {
    let mut response = bodiless(status, open);
    let headers = response.headers_mut();
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        set(
            headers,
            CONTENT_RANGE,
            &format!("bytes {}-{last}/{}", range.start, open.content_len()),
        );
    }
    headers.insert(
        CONTENT_LENGTH,
        HeaderValue::from(range.end.saturating_sub(range.start)),
    );
    set(headers, CONTENT_TYPE, open.content_type());
    set(
        headers,
        CONTENT_DISPOSITION,
        &disposition::attachment(open.file_name()),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    *response.body_mut() = Body::new(open.read(range)?);
    Ok(response)
}

/// The headers that 200, 206, 304, 412 and 416 have in common.
fn bodiless(status: StatusCode, open: &OpenDownload) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    set(headers, ETAG, open.etag());
    set(
        headers,
        LAST_MODIFIED,
        &conditions::format_date(open.modified().seconds()),
    );
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-transform"));
    response
}

pub(super) async fn open(services: &Services, signed: &Signed, id: &str) -> Result<OpenDownload, Problem> {
    Ok(services.downloads.open(&signed.caller, &read_id(id)?).await?)
}

/// What is no GUID names no download.
fn read_id(id: &str) -> Result<Guid, Problem> {
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
