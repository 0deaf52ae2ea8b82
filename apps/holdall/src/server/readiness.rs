//! `/readyz`: whether this server should get requests.

use super::answer::problem;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use holdall_model::Stopwatch;
use holdall_services::{Ailment, Services};
use http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long an answer is given again.
const CACHED: Duration = Duration::from_secs(2);

/// Whether the server is about to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draining(Arc<AtomicBool>);

impl Draining {
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// When the house was last examined, and what was wrong.
type Finding = (Stopwatch, Vec<Ailment>);

/// What is known of the house.
#[derive(Clone)]
struct Readiness {
    services: Services,
    draining: Draining,
    last: Arc<Mutex<Option<Finding>>>,
}

/// The route.
pub(crate) fn route(services: Services, draining: Draining) -> Router {
    let readiness = Readiness {
        services,
        draining,
        last: Arc::default(),
    };
    Router::new().route("/readyz", get(show)).with_state(readiness)
}

async fn show(State(readiness): State<Readiness>) -> Response {
    const NOT_READY: (StatusCode, &str, &str) = (StatusCode::SERVICE_UNAVAILABLE, "not-ready", "Not ready");
    if readiness.draining.has_begun() {
        return problem(NOT_READY, "the server is about to stop");
    }
    let ailments = readiness.examine().await;
    if ailments.is_empty() {
        return "ready\n".into_response();
    }
    let told: Vec<String> = ailments.iter().map(ToString::to_string).collect();
    problem(NOT_READY, &told.join("; "))
}

impl Readiness {
    /// What is wrong. Askers at the same time share one examination.
    async fn examine(&self) -> Vec<Ailment> {
        let mut last = self.last.lock().await;
        if let Some((since, ailments)) = &*last
            && since.elapsed() < CACHED
        {
            return ailments.clone();
        }
        let ailments = self.services.health.examine().await;
        *last = Some((Stopwatch::start(), ailments.clone()));
        ailments
    }
}
