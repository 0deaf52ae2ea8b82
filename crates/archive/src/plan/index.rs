//! A plan's index in memory: 32 bytes for every 256 entries, so 125 KiB for a million.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::layout::Offsets;
use crate::names::PATH_MAX;
use crate::plan::PlanError;
use crate::plan::format::{
    CHECKSUM_LEN, ENTRIES_PER_BLOCK, INDEX_ENTRY_LEN, IndexEntry, TRAILER_LEN, Trailer, block_count,
};
use crate::plan::source::ReadAt;
use crate::widths::{narrow, widen};

const DAMAGED: PlanError = PlanError::Damaged("index");
/// Index bytes read at once, so that memory grows with bytes that exist and not with a declared count (L9).
const READ_LEN: u64 = 2048 * INDEX_ENTRY_LEN;

/// Where every block is.
#[derive(Debug)]
pub(crate) struct Index {
    trailer: Trailer,
    entries: Vec<IndexEntry>,
}

/// Where one block is: what the index knows before the block is read.
#[derive(Clone, Debug)]
pub(crate) struct BlockPlace {
    pub(crate) start: IndexEntry,
    /// Archive offsets right after the block's last entry.
    pub(crate) end: Offsets,
    /// Entry numbers.
    pub(crate) entries: Range<u64>,
    /// Bytes of the block.
    pub(crate) block_len: u64,
}

impl Index {
    /// Reads and proves trailer and index.
    pub(crate) fn read(source: &(impl ReadAt + ?Sized)) -> Result<Self, PlanError> {
        let mut end_bytes = [0; 68];
        let trailer_offset = source.len().checked_sub(TRAILER_LEN + CHECKSUM_LEN);
        let trailer_offset = trailer_offset.ok_or(PlanError::NotAPlan)?;
        source.read_at(trailer_offset, &mut end_bytes)?;
        let (trailer_bytes, checksum) = end_bytes.split_last_chunk::<4>().ok_or(PlanError::NotAPlan)?;
        let trailer = Trailer::decode(trailer_bytes, source.len())?;
        let mut hasher = crc32fast::Hasher::new();
        let mut entries = Vec::new();
        let mut offset = trailer.index_offset;
        while offset < trailer_offset {
            let len = READ_LEN.min(trailer_offset.saturating_sub(offset));
            let mut bytes = vec![0; narrow(len)];
            source.read_at(offset, &mut bytes)?;
            hasher.update(&bytes);
            let mut rest = bytes.as_slice();
            entries.extend(core::iter::from_fn(|| IndexEntry::decode(&mut rest)));
            offset = offset.saturating_add(len);
        }
        hasher.update(trailer_bytes);
        let index = Self { trailer, entries };
        if u32::from_le_bytes(*checksum) == hasher.finalize() && index.is_sound() {
            Ok(index)
        } else {
            Err(DAMAGED)
        }
    }

    pub(crate) fn trailer(&self) -> &Trailer {
        &self.trailer
    }

    pub(crate) fn block_count(&self) -> u64 {
        block_count(self.trailer.extent.entry_count)
    }

    /// Where block `number` is, or `None` when there is no such block.
    pub(crate) fn place(&self, number: u64) -> Option<BlockPlace> {
        let start = *self.entries.get(narrow(number))?;
        let extent = &self.trailer.extent;
        let next = self.entries.get(narrow(number.checked_add(1)?));
        let last_offsets = Offsets {
            local: extent.central_offset,
            central: extent.central_len,
        };
        let (end, block_end) = next.map_or((last_offsets, self.trailer.index_offset), |next| {
            (next.offsets, next.block_offset)
        });
        let first_entry = number.checked_mul(ENTRIES_PER_BLOCK)?;
        let entries = first_entry
            ..extent
                .entry_count
                .min(first_entry.checked_add(ENTRIES_PER_BLOCK)?);
        let block_len = block_end.checked_sub(start.block_offset)?;
        Some(BlockPlace {
            start,
            end,
            entries,
            block_len,
        })
    }

    /// The block whose local entries hold the archive offset.
    pub(crate) fn block_at_local(&self, offset: u64) -> u64 {
        let after = self
            .entries
            .partition_point(|entry| entry.offsets.local <= offset);
        widen(after.saturating_sub(1))
    }

    /// The block whose central records hold the offset into the central directory.
    pub(crate) fn block_at_central(&self, offset: u64) -> u64 {
        let after = self
            .entries
            .partition_point(|entry| entry.offsets.central <= offset);
        widen(after.saturating_sub(1))
    }

    /// Whether the blocks fill the plan from its start to the index and start with the archive, each with offsets that grow
    /// and names of a length that can be.
    fn is_sound(&self) -> bool {
        let Some(first) = self.entries.first() else {
            return false;
        };
        let starts_right = first.offsets == Offsets::default() && first.block_offset == 0;
        let counted = widen(self.entries.len()) == self.block_count();
        starts_right && counted && (0..self.block_count()).all(|number| self.is_sound_block(number))
    }

    fn is_sound_block(&self, number: u64) -> bool {
        self.place(number).is_some_and(|place| {
            let offsets = place.start.offsets;
            let entry_count = place.entries.end.saturating_sub(place.entries.start);
            let names_max = entry_count.saturating_mul(widen(PATH_MAX));
            offsets.local < place.end.local
                && offsets.central < place.end.central
                && (entry_count..=names_max).contains(&u64::from(place.start.names_len))
                && place.block_len >= entry_count
        })
    }
}
