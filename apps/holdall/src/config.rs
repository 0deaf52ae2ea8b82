//! The effective configuration: flags, then environment, then the TOML file, then defaults.

mod network;

pub(crate) use network::NetworkConfig;

use crate::arguments::{HouseFlags, NetworkFlags, Serve};
use anyhow::{Context as _, bail};
use holdall_services::TrustedPassword;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The TOML file. Unknown keys are refused, so a misspelt one is not silently ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    public_url: Option<String>,
    compat: Option<String>,
    trusted_password: Option<String>,
    only_own_libraries: Option<bool>,
    log: Option<String>,
    log_format: Option<String>,
    #[serde(default)]
    server: NetworkFlags,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Which root elements SOAP answers have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compat {
    /// Those of deployed servers.
    #[default]
    Deployed,
    /// Those of the documentation.
    Documented,
}

/// Where the house stands and how it logs.
#[derive(Debug)]
pub(crate) struct HouseConfig {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// A PostgreSQL URL, or SQLite in the data directory.
    pub(crate) database: Option<String>,
    /// The log filter.
    pub(crate) log: String,
    /// How log lines look.
    pub(crate) log_format: LogFormat,
}

/// What `serve` needs.
#[derive(Debug)]
pub(crate) struct ServeConfig {
    /// The house to serve.
    pub(crate) house: HouseConfig,
    /// The address to listen on.
    pub(crate) listen: String,
    /// The address clients use, when it differs from the one they ask by.
    pub(crate) public_url: Option<String>,
    /// Which root elements SOAP answers have.
    pub(crate) compat: Compat,
    /// For what password a server gets tickets for users.
    pub(crate) trusted_password: Option<TrustedPassword>,
    /// Whether users learn only of their own libraries and of open ones.
    pub(crate) only_own_libraries: bool,
    /// How the server meets its network.
    pub(crate) network: NetworkConfig,
}

impl HouseConfig {
    /// From flags, environment and the file that `--config` names.
    pub(crate) fn load(flags: HouseFlags) -> anyhow::Result<Self> {
        let file = read_file(flags.config.as_deref())?;
        Self::merge(flags, &file)
    }

    fn merge(flags: HouseFlags, file: &ConfigFile) -> anyhow::Result<Self> {
        let format = flags.log_format.or_else(|| file.log_format.clone());
        Ok(Self {
            data: flags
                .data
                .or_else(|| file.data.clone())
                .unwrap_or_else(|| PathBuf::from("holdall-data")),
            database: flags.database.or_else(|| file.database.clone()),
            log: flags
                .log
                .or_else(|| file.log.clone())
                .unwrap_or_else(|| "info".to_owned()),
            log_format: log_format(format.as_deref())?,
        })
    }
}

impl ServeConfig {
    /// From flags, environment and the file that `--config` names.
    pub(crate) fn load(serve: Serve) -> anyhow::Result<Self> {
        let file = read_file(serve.house.config.as_deref())?;
        let secret = serve
            .trusted_password
            .as_deref()
            .or(file.trusted_password.as_deref());
        Ok(Self {
            trusted_password: secret.map(TrustedPassword::new).transpose()?,
            only_own_libraries: serve.only_own_libraries || file.only_own_libraries.unwrap_or(false),
            house: HouseConfig::merge(serve.house, &file)?,
            listen: serve
                .listen
                .or(file.listen)
                .unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            public_url: serve.public_url.or(file.public_url),
            compat: compat(serve.compat.or(file.compat).as_deref())?,
            network: NetworkConfig::merge(serve.network, file.server)?,
        })
    }
}

fn read_file(path: Option<&Path>) -> anyhow::Result<ConfigFile> {
    let Some(path) = path else {
        return Ok(ConfigFile::default());
    };
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", path.display()))
}

fn compat(name: Option<&str>) -> anyhow::Result<Compat> {
    match name {
        None | Some("deployed") => Ok(Compat::Deployed),
        Some("documented") => Ok(Compat::Documented),
        Some(other) => bail!("compat is deployed or documented, not {other}"),
    }
}

fn log_format(name: Option<&str>) -> anyhow::Result<LogFormat> {
    match name {
        None | Some("text") => Ok(LogFormat::Text),
        Some("json") => Ok(LogFormat::Json),
        Some(other) => bail!("log_format is text or json, not {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Compat, ConfigFile, HouseConfig, LogFormat, ServeConfig, compat};
    use crate::arguments::{HouseFlags, NetworkFlags, Serve};
    use std::path::PathBuf;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file: ConfigFile = toml::from_str("data = \"/from/file\"\nlog_format = \"json\"").unwrap();
        let flags = HouseFlags {
            data: Some(PathBuf::from("/from/flag")),
            ..HouseFlags::default()
        };
        let config = HouseConfig::merge(flags, &file).unwrap();
        assert_eq!(config.data, PathBuf::from("/from/flag"));
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(config.log, "info");
    }

    #[test]
    fn unknown_keys_and_formats_are_refused() {
        assert!(toml::from_str::<ConfigFile>("dta = \"x\"").is_err());
        let flags = HouseFlags {
            log_format: Some("xml".to_owned()),
            ..HouseFlags::default()
        };
        assert!(HouseConfig::merge(flags, &ConfigFile::default()).is_err());
        assert!(compat(Some("root")).is_err());
        assert_eq!(compat(None).unwrap(), Compat::Deployed);
        assert_eq!(compat(Some("documented")).unwrap(), Compat::Documented);
    }

    #[test]
    fn l10_a_trusted_password_is_long_and_shows_nowhere() {
        let load = |secret: &str| {
            ServeConfig::load(Serve {
                house: HouseFlags::default(),
                listen: None,
                public_url: None,
                compat: None,
                trusted_password: Some(secret.to_owned()),
                only_own_libraries: false,
                network: NetworkFlags::default(),
            })
        };
        assert!(load("fifteen letters").is_err());
        let config = load("a secret of servers").unwrap();
        assert!(config.trusted_password.is_some());
        assert!(!format!("{config:?}").contains("secret of servers"));
    }
}
