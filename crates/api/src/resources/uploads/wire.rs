//! The headers of the tus protocol, in and out.

use super::metadata::Metadata;
use crate::conditions::format_date;
use crate::problem::Problem;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdall_services::{Announcement, Checksum, ChecksumMethod, Failure, UploadState};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// The version of the protocol that is spoken.
pub(super) const VERSION: &str = "1.0.0";
/// The header with the version of a request or an answer.
pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
/// The header with all versions that are spoken.
pub(super) const KNOWN_VERSIONS: HeaderName = HeaderName::from_static("tus-version");
/// The header with the method that a POST stands for.
pub(super) const METHOD: HeaderName = HeaderName::from_static("x-http-method-override");

const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
const METHODS: &str = "sha1,sha256,crc32";
const PART: &str = "application/offset+octet-stream";
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const DEFERRED_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
const CONCATENATION: HeaderName = HeaderName::from_static("upload-concat");

/// 412, of another version than [`VERSION`].
pub(super) fn other_version() -> Problem {
    let kind = (
        "upload-version",
        "Other protocol version",
        StatusCode::PRECONDITION_FAILED,
    );
    Problem::new(
        kind,
        "the header Tus-Resumable must be 1.0.0",
        Some("Tus-Resumable"),
    )
}

/// 415, of a part that is not sent as one.
pub(super) fn other_content() -> Problem {
    let kind = (
        "media-type",
        "Other content type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    );
    Problem::new(
        kind,
        format!("the content type must be {PART}"),
        Some("Content-Type"),
    )
}

/// 405, of a POST that stands for no method of an upload.
pub(super) fn other_method() -> Problem {
    let kind = (
        "method-not-allowed",
        "Method not allowed",
        StatusCode::METHOD_NOT_ALLOWED,
    );
    let detail = "a POST needs X-HTTP-Method-Override: PATCH, HEAD or DELETE";
    Problem::new(kind, detail, Some("X-HTTP-Method-Override"))
}

/// A failure while a part came in; a wrong checksum has a status of the protocol's own.
pub(super) fn problem(failure: Failure) -> Problem {
    match (failure, StatusCode::from_u16(460)) {
        (Failure::ChunkMismatch, Ok(status)) => {
            let kind = ("checksum-mismatch", "Checksum mismatch", status);
            Problem::new(
                kind,
                "the bytes are not those of the checksum; they do not count",
                None,
            )
        }
        (other, _) => other.into(),
    }
}

/// The answer to `OPTIONS`.
pub(super) fn abilities(longest: u64) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(KNOWN_VERSIONS, HeaderValue::from_static(VERSION));
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert("tus-max-size", HeaderValue::from(longest));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static(METHODS));
    response
}

/// An answer that says how far an upload is, and what it became.
pub(super) fn progress(status: StatusCode, state: &UploadState) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(state.received_len));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(date) = HeaderValue::from_str(&format_date(state.expires.seconds())) {
        headers.insert(EXPIRES, date);
    }
    if let Some(stored) = &state.stored {
        headers.insert("holdall-document", HeaderValue::from(stored.document.0));
        headers.insert("holdall-version", HeaderValue::from(stored.version.0));
    }
    response
}

/// As [`progress`], with what was said at the beginning.
pub(super) fn whole_state(state: &UploadState) -> Response {
    let mut response = progress(StatusCode::OK, state);
    let headers = response.headers_mut();
    headers.insert(LENGTH, HeaderValue::from(state.total_len));
    if let Ok(note) = HeaderValue::from_str(&state.note) {
        headers.insert(METADATA, note);
    }
    response
}

/// Whether the body is a part of an upload.
pub(super) fn holds_part(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind == PART)
}

/// What a request announces.
pub(super) fn announcement(headers: &HeaderMap) -> Result<Announcement, Problem> {
    for (name, shown) in [
        (DEFERRED_LENGTH, "Upload-Defer-Length"),
        (CONCATENATION, "Upload-Concat"),
    ] {
        if headers.contains_key(name) {
            return Err(Problem::malformed(
                format!("{shown} is not supported"),
                Some(shown),
            ));
        }
    }
    let total_len = number(headers, (&LENGTH, "Upload-Length"))?;
    let metadata = Metadata::read(text(headers, (&METADATA, "Upload-Metadata"))?)?;
    Ok(Announcement {
        folder: metadata.folder()?,
        name: metadata.name()?,
        total_len,
        modified: metadata.modified()?,
        comment: metadata.comment(),
        note: metadata.raw,
    })
}

/// How many bytes the client believes are there.
pub(super) fn offset(headers: &HeaderMap) -> Result<u64, Problem> {
    number(headers, (&OFFSET, "Upload-Offset"))
}

/// The checksum of the part, if it has one.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Problem> {
    if !headers.contains_key(CHECKSUM) {
        return Ok(None);
    }
    let malformed = || {
        let detail = format!("must be one of {METHODS}, a blank and the checksum in base64");
        Problem::malformed(detail, Some("Upload-Checksum"))
    };
    let text = text(headers, (&CHECKSUM, "Upload-Checksum"))?;
    let (method, expected) = text.split_once(' ').ok_or_else(malformed)?;
    let (method, len) = match method {
        "sha1" => (ChecksumMethod::Sha1, 20),
        "sha256" => (ChecksumMethod::Sha256, 32),
        "crc32" => (ChecksumMethod::Crc32, 4),
        _ => return Err(malformed()),
    };
    let expected = STANDARD.decode(expected.trim()).map_err(|_broken| malformed())?;
    if expected.len() != len {
        return Err(malformed());
    }
    Ok(Some(Checksum { method, expected }))
}

fn number(headers: &HeaderMap, (name, shown): (&HeaderName, &str)) -> Result<u64, Problem> {
    let text = text(headers, (name, shown))?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text
        .parse::<u64>()
        .ok()
        .filter(|number| digits && i64::try_from(*number).is_ok());
    number.ok_or_else(|| {
        let detail = format!("{shown} must be a number from 0 to {}", i64::MAX);
        Problem::malformed(detail, Some(shown))
    })
}

fn text<'a>(headers: &'a HeaderMap, (name, shown): (&HeaderName, &str)) -> Result<&'a str, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| Problem::malformed(format!("the header {shown} is required"), Some(shown)))
}
