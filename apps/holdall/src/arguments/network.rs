//! The flags of the server towards its network, which are also the keys of the file's table `[server]`.

use clap::Args;
use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;

/// How the server meets its network.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NetworkFlags {
    /// A PEM file with the certificate and those between it and a root: serve TLS. Read again when it changes and by SIGHUP.
    #[arg(long, env = "HOLDALL_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// A PEM file with the certificate's private key.
    #[arg(long, env = "HOLDALL_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A secret for which anybody gets `/metrics`, as a bearer token; without it only this machine does.
    #[arg(
        long,
        env = "HOLDALL_METRICS_TOKEN",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub(crate) metrics_token: Option<Hidden>,
    /// Seconds that a client may take to send a request head, and that a connection may be idle [default: 30].
    #[arg(long, env = "HOLDALL_HEAD_TIMEOUT", value_name = "SECONDS")]
    pub(crate) head_timeout: Option<u64>,
    /// Seconds that a client may take none of the bytes sent to it [default: 120].
    #[arg(long, env = "HOLDALL_STALL_TIMEOUT", value_name = "SECONDS")]
    pub(crate) stall_timeout: Option<u64>,
    /// The fewest bytes that the body of a request must bring in each minute [default: 61440].
    #[arg(long, env = "HOLDALL_MIN_UPLOAD_RATE", value_name = "BYTES")]
    pub(crate) min_upload_rate: Option<u64>,
    /// The longest request head in bytes, at least 8192 [default: 131072].
    #[arg(long, env = "HOLDALL_MAX_HEAD", value_name = "BYTES")]
    pub(crate) max_head: Option<usize>,
    /// The most connections over all [default: 20000].
    #[arg(long, env = "HOLDALL_MAX_CONNECTIONS", value_name = "COUNT")]
    pub(crate) max_connections: Option<usize>,
    /// The most connections from one address; this machine, where a proxy may be, has no such limit [default: 1000].
    #[arg(long, env = "HOLDALL_MAX_CONNECTIONS_PER_ADDRESS", value_name = "COUNT")]
    pub(crate) max_connections_per_address: Option<usize>,
    /// The most downloads that are sent to one user at the same time [default: 64].
    #[arg(long, env = "HOLDALL_MAX_DOWNLOADS_PER_USER", value_name = "COUNT")]
    pub(crate) max_downloads_per_user: Option<usize>,
    /// Bytes in a second that all downloads share, each user alike however many connections they use [default: no limit].
    #[arg(long, env = "HOLDALL_EGRESS_LIMIT", value_name = "BYTES")]
    pub(crate) egress_limit: Option<u64>,
    /// Free bytes of the disk below which the server is not ready [default: 268435456].
    #[arg(long, env = "HOLDALL_MIN_FREE", value_name = "BYTES")]
    pub(crate) min_free: Option<u64>,
    /// Seconds that running answers get when the server stops [default: 30].
    #[arg(long, env = "HOLDALL_DRAIN", value_name = "SECONDS")]
    pub(crate) drain: Option<u64>,
}

/// A secret that shows nowhere.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hidden(String);

impl Hidden {
    /// The secret itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Hidden {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}
