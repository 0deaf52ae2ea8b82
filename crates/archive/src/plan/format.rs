//! The plan's stored form: blocks, index, trailer, so that it is written in one go.
//!
//! A block is up to [`ENTRIES_PER_BLOCK`] entries, each written as what differs from the one before: some 25 bytes instead
//! of 56 and the path, for the plan's length is what a staging waits for at the disk. The index has one [`IndexEntry`] per
//! block with where the block lies, the archive offsets its first entry has, and its checksum; offsets of the other
//! entries follow by addition. The plan ends in the [`Trailer`] and a CRC-32 of index and trailer.

use alloc::vec::Vec;

use crate::layout::{Extent, LAYOUT_VERSION, Offsets};
use crate::plan::PlanError;
use crate::widths::{take, take_u16, take_u32, take_u64};

/// Entries of a block; the last block of a plan may have fewer.
pub const ENTRIES_PER_BLOCK: u64 = 256;
/// Bytes of an encoded trailer.
pub(crate) const TRAILER_LEN: u64 = 64;
/// Bytes of an encoded index entry.
pub(crate) const INDEX_ENTRY_LEN: u64 = 32;
/// Bytes of the checksum after the trailer.
pub(crate) const CHECKSUM_LEN: u64 = 4;

const MAGIC: [u8; 8] = *b"HOLDPLAN";
const FORMAT_VERSION: u16 = 1;

/// What a plan says about itself and its archive in 64 bytes before its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trailer {
    pub(crate) extent: Extent,
    /// Where the index starts, which is how long the blocks are.
    pub(crate) index_offset: u64,
    pub(crate) plan_len: u64,
}

impl Trailer {
    /// The trailer of a plan whose blocks take `index_offset` bytes; `None` when the lengths exceed `u64`.
    pub(crate) fn new(extent: Extent, index_offset: u64) -> Option<Self> {
        let index_len = block_count(extent.entry_count).checked_mul(INDEX_ENTRY_LEN)?;
        let end_len = TRAILER_LEN + CHECKSUM_LEN;
        let plan_len = index_offset.checked_add(index_len)?.checked_add(end_len)?;
        Some(Self {
            extent,
            index_offset,
            plan_len,
        })
    }

    /// Magic 8, format version 2, layout version 2, CRC-32 of the rest 4, then six 8-byte fields.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut fields = Vec::with_capacity(48);
        let Extent {
            entry_count,
            central_offset,
            central_len,
            zip_len,
        } = self.extent;
        for field in [
            entry_count,
            zip_len,
            central_offset,
            central_len,
            self.index_offset,
            self.plan_len,
        ] {
            fields.extend_from_slice(&field.to_le_bytes());
        }
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&LAYOUT_VERSION.to_le_bytes());
        let checksum = trailer_checksum(&bytes, &fields);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes.extend_from_slice(&fields);
        bytes
    }

    /// Reads a trailer and proves that its lengths agree with each other and with `source_len`.
    pub(crate) fn decode(bytes: &[u8], source_len: u64) -> Result<Self, PlanError> {
        let (start, _) = bytes.split_at_checked(12).ok_or(PlanError::NotAPlan)?;
        let mut rest = bytes;
        if take(&mut rest) != Some(MAGIC) {
            return Err(PlanError::NotAPlan);
        }
        let versions = take_u16(&mut rest)
            .zip(take_u16(&mut rest))
            .ok_or(PlanError::NotAPlan)?;
        let checksum = take_u32(&mut rest).ok_or(PlanError::NotAPlan)?;
        if checksum != trailer_checksum(start, rest) {
            return Err(PlanError::Damaged("trailer"));
        }
        if versions != (FORMAT_VERSION, LAYOUT_VERSION) {
            return Err(PlanError::UnknownVersion {
                format: versions.0,
                layout: versions.1,
            });
        }
        let trailer = Self::decode_fields(rest).ok_or(PlanError::Damaged("trailer"))?;
        if trailer.plan_len == source_len {
            Ok(trailer)
        } else {
            Err(PlanError::Damaged("length"))
        }
    }

    /// `None` unless every field follows from the others as the builder would have derived it.
    fn decode_fields(mut rest: &[u8]) -> Option<Self> {
        let entry_count = take_u64(&mut rest)?;
        let zip_len = take_u64(&mut rest)?;
        let end = Offsets {
            local: take_u64(&mut rest)?,
            central: take_u64(&mut rest)?,
        };
        let index_offset = take_u64(&mut rest)?;
        let plan_len = take_u64(&mut rest)?;
        let extent = Extent::new(entry_count, end)?;
        let trailer = Self::new(extent, index_offset)?;
        (entry_count > 0 && extent.zip_len == zip_len && trailer.plan_len == plan_len).then_some(trailer)
    }
}

/// How many blocks hold `entry_count` entries.
pub(crate) fn block_count(entry_count: u64) -> u64 {
    entry_count.div_ceil(ENTRIES_PER_BLOCK)
}

/// One block: where it is, what it starts with, and what it must hash to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexEntry {
    /// Archive offsets of the block's first entry.
    pub(crate) offsets: Offsets,
    /// From the start of the plan.
    pub(crate) block_offset: u64,
    /// Bytes of the names of its entries when they are written out.
    pub(crate) names_len: u32,
    /// CRC-32 of the block.
    pub(crate) checksum: u32,
}

impl IndexEntry {
    /// Appends the 32 bytes.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        for field in [self.offsets.local, self.offsets.central, self.block_offset] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        out.extend_from_slice(&self.names_len.to_le_bytes());
        out.extend_from_slice(&self.checksum.to_le_bytes());
    }

    /// Takes 32 bytes off the front, or `None` when fewer are left.
    pub(crate) fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            offsets: Offsets {
                local: take_u64(bytes)?,
                central: take_u64(bytes)?,
            },
            block_offset: take_u64(bytes)?,
            names_len: take_u32(bytes)?,
            checksum: take_u32(bytes)?,
        })
    }
}

fn trailer_checksum(start: &[u8], fields: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(start);
    hasher.update(fields);
    hasher.finalize()
}
