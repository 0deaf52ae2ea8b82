//! A plan's index in memory: 32 bytes for every 256 entries, so 125 KiB for a million.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::layout::Offsets;
use crate::names::PATH_MAX;
use crate::plan::PlanError;
use crate::plan::format::{
    CHECKSUM_LEN, ENTRIES_PER_BLOCK, HEADER_LEN, Header, INDEX_ENTRY_LEN, IndexEntry, block_count, rows_len,
};
use crate::plan::source::ReadAt;
use crate::widths::{narrow, widen};

const DAMAGED: PlanError = PlanError::Damaged("index");
/// Index bytes read at once, so that memory grows with bytes that exist and not with a declared count (L9).
const READ_LEN: u64 = 2048 * INDEX_ENTRY_LEN;

/// Where every block is.
#[derive(Debug)]
pub(crate) struct Index {
    header: Header,
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
    pub(crate) rows_len: u64,
    pub(crate) names_len: u64,
}

impl Index {
    /// Reads and proves header and index.
    pub(crate) fn read(source: &(impl ReadAt + ?Sized)) -> Result<Self, PlanError> {
        let mut header_bytes = [0; 64];
        if source.len() < HEADER_LEN + CHECKSUM_LEN {
            return Err(PlanError::NotAPlan);
        }
        source.read_at(0, &mut header_bytes)?;
        let header = Header::decode(&header_bytes, source.len())?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&header_bytes);
        let mut entries = Vec::new();
        let mut offset = header.index_offset;
        let end = header.plan_len.saturating_sub(CHECKSUM_LEN);
        while offset < end {
            let len = READ_LEN.min(end.saturating_sub(offset));
            let mut bytes = vec![0; narrow(len)];
            source.read_at(offset, &mut bytes)?;
            hasher.update(&bytes);
            let mut rest = bytes.as_slice();
            entries.extend(core::iter::from_fn(|| IndexEntry::decode(&mut rest)));
            offset = offset.saturating_add(len);
        }
        let mut checksum = [0; 4];
        source.read_at(end, &mut checksum)?;
        let index = Self { header, entries };
        if u32::from_le_bytes(checksum) == hasher.finalize() && index.is_sound() {
            Ok(index)
        } else {
            Err(DAMAGED)
        }
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn block_count(&self) -> u64 {
        block_count(self.header.extent.entry_count)
    }

    /// Where block `number` is, or `None` when there is no such block.
    pub(crate) fn place(&self, number: u64) -> Option<BlockPlace> {
        let start = *self.entries.get(narrow(number))?;
        let extent = &self.header.extent;
        let next = self.entries.get(narrow(number.checked_add(1)?));
        let last_offsets = Offsets {
            local: extent.central_offset,
            central: extent.central_len,
        };
        let (end, block_end) = next.map_or((last_offsets, self.header.index_offset), |next| {
            (next.offsets, next.block_offset)
        });
        let first_entry = number.checked_mul(ENTRIES_PER_BLOCK)?;
        let entries = first_entry
            ..extent
                .entry_count
                .min(first_entry.checked_add(ENTRIES_PER_BLOCK)?);
        let rows_len = rows_len(entries.end.checked_sub(entries.start)?);
        let names_len = block_end.checked_sub(start.block_offset)?.checked_sub(rows_len)?;
        Some(BlockPlace {
            start,
            end,
            entries,
            rows_len,
            names_len,
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

    /// Whether the blocks fill the plan from header to index and start with the archive, each with offsets that grow
    /// and names of a length that can be.
    fn is_sound(&self) -> bool {
        let Some(first) = self.entries.first() else {
            return false;
        };
        let starts_right = first.offsets == Offsets::default() && first.block_offset == HEADER_LEN;
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
                && (entry_count..=names_max).contains(&place.names_len)
        })
    }
}
