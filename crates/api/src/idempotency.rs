//! `Idempotency-Key`: a call that makes something may be repeated until its answer arrives, and makes one thing.
//!
//! Only successes are kept: a failed call changed nothing, so its key counts as unused.

use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Api;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use holdall_services::{Begun, KeyedCall, Running};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest body that is kept; a longer answer is given again without its body.
const MOST_KEPT: usize = 64 << 10;
/// The headers that are kept.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, ETAG];

/// An answer as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    headers: Vec<(String, String)>,
    body: String,
}

/// Does a POST with a key once. Without a key, or without a session, the call goes on as it is.
pub(crate) async fn once(State(api): State<Api>, request: Request, next: Next) -> Result<Response, Problem> {
    let key = request.headers().get(IDEMPOTENCY_KEY).cloned();
    // Logging in makes a session each time; uploads have offsets of their own.
    let path = request.uri().path();
    let is_covered =
        request.method() == Method::POST && !path.ends_with("/sessions") && !path.ends_with("/uploads");
    let Some(key) = key.filter(|_| is_covered) else {
        return Ok(next.run(request).await);
    };
    let key = read_key(&key)?;
    let (mut parts, body) = request.into_parts();
    let Ok(signed) = Signed::from_request_parts(&mut parts, &api).await else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let Ok(body) = to_bytes(body, api.options.body_limit).await else {
        let kind = (
            "unreadable-body",
            "Unreadable body",
            StatusCode::PAYLOAD_TOO_LARGE,
        );
        return Err(Problem::new(
            kind,
            format!("at most {} bytes", api.options.body_limit),
            None,
        ));
    };
    let route = parts.uri.path_and_query().map_or("", |route| route.as_str());
    let call = KeyedCall {
        key: &key,
        route,
        body: &body,
    };
    match api.services.answers.begin(&signed.caller, call).await? {
        Begun::Fresh(running) => {
            let request = Request::from_parts(parts, Body::from(body));
            // To its end even when the client goes away, which is what a key is for.
            let done = tokio::spawn(async move { keep(running, next.run(request).await).await });
            done.await.map_err(holdall_services::Failure::internal)?
        }
        Begun::Done(status, kept) => replay(status, &kept),
        Begun::Mismatch => Err(mismatch()),
        Begun::Running => Err(in_progress()),
    }
}

/// Keeps a success, and lets a failed call be made again.
async fn keep(running: Running, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        running.release().await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(holdall_services::Failure::internal)?;
    let kept = Answer {
        headers: KEPT
            .iter()
            .filter_map(|name| pair(name, parts.headers.get(name)?))
            .collect(),
        body: short_text(&body),
    };
    let kept = serde_json::to_vec(&kept).map_err(holdall_services::Failure::internal)?;
    running.finish(parts.status.as_u16(), &kept).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn pair(name: &HeaderName, value: &HeaderValue) -> Option<(String, String)> {
    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
}

fn short_text(body: &Bytes) -> String {
    let short = Some(body).filter(|body| body.len() <= MOST_KEPT);
    short
        .map(|body| String::from_utf8_lossy(body).into_owned())
        .unwrap_or_default()
}

fn replay(status: u16, kept: &[u8]) -> Result<Response, Problem> {
    let kept: Answer = serde_json::from_slice(kept).map_err(holdall_services::Failure::internal)?;
    let status = StatusCode::from_u16(status).map_err(holdall_services::Failure::internal)?;
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    for (name, value) in &kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn read_key(value: &HeaderValue) -> Result<String, Problem> {
    let bounds = 1..=255;
    let visible = value.as_bytes().iter().all(u8::is_ascii_graphic) && bounds.contains(&value.len());
    let text = value.to_str().ok().filter(|_| visible);
    text.map(str::to_owned)
        .ok_or_else(|| Problem::malformed("1 to 255 visible ASCII characters", Some("Idempotency-Key")))
}

fn mismatch() -> Problem {
    let kind = (
        "idempotency-mismatch",
        "Key used before",
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    Problem::new(
        kind,
        "the key came with another body before",
        Some("Idempotency-Key"),
    )
}

fn in_progress() -> Problem {
    let kind = ("idempotency-in-progress", "Still running", StatusCode::CONFLICT);
    Problem::new(
        kind,
        "the call with this key is running; try again",
        Some("Idempotency-Key"),
    )
}
