//! A plan's bytes, block by block: what gathering and streaming builders share, and the one that streams.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::entry::{Entry, EntryKind};
use crate::layout::{Extent, LayoutError, Offsets};
use crate::plan::PlanSummary;
use crate::plan::build::to_row;
use crate::plan::format::{ENTRIES_PER_BLOCK, IndexEntry, Trailer};
use crate::records::local_header_len;
use crate::row::Row;
use crate::widths::{narrow, put_varint, widen};

/// An entry as it is sorted and written.
pub(crate) type Line<'a> = (&'a str, &'a Row);

/// Lays out entries that come in archive order, and keeps no more of them than a block: memory is 32 bytes for every 256
/// entries. Who has them in another order takes a [`crate::PlanBuilder`]; equal entries give equal plans.
#[derive(Debug, Default)]
pub struct PlanWriter {
    blocks: BlockWriter,
    /// The entries of the block under way; names as written.
    pending: Vec<(String, Row)>,
    next: Offsets,
    /// Documents whose names the last name starts with.
    open: Vec<String>,
    last: String,
}

impl PlanWriter {
    /// A writer without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the next entry's local header starts.
    pub fn next_offset(&self) -> u64 {
        self.next.local
    }

    /// Adds an entry and hands a block that is full to `sink`. Fails when the entry is not after the one before in byte order
    /// of written path, claims a path that another has, is too long, or contradicts itself; the sink's own error ends it too.
    pub fn push<E: From<LayoutError>>(
        &mut self,
        entry: Entry,
        sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let row = to_row(&entry)?;
        let mut name = entry.name.into_string();
        if row.kind == EntryKind::Folder {
            name.push('/');
        }
        self.admit(&name, &row)?;
        self.next = self.next.after(&row).ok_or(LayoutError::TooLarge)?;
        name.clone_into(&mut self.last);
        self.pending.push((name, row));
        if self.pending.len() >= narrow(ENTRIES_PER_BLOCK) {
            self.flush(sink)?;
        }
        Ok(())
    }

    /// Hands over the rest of the plan.
    pub fn finish<E: From<LayoutError>>(
        mut self,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<PlanSummary, E> {
        if !self.pending.is_empty() {
            self.flush(&mut sink)?;
        }
        self.blocks.finish(sink)
    }

    fn admit(&mut self, name: &str, row: &Row) -> Result<(), LayoutError> {
        if !self.last.is_empty() && name <= self.last.as_str() {
            return Err(if name == self.last {
                LayoutError::NameClash(name.to_owned())
            } else {
                LayoutError::Unsorted(name.to_owned())
            });
        }
        while self
            .open
            .last()
            .is_some_and(|document| !name.starts_with(document))
        {
            self.open.pop();
        }
        let claims = |document: &String| {
            name.get(document.len()..)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if self.open.iter().any(claims) {
            return Err(LayoutError::NameClash(name.to_owned()));
        }
        if row.kind == EntryKind::Document {
            self.open.push(name.to_owned());
        }
        Ok(())
    }

    fn flush<E: From<LayoutError>>(&mut self, sink: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let lines: Vec<Line<'_>> = self.pending.iter().map(|(name, row)| (&**name, row)).collect();
        self.blocks.write(&lines, sink)?;
        self.pending.clear();
        Ok(())
    }
}

/// Bytes that an entry takes where it lies: its local header and its stored content. Fails when its fields contradict each other.
pub fn local_len(entry: &Entry) -> Result<u64, LayoutError> {
    let row = to_row(entry)?;
    local_header_len(&row)
        .checked_add(row.stored_len)
        .ok_or(LayoutError::TooLarge)
}

/// Writes blocks, then index and trailer.
#[derive(Debug, Default)]
pub(crate) struct BlockWriter {
    index: Vec<u8>,
    block_offset: u64,
    offsets: Offsets,
    entry_count: u64,
    part: Vec<u8>,
}

impl BlockWriter {
    /// Hands over a block: [`ENTRIES_PER_BLOCK`] lines, or fewer at the end.
    pub(crate) fn write<E: From<LayoutError>>(
        &mut self,
        block: &[Line<'_>],
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let names_len = encode_block(block, &mut self.part);
        let start = IndexEntry {
            offsets: self.offsets,
            block_offset: self.block_offset,
            names_len,
            checksum: crc32fast::hash(&self.part),
        };
        start.encode(&mut self.index);
        self.block_offset = self.block_offset.saturating_add(widen(self.part.len()));
        self.offsets = end_of(block, self.offsets).ok_or(LayoutError::TooLarge)?;
        self.entry_count = self.entry_count.saturating_add(widen(block.len()));
        sink(&self.part)
    }

    /// Hands over index and trailer. Fails when there is no entry or the archive would be too large.
    pub(crate) fn finish<E: From<LayoutError>>(
        mut self,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<PlanSummary, E> {
        if self.entry_count == 0 {
            return Err(LayoutError::Empty.into());
        }
        let extent = Extent::new(self.entry_count, self.offsets).ok_or(LayoutError::TooLarge)?;
        let trailer = Trailer::new(extent, self.block_offset).ok_or(LayoutError::TooLarge)?;
        self.index.extend_from_slice(&trailer.encode());
        let checksum = crc32fast::hash(&self.index);
        self.index.extend_from_slice(&checksum.to_le_bytes());
        sink(&self.index)?;
        Ok(PlanSummary {
            zip_len: extent.zip_len,
            entry_count: extent.entry_count,
            plan_len: trailer.plan_len,
        })
    }
}

/// Replaces `part` with the block's bytes and says how long its names are when they are written out.
fn encode_block(block: &[Line<'_>], part: &mut Vec<u8>) -> u32 {
    part.clear();
    let mut names_len = 0_u32;
    let (mut name_before, mut row_before) = ("", &Row::NONE);
    for (name, row) in block {
        let shared_len = shared_len(name_before.as_bytes(), name.as_bytes());
        let rest = name.as_bytes().get(shared_len..).unwrap_or_default();
        put_varint(widen(shared_len), part);
        put_varint(widen(rest.len()), part);
        part.extend_from_slice(rest);
        row.encode_after(row_before, part);
        names_len = names_len.saturating_add(u32::from(row.name_len));
        (name_before, row_before) = (*name, *row);
    }
    names_len
}

/// How many bytes two names start with together. Eight at a time: neighbours share most of a long path.
fn shared_len(left: &[u8], right: &[u8]) -> usize {
    let (left_words, right_words) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let words = left_words.iter().zip(right_words);
    let equal_len = words.take_while(|(left, right)| left == right).count() * 8;
    let tail = left.iter().zip(right).skip(equal_len);
    equal_len + tail.take_while(|(left, right)| left == right).count()
}

/// Where the entry after these lines has its headers; `None` past the end of `u64`.
pub(crate) fn end_of(lines: &[Line<'_>], start: Offsets) -> Option<Offsets> {
    lines
        .iter()
        .try_fold(start, |offsets, (_, row)| offsets.after(row))
}
