//! The HTTP server: listening, with or without TLS, limits on time and room, what is told of requests, and stopping without cutting
//! downloads short.

mod answer;
pub(crate) mod connections;
mod line;
pub(crate) mod measure;
mod observe;
pub(crate) mod pace;
mod readiness;
mod request_id;
#[cfg(test)]
mod tests;
pub(crate) mod tls;

use crate::config::NetworkConfig;
use anyhow::Context as _;
use axum::Router;
use axum::middleware::{from_fn, map_request};
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use connections::Door;
use holdall_services::Services;
use measure::Measures;
use readiness::Draining;
use std::future::ready;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tls::TlsFiles;
use tower_http::catch_panic::CatchPanicLayer;

/// The most headers of a request.
const MOST_HEADERS: usize = 128;

/// How often numbers settle that nobody asks for.
const SETTLE: Duration = Duration::from_secs(30);

/// A bound server that does not accept yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    draining: Draining,
    tls: Option<(TlsFiles, RustlsConfig)>,
    config: NetworkConfig,
}

impl Server {
    /// Reads the certificate, if there is one, and binds `listen`, for example `127.0.0.1:8080`; port 0 takes a free one.
    pub(crate) fn bind(listen: &str, config: NetworkConfig) -> anyhow::Result<Self> {
        let tls = config.tls.clone().map(load).transpose()?;
        let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            handle: Handle::new(),
            draining: Draining::default(),
            tls,
            config,
        })
    }

    /// The address that was bound.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as clients of this machine use it.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Stops the server when called: it is no longer ready, takes no new connections, and running answers get the drain time.
    pub(crate) fn stopper(&self) -> impl Fn() + Send + 'static {
        let (handle, draining, drain) = (self.handle.clone(), self.draining.clone(), self.config.drain);
        move || {
            draining.begin();
            handle.graceful_shutdown(Some(drain));
        }
    }

    /// Serves until stopped.
    pub(crate) async fn run(self, router: Router, services: Services) -> anyhow::Result<()> {
        let measures = Measures::start(self.config.metrics_token.clone())?;
        let settling = tokio::spawn(settle(measures.clone()));
        let router = router
            .merge(readiness::route(services, self.draining.clone()))
            .merge(measures.route());
        let service = dressed(router, &self.config).into_make_service_with_connect_info::<SocketAddr>();
        let door = Door::new(self.config.connections);
        let mut server = axum_server::from_tcp(self.listener)?
            .first_request_timeout(self.config.head_timeout)
            .accept_error_handler(
                |_address, problem| tracing::debug!(%problem, "a connection was not accepted"),
            )
            .http1_only()
            .handle(self.handle);
        server
            .http_builder()
            .http1()
            .header_read_timeout(self.config.head_timeout)
            .max_headers(MOST_HEADERS)
            .max_buf_size(self.config.max_head);
        match self.tls {
            None => server.acceptor(door).serve(service).await?,
            Some((files, config)) => {
                let refreshing = tokio::spawn(tls::keep_fresh(files, config.clone()));
                let acceptor = RustlsAcceptor::new(config).acceptor(door);
                server.acceptor(acceptor).serve(service).await?;
                refreshing.abort();
            }
        }
        settling.abort();
        Ok(())
    }
}

fn load(files: TlsFiles) -> anyhow::Result<(TlsFiles, RustlsConfig)> {
    let config = RustlsConfig::from_config(files.load()?);
    Ok((files, config))
}

/// The routes with all that is done around each request.
fn dressed(router: Router, config: &NetworkConfig) -> Router {
    let pace = config.pace;
    router
        .layer(map_request(move |request| ready(pace::paced(pace, request))))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(observe::observe))
}

async fn settle(measures: Measures) {
    let mut ticks = tokio::time::interval(SETTLE);
    loop {
        ticks.tick().await;
        measures.settle();
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
