//! From entries in any order to a plan's bytes.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::entry::{Entry, EntryKind, Method};
use crate::layout::{Extent, LayoutError, Offsets};
use crate::names::PATH_MAX;
use crate::plan::format::{ENTRIES_PER_BLOCK, IndexEntry, Trailer};
use crate::row::Row;
use crate::widths::{narrow, put_varint, widen};

/// Name bytes of a chunk. Chunks spare both the slack and the copy that a doubling buffer has.
const CHUNK_NAMES_LEN: usize = 256 << 10;
/// Rows of a chunk.
const CHUNK_ROWS: usize = 4096;

/// Gathers entries and lays them out. Takes them in any order; those that come in byte order of path, folders with
/// their slash, are not sorted again. Memory: 56 bytes and the name for an entry while gathering, 24 more while
/// finishing, half as much again when they must be sorted.
#[derive(Debug, Default)]
pub struct PlanBuilder {
    chunks: Vec<Chunk>,
}

/// What a finished plan says about its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanSummary {
    /// Bytes of the whole archive.
    pub zip_len: u64,
    /// Entries, folders included.
    pub entry_count: u64,
    /// Bytes of the plan itself.
    pub plan_len: u64,
}

/// A finished plan in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanBytes {
    /// What it says about its archive.
    pub summary: PlanSummary,
    /// The encoded plan: equal for equal entries, whatever order they came in (Z13).
    pub bytes: Vec<u8>,
}

#[derive(Debug)]
struct Chunk {
    rows: Vec<Row>,
    /// The rows' names as written, one after the other.
    names: String,
}

/// An entry as it is sorted and written.
type Line<'a> = (&'a str, &'a Row);

impl PlanBuilder {
    /// A builder without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry. Fails, and stays as it was, when its path is too long or its fields contradict each other.
    pub fn push(&mut self, entry: Entry) -> Result<(), LayoutError> {
        let row = to_row(&entry)?;
        let has_room = |chunk: &Chunk| {
            chunk.rows.len() < CHUNK_ROWS && chunk.names.len() + usize::from(row.name_len) <= CHUNK_NAMES_LEN
        };
        if !self.chunks.last().is_some_and(has_room) {
            self.chunks.push(Chunk {
                rows: Vec::with_capacity(16),
                names: String::with_capacity(1024),
            });
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.names.push_str(&entry.name.into_string());
            if row.kind == EntryKind::Folder {
                chunk.names.push('/');
            }
            chunk.rows.push(row);
        }
        Ok(())
    }

    /// How many entries there are.
    pub fn entry_count(&self) -> u64 {
        self.chunks.iter().map(|chunk| widen(chunk.rows.len())).sum()
    }

    /// Lays the entries out and gives the plan in one piece.
    pub fn finish(self) -> Result<PlanBytes, LayoutError> {
        let mut bytes = Vec::new();
        let summary = self.finish_into(|part| {
            bytes.extend_from_slice(part);
            Ok::<(), LayoutError>(())
        })?;
        Ok(PlanBytes { summary, bytes })
    }

    /// Lays the entries out and hands the plan to `sink` in parts of some 6 KiB, so that a large one need not be in
    /// memory. Nothing has been handed over when it fails with a [`LayoutError`]; the sink's own error ends it too.
    pub fn finish_into<E: From<LayoutError>>(
        self,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<PlanSummary, E> {
        let lines = self.sorted_lines()?;
        let extent = measure(&lines).ok_or(LayoutError::TooLarge)?;
        let mut index = Vec::new();
        let mut block_offset = 0;
        let mut offsets = Offsets::default();
        let mut part = Vec::new();
        for block in lines.chunks(narrow(ENTRIES_PER_BLOCK)) {
            let names_len = encode_block(block, &mut part);
            let start = IndexEntry {
                offsets,
                block_offset,
                names_len,
                checksum: crc32fast::hash(&part),
            };
            start.encode(&mut index);
            block_offset = block_offset.saturating_add(widen(part.len()));
            offsets = end_of(block, offsets).ok_or(LayoutError::TooLarge)?;
            sink(&part)?;
        }
        let trailer = Trailer::new(extent, block_offset).ok_or(LayoutError::TooLarge)?;
        index.extend_from_slice(&trailer.encode());
        let checksum = crc32fast::hash(&index);
        index.extend_from_slice(&checksum.to_le_bytes());
        sink(&index)?;
        Ok(PlanSummary {
            zip_len: extent.zip_len,
            entry_count: extent.entry_count,
            plan_len: trailer.plan_len,
        })
    }

    fn sorted_lines(&self) -> Result<Vec<Line<'_>>, LayoutError> {
        let mut lines = Vec::with_capacity(narrow(self.entry_count()));
        for chunk in &self.chunks {
            lines.extend(chunk.lines());
        }
        if lines.is_empty() {
            return Err(LayoutError::Empty);
        }
        let lines = sort(lines);
        match find_clash(&lines) {
            Some(name) => Err(LayoutError::NameClash(name.to_owned())),
            None => Ok(lines),
        }
    }
}

impl Chunk {
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let mut rest = self.names.as_str();
        self.rows.iter().map_while(move |row| {
            let (name, tail) = rest.split_at_checked(usize::from(row.name_len))?;
            rest = tail;
            Some((name, row))
        })
    }
}

/// Sorts by written path. Entries come folder by folder: putting whole runs in order first leaves little to do.
fn sort(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let in_order = |left: &Line<'_>, right: &Line<'_>| left.0 <= right.0;
    if lines.is_sorted_by(in_order) {
        return lines;
    }
    let mut runs: Vec<&[Line<'_>]> = lines.chunk_by(in_order).collect();
    runs.sort_by_key(|run| run.first().map(|(name, _)| *name));
    lines = runs.concat();
    if !lines.is_sorted_by(in_order) {
        lines.sort_by_key(|(name, _)| *name);
    }
    lines
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

fn end_of(lines: &[Line<'_>], start: Offsets) -> Option<Offsets> {
    lines
        .iter()
        .try_fold(start, |offsets, (_, row)| offsets.after(row))
}

/// The extent of the archive of these lines; `None` when it would be too large.
fn measure(lines: &[Line<'_>]) -> Option<Extent> {
    Extent::new(widen(lines.len()), end_of(lines, Offsets::default())?)
}

/// The first path that two entries claim, or that one claims as a document and another as a folder (Z7).
fn find_clash<'a>(lines: &[Line<'a>]) -> Option<&'a str> {
    // Documents whose names the current name starts with. Sorted order puts everything that starts with a name right
    // after it, so one that does not fit any more never will again.
    let mut open: Vec<&str> = Vec::new();
    for (name, row) in lines {
        while open.last().is_some_and(|document| !name.starts_with(*document)) {
            open.pop();
        }
        let claimed = |document: &&str| {
            name.get(document.len()..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if open.iter().any(claimed) {
            return Some(name);
        }
        if row.kind == EntryKind::Document {
            open.push(name);
        }
    }
    let twice = lines.array_windows().find(|[left, right]| left.0 == right.0);
    twice.map(|[(name, _), _]| *name)
}

/// Proves an entry and drops its name. An empty document is stored (Z9), whatever an encoder makes of nothing.
fn to_row(entry: &Entry) -> Result<Row, LayoutError> {
    let is_folder = entry.kind == EntryKind::Folder;
    let name_len = entry.name.as_str().len() + usize::from(is_folder);
    if name_len > PATH_MAX {
        return Err(LayoutError::NameTooLong);
    }
    let is_empty = entry.raw_len == 0;
    let consistent = if is_empty {
        entry.crc32 == 0
    } else {
        !is_folder
            && entry.stored_len > 0
            && (entry.method == Method::Deflated || entry.stored_len == entry.raw_len)
    };
    if !consistent {
        return Err(LayoutError::Inconsistent);
    }
    Ok(Row {
        content: entry.content,
        raw_len: entry.raw_len,
        stored_len: if is_empty { 0 } else { entry.stored_len },
        modified: entry.modified,
        crc32: entry.crc32,
        name_len: u16::try_from(name_len).map_err(|_| LayoutError::NameTooLong)?,
        method: if is_empty { Method::Stored } else { entry.method },
        kind: entry.kind,
    })
}
