//! JSON answers.

use crate::conditions::{self, Validators, Verdict};
use crate::input::tag_of_bytes;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Serialize;

/// Everything but the unreserved characters of RFC 3986.
const NOT_IN_SEGMENTS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An answer that no cache may keep.
pub(crate) fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let Ok(text) = serde_json::to_vec(body) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    bytes_answer(status, text, "no-store")
}

/// An answer with a strong entity tag, which a cache must ask about before each use; 304 when the caller has it.
pub(crate) fn tagged(headers: &HeaderMap, body: &impl Serialize) -> Response {
    let Ok(text) = serde_json::to_vec(body) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let etag = tag_of_bytes(&text);
    let mut wanted = HeaderMap::new();
    for value in headers.get_all(IF_NONE_MATCH) {
        wanted.append(IF_NONE_MATCH, value.clone());
    }
    let validators = Validators {
        etag: &etag,
        modified: 0,
    };
    let mut response = match conditions::judge(&wanted, &validators) {
        Verdict::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Proceed | Verdict::Failed => bytes_answer(StatusCode::OK, text, ""),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    set(headers, ETAG, &etag);
    response
}

/// What was made or changed, with its entity tag; where it is, if it is new.
pub(crate) fn changed(status: StatusCode, body: &impl Serialize, location: Option<&str>) -> Response {
    let Ok(text) = serde_json::to_vec(body) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let etag = tag_of_bytes(&text);
    let mut response = bytes_answer(status, text, "no-store");
    set(response.headers_mut(), ETAG, &etag);
    if let Some(location) = location {
        set(response.headers_mut(), LOCATION, location);
    }
    response
}

/// A name as one segment of an address.
pub(crate) fn segment(name: &str) -> String {
    percent_encode(name.as_bytes(), NOT_IN_SEGMENTS).to_string()
}

/// Sets a header whose value is made of printable ASCII only; anything else would be a defect and is left out.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn bytes_answer(status: StatusCode, text: Vec<u8>, caching: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
