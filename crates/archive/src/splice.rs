//! A byte range of an archive as pieces: literal bytes, or a range of one entry's stored content.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use crate::entry::ContentKey;
use crate::plan::{Block, Plan, PlanError, ReadAt};
use crate::records::{local_header_len, write_central_record, write_end_records, write_local_header};
use crate::widths::{narrow, widen};

/// A literal is given away once it has this many bytes.
const LITERAL_LEN: usize = 64 << 10;
/// What the header of a document with an average name takes, with room to spare.
const HEADER_GUESS_LEN: usize = 160;

const DAMAGED: PlanError = PlanError::Damaged("offsets");

/// The next bytes of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes: at least 1, at most some 65 KiB.
    Literal(Vec<u8>),
    /// A range of an entry's stored content, never empty.
    Content {
        /// The entry's number in archive order.
        entry: u64,
        /// Where its stored bytes are.
        key: ContentKey,
        /// All bytes of its stored content.
        stored_len: u64,
        /// Which of them.
        range: Range<u64>,
    },
}

impl Piece {
    /// Bytes of the archive that the piece stands for.
    pub fn len(&self) -> u64 {
        match self {
            Self::Literal(bytes) => widen(bytes.len()),
            Self::Content { range, .. } => range.end.saturating_sub(range.start),
        }
    }

    /// Whether it stands for no bytes; a splice never gives such a piece.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The pieces of a byte range, in order and without gap, made as they are asked for. Owns its plan, reads it 256
/// entries at a time, and ends after the first error.
#[derive(Debug)]
pub struct Splice<S> {
    plan: Plan<S>,
    block: Option<Box<Block>>,
    /// Where in the block the last record or content was.
    slot: usize,
    position: u64,
    end: u64,
}

impl<S: ReadAt> Plan<S> {
    /// The pieces of that part of `range` which lies inside the archive.
    pub fn splice(&self, range: Range<u64>) -> Splice<S> {
        let end = range.end.min(self.zip_len());
        Splice {
            plan: self.clone(),
            block: None,
            slot: 0,
            position: range.start,
            end,
        }
    }
}

impl<S> Splice<S> {
    /// The archive offset of the next piece; a splice from here to the same end goes on where this one stopped.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes still to come.
    pub fn remaining_len(&self) -> u64 {
        self.end.saturating_sub(self.position)
    }

    /// Writes a record that starts at `record_start`, keeps of it what lies between position and end, and moves on.
    fn append(
        &mut self,
        literal: &mut Vec<u8>,
        record_start: u64,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), PlanError> {
        let mark = literal.len();
        write(literal);
        let skip = narrow(self.position.checked_sub(record_start).ok_or(DAMAGED)?);
        if skip > 0 {
            let skip_end = mark
                .checked_add(skip)
                .filter(|end| *end < literal.len())
                .ok_or(DAMAGED)?;
            drop(literal.drain(mark..skip_end));
        }
        literal.truncate(mark.saturating_add(narrow(self.remaining_len())));
        self.position = self
            .position
            .saturating_add(widen(literal.len().saturating_sub(mark)));
        Ok(())
    }
}

impl<S: ReadAt> Splice<S> {
    fn read_next(&mut self) -> Result<Piece, PlanError> {
        let extent = *self.plan.extent();
        if self.position < extent.central_offset {
            return self.read_local(extent.central_offset);
        }
        let mut literal = Vec::new();
        if self.position < extent.central_end() {
            self.read_central(&mut literal, extent.central_offset, extent.central_end())?;
        } else {
            self.append(&mut literal, extent.central_end(), |out| {
                write_end_records(out, extent.entry_count, extent.central_offset, extent.central_len);
            })?;
        }
        Ok(Piece::Literal(literal))
    }

    /// Local headers up to the next content, or the content at the position.
    fn read_local(&mut self, local_end: u64) -> Result<Piece, PlanError> {
        let mut literal = Vec::new();
        while self.position < self.end.min(local_end) && literal.len() < LITERAL_LEN {
            let block = self.take_block(Block::holds_local, self.position, Plan::block_at_local)?;
            let content = self.append_local_header(&mut literal, &block)?;
            self.block = Some(block);
            match content {
                None => {}
                Some(content) if literal.is_empty() => {
                    self.position = self.position.saturating_add(content.len());
                    return Ok(content);
                }
                Some(_) => break,
            }
        }
        Ok(Piece::Literal(literal))
    }

    /// Appends the local header at the position, or gives the content there.
    fn append_local_header(
        &mut self,
        literal: &mut Vec<u8>,
        block: &Block,
    ) -> Result<Option<Piece>, PlanError> {
        self.slot = block.slot_at_local(self.position, self.slot).ok_or(DAMAGED)?;
        let placed = block.placed(self.slot).ok_or(DAMAGED)?;
        let row = &placed.row;
        let content_start = placed.offsets.local.saturating_add(local_header_len(row));
        if self.position < content_start {
            literal.reserve(HEADER_GUESS_LEN);
            let write = |out: &mut Vec<u8>| write_local_header(out, row, block.name(placed));
            self.append(literal, placed.offsets.local, write)?;
            return Ok(None);
        }
        let content_end = self.end.min(placed.local_end);
        let range = self.position.saturating_sub(content_start)..content_end.saturating_sub(content_start);
        Ok(Some(Piece::Content {
            entry: block.entry_number(self.slot),
            key: row.content,
            stored_len: row.stored_len,
            range,
        }))
    }

    fn read_central(&mut self, literal: &mut Vec<u8>, start: u64, central_end: u64) -> Result<(), PlanError> {
        while self.position < self.end.min(central_end) && literal.len() < LITERAL_LEN {
            let offset = self.position.saturating_sub(start);
            let block = self.take_block(Block::holds_central, offset, Plan::block_at_central)?;
            self.slot = block.slot_at_central(offset, self.slot).ok_or(DAMAGED)?;
            let placed = block.placed(self.slot).ok_or(DAMAGED)?;
            self.append(literal, start.saturating_add(placed.offsets.central), |out| {
                write_central_record(out, &placed.row, block.name(placed), placed.offsets.local);
            })?;
            self.block = Some(block);
        }
        Ok(())
    }

    /// The block that holds an offset: the one at hand, or read anew.
    fn take_block(
        &mut self,
        holds: fn(&Block, u64) -> bool,
        offset: u64,
        find: fn(&Plan<S>, u64) -> u64,
    ) -> Result<Box<Block>, PlanError> {
        match self.block.take() {
            Some(block) if holds(&block, offset) => Ok(block),
            _ => self.plan.read_block(find(&self.plan, offset)).map(Box::new),
        }
    }
}

impl<S: ReadAt> Iterator for Splice<S> {
    type Item = Result<Piece, PlanError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.position >= self.end {
            return None;
        }
        let piece = self.read_next();
        if piece.is_err() {
            self.end = self.position;
        }
        Some(piece)
    }
}
