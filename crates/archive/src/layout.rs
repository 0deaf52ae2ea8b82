//! Where every record of an archive lies: the arithmetic that building, reading and splicing a plan share.

use core::fmt;

use crate::records::{central_record_len, end_records_len, local_header_len};
use crate::row::Row;

/// Names the byte layout of the archives this build writes. It changes whenever the same entries would give other
/// archive bytes, is part of every plan, and so of every tag made from a plan (L2).
pub const LAYOUT_VERSION: u16 = 1;

/// Why entries cannot be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// No entry at all: readers take an empty archive for a broken one (Z12).
    Empty,
    /// Two entries have this path, or one is a document and the other lies below it (Z7).
    NameClash(alloc::string::String),
    /// The entry has this path, which comes before that of the entry before it.
    Unsorted(alloc::string::String),
    /// The path as written is longer than [`crate::PATH_MAX`] bytes.
    NameTooLong,
    /// Lengths, method, CRC-32 and kind of an entry contradict each other.
    Inconsistent,
    /// The archive or its plan would be longer than 2^63 - 1 bytes.
    TooLarge,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("an archive needs at least one entry"),
            Self::NameClash(name) => write!(formatter, "two entries claim the path {name:?}"),
            Self::Unsorted(name) => write!(formatter, "the path {name:?} is out of order"),
            Self::NameTooLong => formatter.write_str("an entry's path is too long"),
            Self::Inconsistent => {
                formatter.write_str("an entry's lengths, method and checksum contradict each other")
            }
            Self::TooLarge => formatter.write_str("the archive would be too large"),
        }
    }
}

impl core::error::Error for LayoutError {}

/// Where an entry's two headers start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offsets {
    /// Of the local header, from the start of the archive.
    pub(crate) local: u64,
    /// Of the central record, from the start of the central directory.
    pub(crate) central: u64,
}

impl Offsets {
    /// Where the next entry's headers start; `None` past the end of `u64`.
    pub(crate) fn after(self, row: &Row) -> Option<Self> {
        let local = self
            .local
            .checked_add(local_header_len(row))?
            .checked_add(row.stored_len)?;
        let central = self.central.checked_add(central_record_len(row, self.local))?;
        Some(Self { local, central })
    }
}

/// The three parts of an archive: local entries, central directory, end records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) entry_count: u64,
    /// Where the central directory starts, which is where the last entry's content ends (Z1).
    pub(crate) central_offset: u64,
    pub(crate) central_len: u64,
    /// Bytes of the whole archive.
    pub(crate) zip_len: u64,
}

impl Extent {
    /// The extent of an archive whose last entry is followed by `end`; `None` above 2^63 - 1 bytes.
    pub(crate) fn new(entry_count: u64, end: Offsets) -> Option<Self> {
        let tail_len = end_records_len(entry_count, end.local, end.central);
        let zip_len = end.local.checked_add(end.central)?.checked_add(tail_len)?;
        i64::try_from(zip_len).ok()?;
        Some(Self {
            entry_count,
            central_offset: end.local,
            central_len: end.central,
            zip_len,
        })
    }

    /// Where the central directory ends.
    pub(crate) fn central_end(&self) -> u64 {
        self.central_offset.saturating_add(self.central_len)
    }
}
