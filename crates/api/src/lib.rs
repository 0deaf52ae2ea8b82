//! The native HTTP API: JSON to ask with, byte ranges to fetch with, problem+json when something is wrong.
//!
//! The edge translates; what happens is decided in `holdall_services`.

mod conditions;
mod content;
mod disposition;
mod idempotency;
mod input;
mod instants;
mod json;
mod lines;
mod openapi;
mod problem;
mod range;
mod resources;
mod signed;
mod state;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use holdall_services::Services;
use problem::Problem;
use state::{Api, Routes};
use std::sync::Arc;

/// How the API behaves.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// The longest JSON body in bytes; a longer one is refused with 413.
    pub body_limit: usize,
    /// The longest document that one PUT may hold, in bytes; a longer one is refused with 413.
    pub put_limit: u64,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            body_limit: 16 << 20,
            put_limit: 64 << 20,
        }
    }
}

/// The routes below `/api`, and `/healthz`. Addresses of callers come from axum's `ConnectInfo` when it is there.
pub fn router(services: Services, options: &ApiOptions) -> Router {
    let limit = options.body_limit;
    let api = Api {
        services,
        options: Arc::new(options.clone()),
    };
    let (resources, mut description) = Routes::with_openapi(openapi::blank())
        .nest("/api/v1", resources::routes())
        .split_for_parts();
    openapi::describe_keys(&mut description);
    resources
        .merge(openapi::description(&description))
        .merge(openapi::pages())
        .merge(resources::public())
        .route("/api/{*rest}", axum::routing::any(async || Problem::no_route()))
        .route("/healthz", get(async || "ok\n"))
        .layer(axum::middleware::from_fn_with_state(
            api.clone(),
            idempotency::once,
        ))
        .layer(axum::middleware::map_response(problem::explain_method))
        .layer(DefaultBodyLimit::max(limit))
        .with_state(api)
}
