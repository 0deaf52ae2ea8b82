//! The plan's stored form: header, blocks, index.
//!
//! A block is up to [`ENTRIES_PER_BLOCK`] rows followed by their names. The index has one [`IndexEntry`] per block
//! with where the block lies, the archive offsets its first entry has, and its checksums; offsets of the other entries
//! follow by addition. The index ends in a CRC-32 of header and index.

use alloc::vec::Vec;

use crate::layout::{Extent, LAYOUT_VERSION, Offsets};
use crate::plan::PlanError;
use crate::row::ROW_LEN;
use crate::widths::{take, take_u16, take_u32, take_u64, widen};

/// Entries of a block; the last block of a plan may have fewer.
pub const ENTRIES_PER_BLOCK: u64 = 256;
/// Bytes of an encoded header.
pub(crate) const HEADER_LEN: u64 = 64;
/// Bytes of an encoded index entry.
pub(crate) const INDEX_ENTRY_LEN: u64 = 32;
/// Bytes of the checksum after the index.
pub(crate) const CHECKSUM_LEN: u64 = 4;

const MAGIC: [u8; 8] = *b"HOLDPLAN";
const FORMAT_VERSION: u16 = 1;

/// What a plan says about itself and its archive in its first 64 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) extent: Extent,
    pub(crate) index_offset: u64,
    pub(crate) plan_len: u64,
}

impl Header {
    /// The header of a plan whose blocks take `blocks_len` bytes; `None` when the lengths exceed `u64`.
    pub(crate) fn new(extent: Extent, blocks_len: u64) -> Option<Self> {
        let index_offset = HEADER_LEN.checked_add(blocks_len)?;
        let index_len = block_count(extent.entry_count).checked_mul(INDEX_ENTRY_LEN)?;
        let plan_len = index_offset.checked_add(index_len)?.checked_add(CHECKSUM_LEN)?;
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
        let checksum = header_checksum(&bytes, &fields);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes.extend_from_slice(&fields);
        bytes
    }

    /// Reads a header and proves that its lengths agree with each other and with `source_len`.
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
        if checksum != header_checksum(start, rest) {
            return Err(PlanError::Damaged("header"));
        }
        if versions != (FORMAT_VERSION, LAYOUT_VERSION) {
            return Err(PlanError::UnknownVersion {
                format: versions.0,
                layout: versions.1,
            });
        }
        let header = Self::decode_fields(rest).ok_or(PlanError::Damaged("header"))?;
        if header.plan_len == source_len {
            Ok(header)
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
        let header = Self::new(extent, index_offset.checked_sub(HEADER_LEN)?)?;
        (entry_count > 0 && extent.zip_len == zip_len && header.plan_len == plan_len).then_some(header)
    }
}

/// How many blocks hold `entry_count` entries.
pub(crate) fn block_count(entry_count: u64) -> u64 {
    entry_count.div_ceil(ENTRIES_PER_BLOCK)
}

/// Bytes of the rows of `row_count` entries.
pub(crate) fn rows_len(row_count: u64) -> u64 {
    row_count.saturating_mul(widen(ROW_LEN))
}

/// One block: where it is, what it starts with, and what it must hash to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexEntry {
    /// Archive offsets of the block's first entry.
    pub(crate) offsets: Offsets,
    /// From the start of the plan.
    pub(crate) block_offset: u64,
    pub(crate) rows_checksum: u32,
    pub(crate) names_checksum: u32,
}

impl IndexEntry {
    /// Appends the 32 bytes.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        for field in [self.offsets.local, self.offsets.central, self.block_offset] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        out.extend_from_slice(&self.rows_checksum.to_le_bytes());
        out.extend_from_slice(&self.names_checksum.to_le_bytes());
    }

    /// Takes 32 bytes off the front, or `None` when fewer are left.
    pub(crate) fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            offsets: Offsets {
                local: take_u64(bytes)?,
                central: take_u64(bytes)?,
            },
            block_offset: take_u64(bytes)?,
            rows_checksum: take_u32(bytes)?,
            names_checksum: take_u32(bytes)?,
        })
    }
}

fn header_checksum(start: &[u8], fields: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(start);
    hasher.update(fields);
    hasher.finalize()
}
