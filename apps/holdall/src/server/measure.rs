//! `/metrics`: what the server counts, in Prometheus' text format, for this machine or whoever has the token.

use super::answer::problem;
use axum::Extension;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;

/// Seconds: from a lookup in memory to a download that takes an afternoon.
const SECONDS: &[f64] = &[
    0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0, 3600.0,
];

/// Who may read the numbers besides this machine; kept as a digest.
#[derive(Clone)]
pub(crate) struct MetricsToken([u8; 32]);

impl MetricsToken {
    pub(crate) fn new(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// Whether the request bears the token. Digests are compared, so the time taken tells nothing of the token.
    fn is_borne_by(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let borne = value.and_then(|value| value.split_once(' '));
        borne.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && Self::new(token).0 == self.0
        })
    }
}

impl std::fmt::Debug for MetricsToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MetricsToken")
    }
}

/// The numbers.
#[derive(Clone)]
pub(crate) struct Measures {
    handle: PrometheusHandle,
    process: Arc<Collector>,
    token: Option<MetricsToken>,
}

impl Measures {
    /// Starts counting, for the whole process; a second time is an error.
    pub(crate) fn start(token: Option<MetricsToken>) -> Result<Self, BuildError> {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, SECONDS)?
            .install_recorder()?;
        describe();
        metrics::gauge!("holdall_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Self {
            handle,
            process: Arc::default(),
            token,
        })
    }

    /// Lets numbers settle that nobody asks for, so that they take no more memory than those that somebody does.
    pub(crate) fn settle(&self) {
        self.handle.run_upkeep();
    }

    /// The route.
    pub(crate) fn route(self) -> Router {
        Router::new().route("/metrics", get(show)).with_state(self)
    }

    fn render(&self) -> String {
        self.process.collect();
        self.handle.run_upkeep();
        self.handle.render()
    }
}

async fn show(
    State(measures): State<Measures>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let here =
        address.is_some_and(|Extension(ConnectInfo(address))| address.ip().to_canonical().is_loopback());
    let allowed = match &measures.token {
        Some(token) => token.is_borne_by(&headers),
        None => here,
    };
    if !allowed {
        // To others it looks as if there were no such address.
        return problem(
            (StatusCode::NOT_FOUND, "not-found", "Not found"),
            "nothing is at this address",
        );
    }
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        measures.render(),
    )
        .into_response()
}

fn describe() {
    use metrics::{describe_counter as counter, describe_gauge as gauge, describe_histogram as histogram};
    Collector::default().describe();
    counter!(
        "holdall_requests_total",
        "Requests answered, by route, method and status."
    );
    counter!(
        "holdall_sent_bytes_total",
        "Bytes of bodies sent, by route and method."
    );
    histogram!(
        "holdall_request_seconds",
        "From the request to the last byte of its answer."
    );
    gauge!("holdall_requests_in_flight", "Requests being answered.");
    gauge!("holdall_downloads_in_flight", "Downloads being sent.");
    counter!(
        "holdall_connections_refused_total",
        "Connections closed at once, because there were too many."
    );
    counter!(
        "holdall_connections_stalled_total",
        "Connections cut, because the client took nothing."
    );
    counter!(
        "holdall_bodies_too_slow_total",
        "Requests cut, because their body came too slowly."
    );
    counter!("holdall_staged_total", "Archives staged.");
    histogram!("holdall_staging_seconds", "What staging an archive took.");
    counter!(
        "holdall_stored_total",
        "Documents and versions that came in by upload."
    );
    counter!("holdall_received_bytes_total", "Bytes of uploads made durable.");
    counter!("holdall_sign_in_failures_total", "Refused attempts to sign in.");
    histogram!(
        "holdall_storage_read_seconds",
        "Reads of stored content that had to wait."
    );
    counter!(
        "holdall_storage_errors_total",
        "Reads of stored content that failed."
    );
    histogram!(
        "holdall_catalog_seconds",
        "Transactions with their waiting, by kind."
    );
    gauge!("holdall_build_info", "The version that runs.");
}
