//! A range of an archive on its way into read jobs.

use super::content_key;
use super::plan_file::PlanFile;
use crate::Failure;
use holdall_archive::{Piece, Plan, Splice};
use holdall_blobs::ReadJob;
use std::ops::Range;

/// The pieces of a range, and the rest of the one that did not fit into the last job.
#[derive(Debug)]
pub(crate) struct Splicing {
    pieces: Splice<PlanFile>,
    rest: Option<Rest>,
}

#[derive(Debug)]
struct Rest {
    piece: Piece,
    /// Bytes of a literal that are used up; a content's range is moved instead.
    used: usize,
}

impl Splicing {
    pub(super) fn new(plan: &Plan<PlanFile>, range: Range<u64>) -> Self {
        Self {
            pieces: plan.splice(range),
            rest: None,
        }
    }

    /// Puts as much as fits into `job`. Fails if the plan is damaged.
    pub(super) fn fill(&mut self, job: &mut ReadJob) -> Result<(), Failure> {
        loop {
            let mut rest = match self.rest.take() {
                Some(rest) => rest,
                None => match self.pieces.next() {
                    Some(piece) => Rest {
                        piece: piece.map_err(Failure::internal)?,
                        used: 0,
                    },
                    None => return Ok(()),
                },
            };
            if !rest.push(job) {
                self.rest = Some(rest);
                return Ok(());
            }
        }
    }
}

impl Rest {
    /// Whether all of it fitted.
    fn push(&mut self, job: &mut ReadJob) -> bool {
        match &mut self.piece {
            Piece::Literal(bytes) => {
                self.used += job.push_literal(bytes.get(self.used..).unwrap_or_default());
                self.used >= bytes.len()
            }
            Piece::Content {
                key,
                stored_len,
                range,
                ..
            } => {
                let taken = job.push_content(content_key::locator(key), *stored_len, range.clone());
                range.start = range
                    .start
                    .saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
                range.is_empty()
            }
        }
    }
}
