//! From entries in any order to a plan's bytes.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::entry::{Entry, EntryKind, Method};
use crate::layout::{Extent, LayoutError, Offsets};
use crate::names::PATH_MAX;
use crate::plan::format::ENTRIES_PER_BLOCK;
use crate::plan::write::{BlockWriter, Line, end_of};
use crate::row::Row;
use crate::widths::{narrow, widen};

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
        measure(&lines).ok_or(LayoutError::TooLarge)?;
        let mut blocks = BlockWriter::default();
        for block in lines.chunks(narrow(ENTRIES_PER_BLOCK)) {
            blocks.write(block, &mut sink)?;
        }
        blocks.finish(sink)
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
pub(crate) fn to_row(entry: &Entry) -> Result<Row, LayoutError> {
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
