//! The HTTP server: listening, limits on time, logging of requests, and stopping without cutting downloads short.

use anyhow::Context as _;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::{TcpConfigAcceptor, TcpSocketConfig};
use http::Request;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

/// How long a client may take to send its request head, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running downloads may go on after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(30);

/// A bound server that does not accept yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    handle: Handle<SocketAddr>,
}

impl Server {
    /// Binds `listen`, for example `127.0.0.1:8080`; port 0 takes a free one.
    pub(crate) fn bind(listen: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            handle: Handle::new(),
        })
    }

    /// The address that was bound.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server when called: no new connections, running answers get [`DRAIN`].
    pub(crate) fn stopper(&self) -> impl Fn() + Send + 'static {
        let handle = self.handle.clone();
        move || handle.graceful_shutdown(Some(DRAIN))
    }

    /// Serves until stopped.
    pub(crate) async fn run(self, router: Router) -> anyhow::Result<()> {
        let service = router.layer(request_log()).layer(CatchPanicLayer::new());
        let mut server = axum_server::from_tcp(self.listener)?
            .acceptor(TcpConfigAcceptor::new(TcpSocketConfig::new().nodelay(true)))
            .first_request_timeout(HEAD_TIMEOUT)
            .handle(self.handle);
        server.http_builder().http1().header_read_timeout(HEAD_TIMEOUT);
        server
            .serve(service.into_make_service_with_connect_info::<SocketAddr>())
            .await?;
        Ok(())
    }
}

/// Waits for Ctrl-C or a termination signal.
pub(crate) async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// One line a request with method, path and status. The query is left out: it can hold tickets and passwords.
fn request_log() -> TraceLayer<
    tower_http::classify::SharedClassifier<tower_http::classify::ServerErrorsAsFailures>,
    impl Fn(&Request<axum::body::Body>) -> tracing::Span + Clone,
> {
    TraceLayer::new_for_http()
        .make_span_with(|request: &Request<axum::body::Body>| {
            tracing::debug_span!("request", method = %request.method(), path = route_of(request.uri().path()))
        })
        .on_response(DefaultOnResponse::new().level(Level::DEBUG))
}

/// The path with everything behind `/downloads/` and `/d/` left out, because download ids and links are secrets.
fn route_of(path: &str) -> &str {
    if path.starts_with("/d/") {
        return "/d";
    }
    path.find("/downloads/").map_or(path, |start| {
        path.get(..start + "/downloads".len()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::route_of;

    #[test]
    fn l10_download_ids_stay_out_of_the_log() {
        assert_eq!(
            route_of("/api/v1/downloads/30313233-3435/content"),
            "/api/v1/downloads"
        );
        assert_eq!(route_of("/d/c2VjcmV0/Plans.zip"), "/d");
        assert_eq!(route_of("/srv.asmx/LogOut"), "/srv.asmx/LogOut");
    }
}
