//! The plan of the archive being fetched: made from the manifest as it streams by, kept on disk, read in place.
//!
//! It says of every byte that is no document's content what it must be, and of every content its length, CRC-32 and SHA-256.

use crate::Failure;
use holdall_archive::{ContentKey, Plan, ReadAt, ReadError};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// A plan on disk.
pub(crate) type DiskPlan = Plan<PlanFile>;

/// An open plan file.
#[derive(Debug)]
pub(crate) struct PlanFile {
    file: File,
    len: u64,
}

impl ReadAt for PlanFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.file
            .read_exact_at(buf, offset)
            .map_err(|error| ReadError::Failed(Box::new(error)))
    }

    fn len(&self) -> u64 {
        self.len
    }
}

/// Opens the plan at `path`.
pub(crate) fn open(path: &Path) -> Result<DiskPlan, Failure> {
    let file = File::open(path).map_err(Failure::disk(path))?;
    let len = file.metadata().map_err(Failure::disk(path))?.len();
    Plan::open(PlanFile { file, len }).map_err(unusable)
}

/// A plan that cannot be read any more.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn unusable(error: holdall_archive::PlanError) -> Failure {
    Failure::InTheWay(format!("the notes beside the file cannot be read: {error}"))
}

/// What a plan keeps of a content's SHA-256: its first 24 bytes, which is what a content key has room for and more than
/// chance or malice can find a second content for.
pub(crate) fn key_of(sha256: &[u8; 32]) -> ContentKey {
    let mut key = ContentKey::default();
    for (place, byte) in key.0.iter_mut().zip(sha256) {
        *place = *byte;
    }
    key
}
