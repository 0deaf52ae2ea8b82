//! `/api/v1/downloads`: stage archives and fetch them, whole or by ranges.

use crate::conditions::{self, Validators, Verdict};
use crate::problem::{self, Problem};
use crate::range::{self, Asked};
use crate::signed::Signed;
use crate::{disposition, instants, json};
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use holdall_api_types::{Download, Mode, Rename, StageDownload, StagedDownload};
use holdall_model::{Guid, ItemRef};
use holdall_services::{Failure, OnTrouble, OpenDownload, Preview, Services, StageOptions};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::ops::Range;

/// `POST /api/v1/downloads`: 201 with where the content is, or 200 for a dry run.
pub(crate) async fn create(
    State(services): State<Services>,
    signed: Signed,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let asked: StageDownload = json::read(body)?;
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
    let url = content_url(&id);
    let expires = instants::format(staged.expires);
    let mut described = describe(staged.into_preview());
    described.id = Some(id);
    described.content_url = Some(url.clone());
    described.expires = Some(expires);
    let mut response = json::answer(StatusCode::CREATED, &described);
    set(response.headers_mut(), LOCATION, &url);
    Ok(response)
}

/// `GET /api/v1/downloads/{id}`: what the download is and how long it lasts.
pub(crate) async fn show(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    let id = read_id(&id)?.reveal();
    let download = Download {
        content_url: content_url(&id),
        id,
        name: open.file_name().to_owned(),
        length: open.content_len(),
        entries: open.entries(),
        etag: open.etag().to_owned(),
        expires: instants::format(open.expires()),
    };
    Ok(json::answer(StatusCode::OK, &download))
}

/// `DELETE /api/v1/downloads/{id}`: 204, also when there is none or it is somebody else's.
pub(crate) async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if let Some(handle) = Guid::parse(&id) {
        services.downloads.forget(&signed.caller, &handle).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `GET` and `HEAD /api/v1/downloads/{id}/content`: the bytes, whole or one range of them.
pub(crate) async fn content(
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

async fn open(services: &Services, signed: &Signed, id: &str) -> Result<OpenDownload, Problem> {
    Ok(services.downloads.open(&signed.caller, &read_id(id)?).await?)
}

/// What is no GUID names no download.
fn read_id(id: &str) -> Result<Guid, Problem> {
    Guid::parse(id).ok_or_else(|| Failure::NoSuchDownload.into())
}

fn content_url(id: &str) -> String {
    format!("/api/v1/downloads/{id}/content")
}

/// Sets a header whose value is made of printable ASCII only; anything else would be a defect and is left out.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn describe(preview: Preview) -> StagedDownload {
    let renamed = preview.renamed.into_iter().map(|renamed| Rename {
        path: renamed.path,
        name: renamed.name,
    });
    StagedDownload {
        id: None,
        content_url: None,
        expires: None,
        name: preview.file_name,
        length: preview.content_len,
        entries: preview.entries,
        documents: preview.documents,
        etag: preview.etag,
        skipped: preview.skips.iter().map(problem::skip).collect(),
        renamed: renamed.collect(),
    }
}
