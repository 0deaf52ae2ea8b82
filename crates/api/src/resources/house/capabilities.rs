//! `/api/v1/capabilities`: what the server can do, before anybody signs in.

use crate::json;
use crate::openapi::Refused;
use crate::state::{Api, Routes};
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{CallLimits, Capabilities};
use http::HeaderMap;
use utoipa_axum::routes;

/// What there is besides the resources themselves.
const FEATURES: [&str; 6] = [
    "conditions",
    "idempotency-keys",
    "links",
    "manifests",
    "ranges",
    "tus",
];

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(show))
}

/// What the server can do; without a session
#[utoipa::path(get, path = "/capabilities", operation_id = "showCapabilities", tag = "Server", security(()),
    responses(
        (status = 200, body = Capabilities, description = "Version, formats, limits and features."),
        (status = 304, description = "The caller has it."),
        Refused<500>,
    ))]
async fn show(State(api): State<Api>, headers: HeaderMap) -> Response {
    let capabilities = Capabilities {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        formats: vec!["zip".to_owned()],
        limits: CallLimits {
            page: crate::input::MOST,
            put_bytes: api.options.put_limit,
            body_bytes: u64::try_from(api.options.body_limit).unwrap_or(u64::MAX),
        },
        features: FEATURES.map(str::to_owned).into(),
    };
    json::tagged(&headers, &capabilities)
}
