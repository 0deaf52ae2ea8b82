//! The native HTTP API: JSON to ask with, byte ranges to fetch with, problem+json when something is wrong.
//!
//! The edge translates; what happens is decided in `holdall_services`.

mod conditions;
mod disposition;
mod instants;
mod json;
mod problem;
mod range;
mod resources;
mod signed;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use holdall_services::Services;
use problem::Problem;
use resources::{downloads, sessions};

/// How the API behaves.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// The longest JSON body in bytes; a longer one is refused with 413.
    pub body_limit: usize,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self { body_limit: 16 << 20 }
    }
}

/// The routes below `/api/v1` and `/healthz`. Addresses of callers come from axum's `ConnectInfo` when it is there.
pub fn router(services: Services, options: &ApiOptions) -> Router {
    let api = Router::new()
        .route("/sessions", post(sessions::create))
        .route("/sessions/current", delete(sessions::delete))
        .route("/downloads", post(downloads::create))
        .route("/downloads/{id}", get(downloads::show).delete(downloads::delete))
        .route("/downloads/{id}/content", get(downloads::content))
        .fallback(async || Problem::no_route());
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .nest("/api/v1", api)
        .layer(DefaultBodyLimit::max(options.body_limit))
        .with_state(services)
}
