//! The servers that somebody has signed in to, in the place where the system keeps a person's configuration.

use crate::arguments::ServerFlags;
use anyhow::{Context as _, bail};
use etcetera::BaseStrategy as _;
use holdall_client::Remote;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// All servers that are known.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Accounts {
    /// The name of the one that is meant when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    /// Servers by name.
    #[serde(default)]
    pub(crate) servers: BTreeMap<String, Account>,
}

/// One server and the session there.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    /// The server's address.
    pub(crate) url: String,
    /// Who is signed in.
    pub(crate) user: String,
    /// The session's token: a secret.
    pub(crate) token: String,
}

impl Accounts {
    /// Reads the file; nobody is signed in anywhere when there is none.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let path = path()?;
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("{} is damaged", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Writes the file, whole or not at all, for its owner's eyes only.
    pub(crate) fn save(&self) -> anyhow::Result<()> {
        write_private(&path()?, toml::to_string(self)?.as_bytes())
    }
}

/// The server that flags and environment mean, with the session there.
pub(crate) fn connect(flags: &ServerFlags) -> anyhow::Result<Remote> {
    let accounts = Accounts::load()?;
    let named = flags.server.as_deref().or(accounts.default.as_deref());
    let account = named.and_then(|name| {
        let by_url = || {
            accounts
                .servers
                .values()
                .find(|account| account.url == name.trim_end_matches('/'))
        };
        accounts.servers.get(name).or_else(by_url)
    });
    let token = env::var("HOLDALL_TOKEN").ok().filter(|token| !token.is_empty());
    match (named, account) {
        (_, Some(account)) => {
            let token = token.unwrap_or_else(|| account.token.clone());
            Ok(Remote::new(&account.url, Some(token))?)
        }
        (Some(url), None) if url.contains("://") => {
            if token.is_none() {
                return Err(nobody(&format!(
                    "nobody is signed in to {url}: run `holdall login {url}`"
                )));
            }
            Ok(Remote::new(url, token)?)
        }
        (Some(name), None) => bail!("no server is named {name}: `holdall login URL --name {name}` makes one"),
        (None, None) => Err(nobody("no server is known: run `holdall login URL`")),
    }
}

fn nobody(detail: &str) -> anyhow::Error {
    holdall_client::Failure::SignedOut(detail.to_owned()).into()
}

fn path() -> anyhow::Result<PathBuf> {
    Ok(folder()?.join("servers.toml"))
}

/// Where a person's configuration of this program is.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    let places = etcetera::choose_base_strategy().context("there is no home directory")?;
    Ok(places.config_dir().join("holdall"))
}

/// Writes a file that only its owner may read, whole or not at all; its folder is made like that.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().context("no configuration directory")?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // Such files are readable by their owner alone from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}
