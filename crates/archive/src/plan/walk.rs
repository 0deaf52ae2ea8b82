//! Going through a plan's entries in order, with names or without.

use alloc::vec;
use alloc::vec::Vec;

use crate::entry::{ContentKey, Entry, EntryKind};
use crate::plan::format::ENTRIES_PER_BLOCK;
use crate::plan::index::BlockPlace;
use crate::plan::source::ReadAt;
use crate::plan::{Block, Plan, PlanError};
use crate::row::Row;
use crate::widths::narrow;

/// The entries of a plan in archive order; owns its plan.
#[derive(Debug)]
pub struct Entries<S> {
    plan: Plan<S>,
    block: Option<Block>,
    next: u64,
}

impl<S> Entries<S> {
    pub(crate) fn new(plan: Plan<S>, next: u64) -> Self {
        Self {
            plan,
            block: None,
            next,
        }
    }
}

impl<S: ReadAt> Entries<S> {
    fn read_next(&mut self) -> Result<Entry, PlanError> {
        let number = self.next / ENTRIES_PER_BLOCK;
        let block = match self.block.take() {
            Some(block) if block.starts_with_entry(number.saturating_mul(ENTRIES_PER_BLOCK)) => block,
            _ => self.plan.read_block(number)?,
        };
        self.block
            .insert(block)
            .entry(self.next)
            .unwrap_or(Err(PlanError::OutOfRange(self.next)))
    }
}

impl<S: ReadAt> Iterator for Entries<S> {
    type Item = Result<Entry, PlanError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.plan.entry_count() {
            return None;
        }
        let read = self.read_next();
        self.next = if read.is_ok() {
            self.next.saturating_add(1)
        } else {
            u64::MAX
        };
        Some(read)
    }
}

/// Where one entry's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The entry's number in archive order.
    pub entry: u64,
    /// Document or folder; a folder's key is what the caller gave it.
    pub kind: EntryKind,
    /// Where its stored bytes are.
    pub key: ContentKey,
}

/// The contents of one block's entries, in archive order.
#[derive(Debug)]
pub struct Contents {
    rows: vec::IntoIter<Row>,
    next: u64,
}

impl Contents {
    pub(crate) fn read(source: &(impl ReadAt + ?Sized), place: &BlockPlace) -> Result<Self, PlanError> {
        let mut bytes = vec![0; narrow(place.rows_len)];
        source.read_at(place.start.block_offset, &mut bytes)?;
        let decoded: Option<Vec<Row>> = bytes.as_chunks().0.iter().map(Row::decode).collect();
        match decoded {
            Some(rows) if crc32fast::hash(&bytes) == place.start.rows_checksum => Ok(Self {
                rows: rows.into_iter(),
                next: place.entries.start,
            }),
            _ => Err(PlanError::Damaged("block")),
        }
    }
}

impl Iterator for Contents {
    type Item = Content;

    fn next(&mut self) -> Option<Content> {
        let row = self.rows.next()?;
        let entry = self.next;
        self.next = entry.saturating_add(1);
        Some(Content {
            entry,
            kind: row.kind,
            key: row.content,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}
