//! Whether the house can do its work: both stores read and write, and there is room.

use crate::Failure;
use crate::house::House;
use crate::sessions::secrets::sha256;
use holdall_blobs::{BlobError, Blobs};
use holdall_catalog::Tx;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// How long a store may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The kind of the objects that are written to see whether it works.
const PROBES: &str = "probes";

/// Something that keeps the house from its work, in words for operators; no paths.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Ailment {
    /// The catalog cannot be read or written.
    #[error("the catalog does not read and write")]
    Catalog,
    /// The content store cannot be read or written.
    #[error("the content store does not read and write")]
    Store,
    /// A failed sync has closed the content store for writes.
    #[error("the content store is read-only since a disk failure")]
    StoreReadOnly,
    /// The disk is nearly full.
    #[error("the disk of the content store has {free_len} free bytes of at least {least}")]
    NearlyFull {
        /// Free bytes.
        free_len: u64,
        /// How many there should be.
        least: u64,
    },
}

/// The examination of the house.
#[derive(Clone, Debug)]
pub struct Health {
    house: Arc<House>,
}

impl Health {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Reads and writes both stores, and gives what is wrong. Takes at most ten seconds.
    pub async fn examine(&self) -> Vec<Ailment> {
        let (catalog, store) = tokio::join!(
            tokio::time::timeout(PATIENCE, self.examine_catalog()),
            tokio::time::timeout(PATIENCE, self.examine_store()),
        );
        let mut ailments = Vec::new();
        if !matches!(catalog, Ok(Ok(()))) {
            ailments.push(Ailment::Catalog);
        }
        ailments.extend(store.unwrap_or(Some(Ailment::Store)));
        ailments
    }

    async fn examine_catalog(&self) -> Result<(), Failure> {
        let catalog = &self.house.catalog;
        let written = catalog.write(|tx: &mut Tx<'_>| tx.probe());
        written.await?;
        catalog.read(|tx: &mut Tx<'_>| tx.authz_epoch()).await?;
        Ok(())
    }

    async fn examine_store(&self) -> Option<Ailment> {
        let blobs = self.house.blobs.clone();
        if blobs.is_read_only() {
            return Some(Ailment::StoreReadOnly);
        }
        let least = self.house.options.least_free_len;
        let probing = tokio::task::spawn_blocking(move || probe(&blobs));
        match probing.await {
            Ok(Ok(free_len)) if free_len >= least => None,
            Ok(Ok(free_len)) => Some(Ailment::NearlyFull { free_len, least }),
            Ok(Err(_)) | Err(_) => Some(Ailment::Store),
        }
    }
}

/// Writes, syncs, reads and removes an object; gives the free bytes.
fn probe(blobs: &Blobs) -> Result<u64, BlobError> {
    let name = sha256(PROBES.as_bytes());
    // One that was left by a process that was killed would be kept instead of being written.
    blobs.remove_object(PROBES, &name)?;
    blobs.put_object(PROBES, &name, PROBES.as_bytes())?;
    let object = blobs.open_object(PROBES, &name)?.ok_or_else(lost)?;
    let mut read = vec![0; PROBES.len()];
    object.read_at(0, &mut read)?;
    if read != PROBES.as_bytes() {
        return Err(lost());
    }
    blobs.remove_object(PROBES, &name)?;
    blobs.free_len()
}

fn lost() -> BlobError {
    BlobError::Io(std::io::ErrorKind::InvalidData.into())
}
