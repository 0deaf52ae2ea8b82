//! Immutable content: documents' bytes, deflated once at ingest, in packs on the local disk.
//!
//! Content is addressed by the SHA-256 of its raw bytes. A blob lies in a pack as a run of stored bytes that a zip
//! entry can carry as they are; every 64 KiB of them has a checksum that is checked after each read.

mod entry;
mod error;
mod ingest;
mod lru;
mod objects;
mod pack;
mod read;
mod sizes;
mod store;

pub use entry::{BlobEntry, FRAME_LEN, Locator, Method, StoredBlob};
pub use error::BlobError;
pub use ingest::{IngestSummary, Put};
pub use objects::{NewObject, Object};
pub use read::{Filled, RawReader, ReadJob};

use holdall_model::PackId;
use pack::checks;
use pack::open_packs::OpenPacks;
use read::pool::Pool;
use std::path::Path;
use std::sync::Arc;
use store::Store;

/// How much the store may use. The defaults suit a server with 1 GiB of memory.
#[derive(Clone, Debug)]
pub struct BlobOptions {
    /// Stored bytes after which a pack is sealed; a document above it has a pack of its own.
    pub pack_target_len: u64,
    /// Threads that deflate during one ingest; 0 stands for one per core.
    pub threads: usize,
    /// Read buffers of 256 KiB that may be in use at once; beyond them readers get 16 KiB.
    pub large_buffers: usize,
    /// Bytes of pack indexes kept in memory.
    pub index_cache_len: usize,
    /// Packs kept open.
    pub open_files: usize,
}

impl Default for BlobOptions {
    fn default() -> Self {
        Self {
            pack_target_len: 64 << 20,
            threads: 0,
            large_buffers: 448,
            index_cache_len: 64 << 20,
            open_files: 256,
        }
    }
}

/// The content store. Clones share one store.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<Store>,
    packs: Arc<OpenPacks>,
    pool: Arc<Pool>,
    options: Arc<BlobOptions>,
}

impl Blobs {
    /// Opens the store in `dir`, creates what is missing and removes temporary files that no living process holds.
    pub fn open(dir: &Path, options: BlobOptions) -> Result<Self, BlobError> {
        Ok(Self {
            store: Arc::new(Store::open(dir)?),
            packs: Arc::new(OpenPacks::new(options.index_cache_len, options.open_files)),
            pool: Arc::new(Pool::new(options.large_buffers)),
            options: Arc::new(options),
        })
    }

    /// What the pack's index says of the blob that starts at `locator`.
    pub fn describe(&self, locator: Locator) -> Result<BlobEntry, BlobError> {
        let index = self.packs.index(&self.store, locator.pack)?;
        index
            .entry_at(locator.offset)
            .ok_or_else(|| BlobError::no_blob_at(locator))
    }

    /// The CRC-32 of each blob's stored bytes, given where it lies and how long it is there, told from its check blocks without
    /// reading them; `None` for what is not there. Reads indexes that are not in memory: for a thread that may wait.
    pub fn stored_crc32s(&self, blobs: &[(Locator, u64)]) -> Result<Vec<Option<u32>>, BlobError> {
        let mut sums = Vec::with_capacity(blobs.len());
        for neighbours in blobs.chunk_by(|(one, _), (other, _)| one.pack == other.pack) {
            let Some((first, _)) = neighbours.first() else {
                continue;
            };
            match self.packs.index(&self.store, first.pack) {
                Ok(index) => sums.extend(neighbours.iter().map(|(blob, stored_len)| {
                    let checks = index.checks_at(blob.offset, *stored_len)?;
                    Some(checks::joined(checks, *stored_len))
                })),
                Err(BlobError::Missing { .. }) => sums.extend(neighbours.iter().map(|_| None)),
                Err(error) => return Err(error),
            }
        }
        Ok(sums)
    }

    /// Every pack there is, in no order.
    pub fn pack_ids(&self) -> Result<Vec<PackId>, BlobError> {
        self.store.pack_ids()
    }

    /// Every blob of a pack in stored order, so that the catalog's rows can be rebuilt.
    pub fn pack_index(&self, pack: PackId) -> Result<Vec<StoredBlob>, BlobError> {
        Ok(self.packs.index(&self.store, pack)?.blobs())
    }

    /// Deletes a pack for good; `false` when there was none. Readers that have it open finish undisturbed.
    pub fn remove_pack(&self, pack: PackId) -> Result<bool, BlobError> {
        let removed = self.store.remove_pack(pack)?;
        self.packs.forget(pack);
        Ok(removed)
    }

    /// Free bytes of the disk that the store is on, as far as they may be used.
    pub fn free_len(&self) -> Result<u64, BlobError> {
        self.store.free_len()
    }

    /// Whether a failed sync has closed the store for writes until it is opened anew.
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only()
    }
}
