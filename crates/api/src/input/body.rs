//! JSON bodies.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// A body that is the expected object. Fails with 413 above the limit, 415 for another media type and 400 for anything else; a
/// body without a media type is taken for JSON.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let kind = ("unreadable-body", "Unreadable body", rejection.status());
            Problem::new(kind, rejection.body_text(), None)
        })?;
        read(&bytes).map(Self)
    }
}

/// Names the field that is wrong, as a path through the object.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // An array of the fields' values would do as well otherwise.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::malformed("the body must be a JSON object", None));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = error.path().to_string();
        let detail = error.into_inner().to_string();
        Problem::malformed(detail, (field != ".").then_some(field.as_str()))
    })?;
    deserializer
        .end()
        .map_err(|error| Problem::malformed(error.to_string(), None))?;
    Ok(value)
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let essence = value.to_str().unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let kind = (
        "unsupported-media-type",
        "Unsupported media type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    );
    Err(Problem::new(kind, "the body must be application/json", None))
}
