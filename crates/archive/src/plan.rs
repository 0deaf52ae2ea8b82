//! A plan: an archive's layout in its compact stored form, read at random without loading it.

use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

mod block;
mod build;
mod format;
mod index;
mod placed;
mod source;
mod walk;
mod write;

pub use build::{PlanBuilder, PlanBytes, PlanSummary};
pub use format::ENTRIES_PER_BLOCK;
pub use placed::{PlacedEntries, PlacedEntry};
pub use source::{ReadAt, ReadError};
pub use walk::{Content, Contents, Entries};
pub use write::{PlanWriter, local_len};

pub(crate) use block::Block;

use crate::entry::Entry;
use crate::layout::Extent;
use index::Index;

/// Why a plan cannot be used.
#[derive(Debug)]
pub enum PlanError {
    /// The source could not be read.
    Read(ReadError),
    /// The bytes are no plan.
    NotAPlan,
    /// A plan of another build: this one would not give the bytes that were promised (L2).
    UnknownVersion {
        /// Of the plan's own form.
        format: u16,
        /// Of the archive's bytes, see [`crate::LAYOUT_VERSION`].
        layout: u16,
    },
    /// This part of the plan is not what the builder wrote (F7).
    Damaged(&'static str),
    /// The plan has no entry or block of this number.
    OutOfRange(u64),
}

impl fmt::Display for PlanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(_) => formatter.write_str("the plan cannot be read"),
            Self::NotAPlan => formatter.write_str("not a plan"),
            Self::UnknownVersion { format, layout } => {
                write!(
                    formatter,
                    "a plan of format {format} and layout {layout}, which this build does not know"
                )
            }
            Self::Damaged(part) => write!(formatter, "the plan's {part} is damaged"),
            Self::OutOfRange(number) => write!(formatter, "the plan has no number {number}"),
        }
    }
}

impl Error for PlanError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<ReadError> for PlanError {
    fn from(cause: ReadError) -> Self {
        Self::Read(cause)
    }
}

/// An open plan. Cheap to clone; clones share source and index, so streams may each own one.
#[derive(Debug)]
pub struct Plan<S> {
    shared: Arc<Shared<S>>,
}

#[derive(Debug)]
struct Shared<S> {
    source: S,
    index: Index,
}

impl<S> Clone for Plan<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S> Plan<S> {
    /// Bytes of the whole archive.
    pub fn zip_len(&self) -> u64 {
        self.extent().zip_len
    }

    /// Where the central directory starts, which is where the last entry's content ends.
    pub fn central_offset(&self) -> u64 {
        self.extent().central_offset
    }

    /// Entries of the archive, folders included; at least 1.
    pub fn entry_count(&self) -> u64 {
        self.extent().entry_count
    }

    /// Blocks of [`ENTRIES_PER_BLOCK`] entries.
    pub fn block_count(&self) -> u64 {
        self.shared.index.block_count()
    }

    pub(crate) fn extent(&self) -> &Extent {
        &self.shared.index.trailer().extent
    }

    pub(crate) fn block_at_local(&self, offset: u64) -> u64 {
        self.shared.index.block_at_local(offset)
    }

    pub(crate) fn block_at_central(&self, offset: u64) -> u64 {
        self.shared.index.block_at_central(offset)
    }
}

impl<S: ReadAt> Plan<S> {
    /// Reads and proves trailer and index: a few reads, 32 bytes of memory for every 256 entries. The entries are
    /// proved block by block as they are read; [`Plan::verify`] proves them all.
    pub fn open(source: S) -> Result<Self, PlanError> {
        let index = Index::read(&source)?;
        Ok(Self {
            shared: Arc::new(Shared { source, index }),
        })
    }

    /// Entry `number`, counted from 0 in archive order. One read.
    pub fn entry(&self, number: u64) -> Result<Entry, PlanError> {
        let block = self.read_block(number / ENTRIES_PER_BLOCK)?;
        block.entry(number).unwrap_or(Err(PlanError::OutOfRange(number)))
    }

    /// All entries in archive order, one read for 256 of them. Ends after the first error.
    pub fn entries(&self) -> Entries<S> {
        self.entries_from(0)
    }

    /// The entries from `number` on, in archive order.
    pub fn entries_from(&self, number: u64) -> Entries<S> {
        Entries::new(self.clone(), number)
    }

    /// Where the contents of a block's entries are, without their names: the quick way past all of them is
    /// `(0..plan.block_count())`. One read.
    pub fn contents(&self, block: u64) -> Result<Contents, PlanError> {
        self.read_block(block).map(Contents::of)
    }

    /// Reads the whole plan and proves every block.
    pub fn verify(&self) -> Result<(), PlanError> {
        self.entries().try_for_each(|entry| entry.map(drop))
    }

    pub(crate) fn read_block(&self, number: u64) -> Result<Block, PlanError> {
        let place = self
            .shared
            .index
            .place(number)
            .ok_or(PlanError::OutOfRange(number))?;
        Block::read(&self.shared.source, place)
    }
}
