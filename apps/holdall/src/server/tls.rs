//! TLS: a certificate and its key from two PEM files, read again when they change or by SIGHUP. HTTP/1.1, TLS 1.2 and 1.3.

use anyhow::{Context as _, bail};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{SignalKind, signal};

/// How often it is looked whether the files changed.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// The certificate and those between it and a root, PEM.
    pub(crate) cert: PathBuf,
    /// The private key, PEM.
    pub(crate) key: PathBuf,
}

/// What tells that a file is another one: when it was written, and how long it is.
type Look = Option<(SystemTime, u64)>;

impl TlsFiles {
    /// Reads both files; says which of them is not right, and how.
    pub(crate) fn load(&self) -> anyhow::Result<Arc<ServerConfig>> {
        let chain = self.chain()?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .with_context(|| format!("{} holds no private key that can be read", self.key.display()))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .with_context(|| {
                let (cert, key) = (self.cert.display(), self.key.display());
                format!("the certificate in {cert} and the key in {key} do not go together")
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn chain(&self) -> anyhow::Result<Vec<CertificateDer<'static>>> {
        let unreadable = || format!("{} holds no certificate that can be read", self.cert.display());
        let chain: Vec<_> = CertificateDer::pem_file_iter(&self.cert)
            .with_context(unreadable)?
            .collect::<Result<_, _>>()
            .with_context(unreadable)?;
        if chain.is_empty() {
            bail!(unreadable());
        }
        Ok(chain)
    }

    fn look(&self) -> (Look, Look) {
        (look(&self.cert), look(&self.key))
    }
}

fn look(path: &Path) -> Look {
    let facts = fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// Reads the files again when they change and when the process gets SIGHUP; connections that come afterwards get what they hold.
/// Files that are not right change nothing.
pub(crate) async fn keep_fresh(files: TlsFiles, config: RustlsConfig) -> anyhow::Result<()> {
    let mut asked = signal(SignalKind::hangup())?;
    let mut ticks = tokio::time::interval(LOOK_AGAIN);
    let mut known = files.look();
    loop {
        let is_asked = tokio::select! {
            _ = asked.recv() => true,
            _ = ticks.tick() => false,
        };
        let found = files.look();
        if is_asked || found != known {
            known = found;
            read_again(&files, &config);
        }
    }
}

fn read_again(files: &TlsFiles, config: &RustlsConfig) {
    match files.load() {
        Ok(fresh) => config.reload_from_config(fresh),
        Err(problem) => return warn(&problem),
    }
    tracing::info!("the certificate was read again");
}

fn warn(problem: &anyhow::Error) {
    tracing::warn!(problem = %format!("{problem:#}"), "the certificate in use stays");
}
