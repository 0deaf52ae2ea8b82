//! Answers of the server itself, in the form that the API's problems have (RFC 9457).

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;

/// A problem: its status, the last segment of its type and its title; and what is to be said of this time.
pub(crate) fn problem((status, name, title): (StatusCode, &str, &str), detail: &str) -> Response {
    let body = json!({
        "type": format!("/problems/{name}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
    });
    let headers = [
        (CONTENT_TYPE, "application/problem+json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}
