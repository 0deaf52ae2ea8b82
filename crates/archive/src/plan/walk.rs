//! Going through a plan's entries in order, with names or without.

use alloc::vec;
use alloc::vec::Vec;

use crate::entry::{ContentKey, Entry, EntryKind};
use crate::plan::format::ENTRIES_PER_BLOCK;
use crate::plan::source::ReadAt;
use crate::plan::{Block, Plan, PlanError};
use crate::row::Row;

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
    contents: vec::IntoIter<Content>,
}

impl Contents {
    pub(crate) fn of(block: Block) -> Self {
        let (first, rows) = block.into_rows();
        let contents: Vec<Content> = rows.zip(first..).map(content).collect();
        Self {
            contents: contents.into_iter(),
        }
    }
}

fn content((row, entry): (Row, u64)) -> Content {
    Content {
        entry,
        kind: row.kind,
        key: row.content,
    }
}

impl Iterator for Contents {
    type Item = Content;

    fn next(&mut self) -> Option<Content> {
        self.contents.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.contents.size_hint()
    }
}
