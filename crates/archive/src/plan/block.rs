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
use crate::row::Row;
use crate::widths::{narrow, take_varint, widen};

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
        let mut bytes = vec![0; narrow(place.block_len)];
        source.read_at(place.start.block_offset, &mut bytes)?;
        if crc32fast::hash(&bytes) != place.start.checksum {
            return Err(DAMAGED);
        }
        let (placed, names) = unfold(&bytes, &place).ok_or(DAMAGED)?;
        Ok(Self { place, placed, names })
    }

    /// The number in the plan of the first entry, and all rows.
    pub(crate) fn into_rows(self) -> (u64, impl Iterator<Item = Row>) {
        let rows = self.placed.into_iter().map(|placed| placed.row);
        (self.place.entries.start, rows)
    }

    /// How many entries it has.
    pub(crate) fn len(&self) -> usize {
        self.placed.len()
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

/// Gives every entry its name and its offsets; `None` unless they end exactly where the index says the next block starts.
fn unfold(mut bytes: &[u8], place: &BlockPlace) -> Option<(Vec<Placed>, Vec<u8>)> {
    let count = narrow(place.entries.end.checked_sub(place.entries.start)?);
    let names_len = narrow(u64::from(place.start.names_len));
    let mut placed = Vec::with_capacity(count);
    let mut names = Vec::with_capacity(names_len);
    let mut offsets = place.start.offsets;
    let mut before = Row::NONE;
    let mut name_before = 0..0;
    for _ in 0..count {
        let name = unfold_name(&mut bytes, name_before, &mut names)?;
        let mut row = Row::decode_after(&before, &mut bytes)?;
        row.name_len = u16::try_from(name.len()).ok()?;
        let next = offsets.after(&row)?;
        if names.len() > names_len {
            return None;
        }
        placed.push(Placed {
            row,
            offsets,
            local_end: next.local,
            name: name.clone(),
        });
        (offsets, before, name_before) = (next, row, name);
    }
    let is_whole = bytes.is_empty() && offsets == place.end && names.len() == names_len;
    is_whole.then_some((placed, names))
}

/// A name is how many bytes it shares with the one before, how many follow, and those.
fn unfold_name(bytes: &mut &[u8], before: Range<usize>, names: &mut Vec<u8>) -> Option<Range<usize>> {
    let shared_len = narrow(take_varint(bytes)?);
    let rest_len = narrow(take_varint(bytes)?);
    let shared = before.start..before.start.checked_add(shared_len)?;
    let (rest, after) = bytes.split_at_checked(rest_len)?;
    let start = names.len();
    if shared.end > before.end {
        return None;
    }
    names.extend_from_within(shared);
    names.extend_from_slice(rest);
    *bytes = after;
    Some(start..names.len())
}
