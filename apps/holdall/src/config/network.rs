//! How the server meets its network: what the flags and the file say, completed and checked.

use crate::arguments::{Hidden, NetworkFlags};
use crate::server::connections::ConnectionLimits;
use crate::server::measure::MetricsToken;
use crate::server::pace::Pace;
use crate::server::tls::TlsFiles;
use anyhow::{Context as _, bail, ensure};
use std::num::NonZeroU64;
use std::time::Duration;

/// The shortest secret that lets read the numbers, in characters.
const SHORTEST_TOKEN: usize = 16;

/// What the server needs to know of its network.
#[derive(Clone, Debug)]
pub(crate) struct NetworkConfig {
    /// Where certificate and key are; without them it is plain HTTP.
    pub(crate) tls: Option<TlsFiles>,
    /// Who may read the numbers besides this machine.
    pub(crate) metrics_token: Option<MetricsToken>,
    /// How long a client may take to send a request head, and how long an idle connection is kept.
    pub(crate) head_timeout: Duration,
    /// The longest request head in bytes.
    pub(crate) max_head: usize,
    /// How fast bodies of requests must come.
    pub(crate) pace: Pace,
    /// How many connections there may be.
    pub(crate) connections: ConnectionLimits,
    /// How many downloads are sent to one user at the same time.
    pub(crate) downloads_per_user: usize,
    /// Bytes in a second that all downloads share.
    pub(crate) egress_limit: Option<NonZeroU64>,
    /// Free bytes of the disk below which the server is not ready.
    pub(crate) least_free_len: u64,
    /// How long running answers may go on after a stop was asked for.
    pub(crate) drain: Duration,
}

impl NetworkConfig {
    /// The defaults.
    pub(crate) fn defaults() -> anyhow::Result<Self> {
        Self::merge(NetworkFlags::default(), NetworkFlags::default())
    }

    /// What the flags say, else the file, else the defaults.
    pub(crate) fn merge(flags: NetworkFlags, file: NetworkFlags) -> anyhow::Result<Self> {
        let tls = match (flags.tls_cert.or(file.tls_cert), flags.tls_key.or(file.tls_key)) {
            (None, None) => None,
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            _ => bail!("tls_cert and tls_key go together"),
        };
        let seconds = |flag: Option<u64>, file: Option<u64>, default| {
            Duration::from_secs(flag.or(file).unwrap_or(default).max(1))
        };
        let count = |flag: Option<usize>, file: Option<usize>, default| flag.or(file).unwrap_or(default);
        let max_head = count(flags.max_head, file.max_head, 128 << 10);
        ensure!(max_head >= 8192, "max_head is at least 8192");
        Ok(Self {
            tls,
            metrics_token: token(flags.metrics_token.or(file.metrics_token).as_ref())?,
            head_timeout: seconds(flags.head_timeout, file.head_timeout, 30),
            max_head,
            pace: Pace {
                least: flags.min_upload_rate.or(file.min_upload_rate).unwrap_or(61_440),
                window: Duration::from_mins(1),
            },
            connections: ConnectionLimits {
                most: count(flags.max_connections, file.max_connections, 20_000),
                most_per_address: count(
                    flags.max_connections_per_address,
                    file.max_connections_per_address,
                    1000,
                ),
                stall: seconds(flags.stall_timeout, file.stall_timeout, 120),
            },
            downloads_per_user: count(flags.max_downloads_per_user, file.max_downloads_per_user, 64),
            egress_limit: egress_limit(flags.egress_limit.or(file.egress_limit))?,
            least_free_len: flags.min_free.or(file.min_free).unwrap_or(256 << 20),
            drain: Duration::from_secs(flags.drain.or(file.drain).unwrap_or(30)),
        })
    }
}

fn token(secret: Option<&Hidden>) -> anyhow::Result<Option<MetricsToken>> {
    let Some(secret) = secret.map(Hidden::reveal) else {
        return Ok(None);
    };
    let long = secret.chars().count() >= SHORTEST_TOKEN;
    ensure!(long, "metrics_token has at least {SHORTEST_TOKEN} characters");
    Ok(Some(MetricsToken::new(secret)))
}

fn egress_limit(bytes: Option<u64>) -> anyhow::Result<Option<NonZeroU64>> {
    bytes
        .map(|bytes| NonZeroU64::new(bytes).context("egress_limit is at least one byte in a second"))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::NetworkConfig;
    use crate::arguments::NetworkFlags;
    use std::time::Duration;

    fn file(text: &str) -> NetworkFlags {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let flags = NetworkFlags {
            drain: Some(5),
            ..NetworkFlags::default()
        };
        let config = NetworkConfig::merge(flags, file("drain = 7\nhead_timeout = 3")).unwrap();
        assert_eq!(config.drain, Duration::from_secs(5));
        assert_eq!(config.head_timeout, Duration::from_secs(3));
        assert_eq!(
            config.connections.stall,
            NetworkConfig::defaults().unwrap().connections.stall
        );
    }

    #[test]
    fn what_is_not_right_is_refused() {
        for text in [
            "tls_cert = \"a.pem\"",
            "metrics_token = \"short\"",
            "egress_limit = 0",
            "max_head = 10",
        ] {
            assert!(
                NetworkConfig::merge(NetworkFlags::default(), file(text)).is_err(),
                "{text}"
            );
        }
        assert!(toml::from_str::<NetworkFlags>("drian = 1").is_err());
    }

    #[test]
    fn l10_the_token_for_the_numbers_shows_nowhere() {
        let flags = file("metrics_token = \"a secret of operators\"");
        assert!(!format!("{flags:?}").contains("secret of"));
        let config = NetworkConfig::merge(flags, NetworkFlags::default()).unwrap();
        assert!(!format!("{config:?}").contains("secret of"));
    }
}
