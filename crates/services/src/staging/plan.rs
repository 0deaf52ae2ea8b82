//! A selection's plan: laid out, hashed, and kept in the content store under its digest.

use super::Renamed;
use super::layout::{Layout, lay_out, unplannable};
use super::selection::Selection;
use crate::Failure;
use crate::downloads::{PLANS, plan_etag};
use holdall_archive::{LayoutError, PlanSummary};
use holdall_blobs::{BlobError, Blobs};
use holdall_model::Digest;
use sha2::{Digest as _, Sha256};

/// What a plan came to.
#[derive(Debug)]
pub(super) struct Planned {
    pub summary: PlanSummary,
    /// The SHA-256 of the plan.
    pub digest: Digest,
    pub renamed: Vec<Renamed>,
}

impl Planned {
    /// The archive's entity tag.
    pub(super) fn etag(&self) -> String {
        plan_etag(&self.digest)
    }
}

/// Why a plan was not made.
enum Unplanned {
    Layout(LayoutError),
    Store(BlobError),
}

impl From<LayoutError> for Unplanned {
    fn from(error: LayoutError) -> Self {
        Self::Layout(error)
    }
}

impl From<Unplanned> for Failure {
    fn from(error: Unplanned) -> Self {
        match error {
            Unplanned::Layout(error) => unplannable(error),
            Unplanned::Store(error) => error.into(),
        }
    }
}

/// Makes the plan and keeps it; an equal one is shared. Durable on return; waits for the disk.
pub(super) fn write(blobs: &Blobs, selection: Selection) -> Result<Planned, Failure> {
    let layout = lay_out(&selection)?;
    // The entries hold all that is needed; finishing takes memory of its own.
    drop(selection);
    let mut object = blobs.new_object()?;
    let planned = finish(layout, |part| object.write(part))?;
    object.publish(PLANS, &planned.digest)?;
    Ok(planned)
}

/// Makes the plan and keeps nothing of it.
pub(super) fn measure(selection: Selection) -> Result<Planned, Failure> {
    let layout = lay_out(&selection)?;
    drop(selection);
    finish(layout, |_part| Ok(()))
}

fn finish(layout: Layout, mut keep: impl FnMut(&[u8]) -> Result<(), BlobError>) -> Result<Planned, Failure> {
    let mut hasher = Sha256::new();
    let summary = layout.builder.finish_into(|part| {
        hasher.update(part);
        keep(part).map_err(Unplanned::Store)
    })?;
    Ok(Planned {
        summary,
        digest: Digest(hasher.finalize().into()),
        renamed: layout.renamed,
    })
}
