//! A plan in the content store, read in place.

use holdall_archive::{ReadAt, ReadError};
use holdall_blobs::{Blobs, Object};
use holdall_model::Digest;

use crate::Failure;

/// The kind of objects that plans are kept as.
pub(crate) const PLANS: &str = "plans";

/// An open plan file.
#[derive(Debug)]
pub(crate) struct PlanFile(Object);

impl PlanFile {
    /// Opens the plan of a digest; waits for the disk.
    pub(super) fn open(blobs: &Blobs, digest: &Digest) -> Result<Self, Failure> {
        let object = blobs.open_object(PLANS, digest)?;
        object
            .map(Self)
            .ok_or_else(|| Failure::internal("a staged download's plan is missing"))
    }
}

impl ReadAt for PlanFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.0
            .read_at(offset, buf)
            .map_err(|error| ReadError::Failed(Box::new(error)))
    }

    fn len(&self) -> u64 {
        self.0.len()
    }
}
