//! Entries with where they lie in the archive, a block at a time and without a copy of their names.

use core::ops::Range;

use crate::entry::{ContentKey, EntryKind, Method};
use crate::plan::source::ReadAt;
use crate::plan::{Block, Plan, PlanError};
use crate::records::local_header_len;

/// An entry and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedEntry<'p> {
    /// The entry's number in archive order.
    pub number: u64,
    /// The path, without the slash that ends a folder's.
    pub path: &'p str,
    /// Document or folder.
    pub kind: EntryKind,
    /// How the content is packed.
    pub method: Method,
    /// CRC-32 of the raw bytes.
    pub crc32: u32,
    /// Bytes before packing.
    pub raw_len: u64,
    /// Bytes in the archive, the header aside.
    pub stored_len: u64,
    /// Seconds since 1970 UTC.
    pub modified: i64,
    /// What the caller gave to find the stored bytes by.
    pub content: ContentKey,
    /// Where in the archive the local header starts.
    pub offset: u64,
    /// Where in the archive the stored bytes start; the next entry starts `stored_len` bytes later.
    pub data: u64,
}

/// The entries of one block with where they lie.
#[derive(Debug)]
pub struct PlacedEntries {
    block: Block,
}

impl PlacedEntries {
    /// The entries, in archive order. One whose name is not UTF-8 is [`PlanError::Damaged`].
    pub fn iter(&self) -> impl Iterator<Item = Result<PlacedEntry<'_>, PlanError>> {
        (0..self.len()).filter_map(|slot| self.entry(slot))
    }

    /// How many there are; at least 1.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// Whether there are none, which no plan has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn entry(&self, slot: usize) -> Option<Result<PlacedEntry<'_>, PlanError>> {
        let placed = self.block.placed(slot)?;
        let Ok(written) = core::str::from_utf8(self.block.name(placed)) else {
            return Some(Err(PlanError::Damaged("block")));
        };
        let row = &placed.row;
        Some(Ok(PlacedEntry {
            number: self.block.entry_number(slot),
            path: written.strip_suffix('/').unwrap_or(written),
            kind: row.kind,
            method: row.method,
            crc32: row.crc32,
            raw_len: row.raw_len,
            stored_len: row.stored_len,
            modified: row.modified,
            content: row.content,
            offset: placed.offsets.local,
            data: placed.offsets.local.saturating_add(local_header_len(row)),
        }))
    }
}

impl<S> Plan<S> {
    /// The archive bytes of a block's entries, headers and contents; `None` past the last block. No read.
    pub fn block_span(&self, block: u64) -> Option<Range<u64>> {
        let place = self.shared.index.place(block)?;
        Some(place.start.offsets.local..place.end.local)
    }
}

impl<S: ReadAt> Plan<S> {
    /// The entries of a block with where they lie. One read.
    pub fn placed(&self, block: u64) -> Result<PlacedEntries, PlanError> {
        Ok(PlacedEntries {
            block: self.read_block(block)?,
        })
    }
}
