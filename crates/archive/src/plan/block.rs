//! A block in memory: up to 256 entries with their offsets, proved against its checksums.

use alloc::borrow::ToOwned as _;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::entry::{Entry, EntryName};
use crate::layout::Offsets;
use crate::plan::PlanError;
use crate::plan::index::BlockPlace;
use crate::plan::source::ReadAt;
use crate::row::{ROW_LEN, Row};
use crate::widths::{narrow, widen};

const DAMAGED: PlanError = PlanError::Damaged("block");

/// Up to 256 entries.
#[derive(Debug)]
pub(crate) struct Block {
    place: BlockPlace,
    placed: Vec<Placed>,
    names: Vec<u8>,
}

/// An entry and where it lies.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) row: Row,
    pub(crate) offsets: Offsets,
    /// Archive offset after the entry's content.
    pub(crate) local_end: u64,
    name: Range<usize>,
}

impl Block {
    /// Reads, proves and unfolds a block.
    pub(crate) fn read(source: &(impl ReadAt + ?Sized), place: BlockPlace) -> Result<Self, PlanError> {
        let mut bytes = vec![0; narrow(place.rows_len.saturating_add(place.names_len))];
        source.read_at(place.start.block_offset, &mut bytes)?;
        let names = bytes.split_off(narrow(place.rows_len));
        if crc32fast::hash(&bytes) != place.start.rows_checksum
            || crc32fast::hash(&names) != place.start.names_checksum
        {
            return Err(DAMAGED);
        }
        let placed = place_rows(&bytes, place.start.offsets, &place).ok_or(DAMAGED)?;
        Ok(Self { place, placed, names })
    }

    /// Whether this is the block that starts with that entry.
    pub(crate) fn starts_with_entry(&self, entry: u64) -> bool {
        self.place.entries.start == entry
    }

    /// Whether the archive offset lies in one of the block's entries.
    pub(crate) fn holds_local(&self, offset: u64) -> bool {
        (self.place.start.offsets.local..self.place.end.local).contains(&offset)
    }

    /// Whether the offset into the central directory lies in one of the block's records.
    pub(crate) fn holds_central(&self, offset: u64) -> bool {
        (self.place.start.offsets.central..self.place.end.central).contains(&offset)
    }

    /// The slot of the entry that holds the archive offset; quickest when that is `hint` or the slot after it.
    pub(crate) fn slot_at_local(&self, offset: u64, hint: usize) -> Option<usize> {
        self.find(offset, hint, |placed| placed.offsets.local)
    }

    /// The slot of the entry whose central record holds the offset into the central directory, like
    /// [`Block::slot_at_local`].
    pub(crate) fn slot_at_central(&self, offset: u64, hint: usize) -> Option<usize> {
        self.find(offset, hint, |placed| placed.offsets.central)
    }

    /// The entry in a slot.
    pub(crate) fn placed(&self, slot: usize) -> Option<&Placed> {
        self.placed.get(slot)
    }

    /// The number in the plan of the entry in a slot.
    pub(crate) fn entry_number(&self, slot: usize) -> u64 {
        self.place.entries.start.saturating_add(widen(slot))
    }

    /// The name as written in the archive.
    pub(crate) fn name(&self, placed: &Placed) -> &[u8] {
        self.names.get(placed.name.clone()).unwrap_or_default()
    }

    /// Entry `number` of the plan, or `None` when it is in another block.
    pub(crate) fn entry(&self, number: u64) -> Option<Result<Entry, PlanError>> {
        let slot = number.checked_sub(self.place.entries.start)?;
        Some(self.to_entry(self.placed.get(narrow(slot))?).ok_or(DAMAGED))
    }

    fn to_entry(&self, placed: &Placed) -> Option<Entry> {
        let written = core::str::from_utf8(self.name(placed)).ok()?;
        let path = written.strip_suffix('/').unwrap_or(written);
        let row = &placed.row;
        Some(Entry {
            name: EntryName::new(path.to_owned()).ok()?,
            kind: row.kind,
            method: row.method,
            crc32: row.crc32,
            raw_len: row.raw_len,
            stored_len: row.stored_len,
            modified: row.modified,
            content: row.content,
        })
    }

    fn find(&self, offset: u64, hint: usize, start_of: fn(&Placed) -> u64) -> Option<usize> {
        let starts_by = |placed: &Placed| start_of(placed) <= offset;
        let holds = |slot: &usize| {
            let next_starts = self.placed.get(slot.saturating_add(1)).is_some_and(starts_by);
            self.placed.get(*slot).is_some_and(starts_by) && !next_starts
        };
        let search = || self.placed.partition_point(starts_by).checked_sub(1);
        [hint, hint.saturating_add(1)]
            .into_iter()
            .find(holds)
            .or_else(search)
    }
}

/// Gives every row its offsets; `None` unless they end exactly where the index says the next block starts.
fn place_rows(bytes: &[u8], first: Offsets, place: &BlockPlace) -> Option<Vec<Placed>> {
    let mut placed = Vec::with_capacity(bytes.len() / ROW_LEN);
    let mut offsets = first;
    let mut name_start = 0_usize;
    for row_bytes in bytes.as_chunks::<ROW_LEN>().0 {
        let row = Row::decode(row_bytes)?;
        let name_end = name_start.checked_add(usize::from(row.name_len))?;
        let next = offsets.after(&row)?;
        placed.push(Placed {
            row,
            offsets,
            local_end: next.local,
            name: name_start..name_end,
        });
        (offsets, name_start) = (next, name_end);
    }
    (offsets == place.end && widen(name_start) == place.names_len).then_some(placed)
}
