//! How an archive is cut for fetching and proving.
//!
//! A *run* is what is proved at once: some small documents with their headers, one large document, or a stretch of the
//! directory. A *piece* is what is fetched and noted at once, about 1 MiB; a run is one piece or, for a large document,
//! several. So a damaged piece never makes a neighbour's proof doubtful.

use super::plan_file::{DiskPlan, unusable};
use crate::Failure;
use holdall_archive::Entry;
use std::ops::Range;

/// Bytes that a piece has at least, but for the last of its run.
pub(crate) const PIECE_LEN: u64 = 1 << 20;

/// Where a run's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The server.
    Server,
    /// What is on this machine already: computed headers and the content of an older archive.
    Here,
}

/// A stretch of the archive that is fetched at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) start: u64,
    pub(crate) len: u32,
    pub(crate) run: u32,
}

impl Piece {
    pub(crate) fn range(&self) -> Range<u64> {
        self.start..self.start.saturating_add(u64::from(self.len))
    }
}

/// A stretch of the archive that is proved at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The number of the first entry in it.
    pub(crate) first_entry: u64,
    /// Documents in it.
    pub(crate) documents: u32,
    pub(crate) origin: Origin,
}

/// An archive cut to pieces.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) runs: Vec<Run>,
}

/// Cuts the archive of a plan. `held` says where an entry's content is, `None` when it has none; only neighbours of the same
/// origin share a run. Without `directory` the cut ends with the last entry.
pub(crate) fn cut(
    plan: &DiskPlan,
    directory: Option<Origin>,
    mut held: impl FnMut(&Entry) -> Option<Origin>,
) -> Result<Cut, Failure> {
    let mut cut = Cut::default();
    let mut open: Option<Run> = None;
    let mut offset = 0;
    for (number, entry) in (0..).zip(plan.entries()) {
        let entry = entry.map_err(unusable)?;
        let len = holdall_archive::local_len(&entry).map_err(|error| Failure::Protocol(error.to_string()))?;
        let neighbour = open.as_ref().map_or(Origin::Here, |run| run.origin);
        let origin = held(&entry).unwrap_or(neighbour);
        let is_document = entry.kind == holdall_archive::EntryKind::Document;
        let joins = |run: &Run| run.origin == origin && run.end - run.start < PIECE_LEN && len < PIECE_LEN;
        if let Some(full) = open.take_if(|run| !joins(run)) {
            cut.add(full);
        }
        let run = open.get_or_insert(Run {
            start: offset,
            end: offset,
            first_entry: number,
            documents: 0,
            origin,
        });
        offset += len;
        run.end = offset;
        run.documents += u32::from(is_document);
    }
    cut.extend(open);
    if let Some(origin) = directory {
        cut.add_directory(plan, origin);
    }
    Ok(cut)
}

/// Cuts `len` bytes of which nothing is known into runs of one piece each.
pub(crate) fn cut_blindly(len: u64) -> Cut {
    let mut cut = Cut::default();
    cut.add_stretch(0..len, 0, Origin::Server);
    cut
}

impl Cut {
    fn extend(&mut self, run: Option<Run>) {
        if let Some(run) = run {
            self.add(run);
        }
    }

    fn add_directory(&mut self, plan: &DiskPlan, origin: Origin) {
        self.add_stretch(plan.central_offset()..plan.zip_len(), plan.entry_count(), origin);
    }

    fn add_stretch(&mut self, range: Range<u64>, first_entry: u64, origin: Origin) {
        let mut start = range.start;
        while start < range.end {
            let end = start.saturating_add(PIECE_LEN).min(range.end);
            self.add(Run {
                start,
                end,
                first_entry,
                documents: 0,
                origin,
            });
            start = end;
        }
    }

    /// Adds a run and its pieces: one when it is short, else many of the same length.
    fn add(&mut self, run: Run) {
        let number = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        let mut start = run.start;
        while start < run.end {
            let left = run.end - start;
            let len = if left < 2 * PIECE_LEN { left } else { PIECE_LEN };
            self.pieces.push(Piece {
                start,
                len: u32::try_from(len).unwrap_or(u32::MAX),
                run: number,
            });
            start += len;
        }
        self.runs.push(run);
    }
}
