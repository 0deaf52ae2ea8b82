//! `holdall serve`: open the house, listen, keep it tidy, stop in order.

use crate::arguments::Serve;
use crate::config::ServeConfig;
use crate::server::{Server, stop_signal};
use crate::{assemble, console};
use holdall_services::Services;
use std::net::SocketAddr;
use std::time::Duration;

/// How often expired sessions, uploads and downloads are cleared away.
const UPKEEP_INTERVAL: Duration = Duration::from_mins(5);

/// Serves until Ctrl-C or a termination signal. Prints the address once it listens.
pub(crate) async fn run(serve: Serve) -> anyhow::Result<()> {
    let config = ServeConfig::load(serve)?;
    assemble::start_logging(&config.house)?;
    let services = assemble::open_to_serve(&config).await?;
    assemble::ensure_administrator(&services).await?;
    let is_plain = config.network.tls.is_none();
    let server = Server::bind(&config.listen, config.network)?;
    if is_plain {
        warn_when_exposed(server.address());
    }
    console::say(&format!("listening on {}", server.url()));
    let upkeep = tokio::spawn(keep_tidy(services.clone()));
    let stop = server.stopper();
    let stopping = tokio::spawn(async move {
        let signalled = stop_signal().await;
        stop();
        signalled
    });
    server
        .run(
            assemble::router(&services, config.public_url, config.compat),
            services.clone(),
        )
        .await?;
    upkeep.abort();
    services.logs.settle().await;
    stopping.abort();
    Ok(())
}

async fn keep_tidy(services: Services) {
    let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        ticks.tick().await;
        if let Err(failure) = services.upkeep.expire().await {
            tracing::warn!(%failure, "upkeep failed and will be tried again");
        }
    }
}

fn warn_when_exposed(address: SocketAddr) {
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "tickets and passwords travel unencrypted: give it a certificate (--tls-cert), or put a TLS proxy in front");
    }
}
