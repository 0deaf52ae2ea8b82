//! The only place where stores, services and edges meet.

use crate::config::{Compat, HouseConfig, LogFormat, ServeConfig};
use crate::console;
use anyhow::Context as _;
use axum::Router;
use holdall_api::ApiOptions;
use holdall_asmx::AsmxOptions;
use holdall_blobs::{BlobOptions, Blobs};
use holdall_catalog::{Catalog, CatalogOptions};
use holdall_model::SystemClock;
use holdall_services::{ServiceOptions, Services};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The name of the account that the first start makes.
const FIRST_ADMINISTRATOR: &str = "admin";

/// Opens the house in a data directory, which is made when absent and is readable by its owner only.
pub(crate) async fn open(config: &HouseConfig) -> anyhow::Result<Services> {
    open_with(config, ServiceOptions::new(config.data.clone())).await
}

/// As [`open`], with what is said of serving it.
pub(crate) async fn open_to_serve(config: &ServeConfig) -> anyhow::Result<Services> {
    let options = ServiceOptions {
        trusted_password: config.trusted_password.clone(),
        only_own_libraries: config.only_own_libraries,
        downloads_at_once: config.network.downloads_per_user,
        egress_limit: config.network.egress_limit,
        least_free_len: config.network.least_free_len,
        ..ServiceOptions::new(config.house.data.clone())
    };
    open_with(&config.house, options).await
}

async fn open_with(config: &HouseConfig, options: ServiceOptions) -> anyhow::Result<Services> {
    make_private(&config.data)
        .with_context(|| format!("cannot use {} as data directory", config.data.display()))?;
    let catalog = Catalog::open(match &config.database {
        Some(url) => CatalogOptions::Postgres { url: url.clone() },
        None => CatalogOptions::Sqlite {
            path: config.data.join("catalog.sqlite"),
        },
    })
    .context("cannot open the catalog")?;
    let blobs = Blobs::open(&config.data.join("blobs"), BlobOptions::default())
        .context("cannot open the blob store")?;
    Ok(Services::open(catalog, blobs, Arc::new(SystemClock), options).await?)
}

/// Makes the first administrator when there is none, and tells its password, which is not stored anywhere.
pub(crate) async fn ensure_administrator(services: &Services) -> anyhow::Result<()> {
    if services.sessions.first_administrator().await?.is_some() {
        return Ok(());
    }
    let password = generate_password()?;
    services
        .people
        .create_administrator(FIRST_ADMINISTRATOR, &password)
        .await?;
    console::say(&format!(
        "first administrator: {FIRST_ADMINISTRATOR}\npassword (shown once): {password}"
    ));
    Ok(())
}

/// Twenty-three letters and digits without look-alikes: 115 random bits.
pub(crate) fn generate_password() -> anyhow::Result<String> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 23];
    getrandom::fill(&mut bytes)?;
    Ok(bytes
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|&letter| char::from(letter))
        .collect())
}

/// All edges on one router.
pub(crate) fn router(services: &Services, public_url: Option<String>, compat: Compat) -> Router {
    holdall_asmx::router(
        services.clone(),
        AsmxOptions {
            public_url,
            documented_roots: compat == Compat::Documented,
            ..AsmxOptions::default()
        },
    )
    .merge(holdall_api::router(services.clone(), &ApiOptions::default()))
}

/// Logs go to standard error, so that standard output stays for what commands say.
pub(crate) fn start_logging(config: &HouseConfig) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).context("log is not a valid filter")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start logging: {error}"))
}

fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}
