//! What can go wrong, by what a caller can do about it.

use crate::Locator;
use holdall_model::PackId;
use std::io;
use thiserror::Error;

/// A failure of the content store.
#[derive(Debug, Error)]
pub enum BlobError {
    /// A pack that should exist does not: restore it.
    #[error("pack {pack} is missing")]
    Missing {
        /// The pack.
        pack: PackId,
    },
    /// Stored bytes differ from what was written: nothing of them was handed out; quarantine and restore.
    #[error("pack {pack} is corrupt at byte {offset}: {what}")]
    Corrupt {
        /// The pack.
        pack: PackId,
        /// Where in the pack, in bytes from its start.
        offset: u64,
        /// Which check failed.
        what: &'static str,
    },
    /// No space, no quota or no inode is left; nothing was kept. Works again when there is room.
    #[error("the content store is full")]
    Full,
    /// A sync failed earlier, so nothing written since can be trusted to last. Reads go on; reopen to write.
    #[error("the content store is read-only because a sync failed")]
    ReadOnly,
    /// The document handed in could not be read to its end; nothing was kept.
    #[error("the incoming document could not be read")]
    Source(#[source] io::Error),
    /// Anything else the operating system reported.
    #[error("the content store failed")]
    Io(#[source] io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}

impl BlobError {
    pub(crate) fn no_blob_at(locator: Locator) -> Self {
        Self::Corrupt {
            pack: locator.pack,
            offset: locator.offset,
            what: "the index has no such blob here",
        }
    }
}
