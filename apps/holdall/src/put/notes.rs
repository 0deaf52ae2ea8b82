//! Uploads under way, so that a later run goes on with them: their addresses on the server, by what they are of.

use super::Going;
use anyhow::Context as _;
use holdall_client::{Failure, Remote};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The notes, kept in a file that only its owner reads.
#[derive(Debug)]
pub(crate) struct Notes {
    path: PathBuf,
    addresses: Mutex<BTreeMap<String, String>>,
}

impl Notes {
    /// Reads the notes; there are none when there is no file.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let path = crate::accounts::folder()?.join("uploads.json");
        let addresses = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Self {
            path,
            addresses: Mutex::new(addresses.unwrap_or_default()),
        })
    }

    /// What a file's upload is noted under: it changes when the file does.
    pub(crate) fn key(server: &Remote, going: &Going) -> anyhow::Result<String> {
        let source = going.source.canonicalize().context("the file is gone")?;
        let (folder, name, length, modified) = (going.folder, &going.name, going.length, &going.modified);
        Ok(format!(
            "{} {folder} {name} {length} {modified} {}",
            server.address(),
            source.display()
        ))
    }

    /// The address of an upload that was begun.
    pub(crate) fn find(&self, key: &str) -> Option<String> {
        let addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.get(key).cloned()
    }

    /// Notes where an upload is.
    pub(crate) fn add(&self, key: &str, address: &str) -> Result<(), Failure> {
        self.change(|addresses| {
            addresses.insert(key.to_owned(), address.to_owned());
        })
    }

    /// An upload is done.
    pub(crate) fn remove(&self, key: &str) -> Result<(), Failure> {
        if self.find(key).is_none() {
            return Ok(());
        }
        self.change(|addresses| {
            addresses.remove(key);
        })
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<(), Failure> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut addresses);
        let bytes = serde_json::to_vec(&*addresses).unwrap_or_default();
        crate::accounts::write_private(&self.path, &bytes)
            .map_err(|error| Failure::InTheWay(format!("cannot note an upload: {error:#}")))
    }
}
