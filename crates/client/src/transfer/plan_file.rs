//! The plan of the archive being fetched: made from the manifest as it streams by, kept on disk, read in place.
//!
//! It says of every byte that is no document's content what it must be, and of every content its length, its SHA-256, and the CRC-32 of it and of its packed form.

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

/// Bytes of a SHA-256 that a plan keeps: more than chance or malice can find a second content for.
const SHA256_KEPT: usize = 20;

/// What a plan keeps of a content, as far as it is known: the first 20 bytes of its SHA-256, and the CRC-32 of its packed form.
pub(crate) fn key_of(sha256: Option<&[u8; 32]>, stored_crc32: Option<u32>) -> ContentKey {
    let mut key = ContentKey::default();
    let (digest, sum) = key.0.split_at_mut(SHA256_KEPT);
    if let Some(sha256) = sha256 {
        digest.copy_from_slice(sha256.get(..SHA256_KEPT).unwrap_or_default());
    }
    sum.copy_from_slice(&stored_crc32.unwrap_or(0).to_le_bytes());
    key
}

/// Whether `found` is what a plan `expects`. What the manifest did not know, as the SHA-256 of an empty document, is not asked
/// for.
pub(crate) fn is_expected(expects: &ContentKey, found: &ContentKey) -> bool {
    let (expects, found) = (expects.0.split_at(SHA256_KEPT), found.0.split_at(SHA256_KEPT));
    let agrees = |expects: &[u8], found: &[u8]| expects.iter().all(|byte| *byte == 0) || expects == found;
    agrees(expects.0, found.0) && agrees(expects.1, found.1)
}
