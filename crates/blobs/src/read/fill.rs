//! Filling a read job: neighbours in a pack in one system call, then every check block verified.
//!
//! A range that starts or ends inside a check block drags the rest of the block into a scratch buffer, so that whole
//! blocks are verified and nothing is copied.

use crate::pack::checks::{CHECK_STEP, holds};
use crate::pack::open_packs::OpenPack;
use crate::read::job::Content;
use crate::read::pool::SCRATCH_LEN;
use crate::sizes::{in_memory, on_disk};
use crate::{BlobError, Blobs, ReadJob};
use bytes::Bytes;
use holdall_model::PackId;
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use std::io::{self, IoSliceMut};
use std::ops::Range;

/// Unwanted bytes between two blobs that are read over rather than skipped with a second call.
const GAP_LEN: u64 = 4096;

/// Pieces in one call; the kernel takes 1,024.
const MAX_PIECES: usize = 1000;

/// What became of a job that must not wait.
#[derive(Debug)]
pub enum Filled {
    /// Everything was in memory and is verified.
    Ready(Bytes),
    /// The disk, or a check that failed, has to be dealt with by [`Blobs::fill`] on a thread that may wait.
    WouldBlock(ReadJob),
}

/// Why a read gave nothing.
enum Unread {
    WouldBlock,
    Failed(BlobError),
}

impl From<BlobError> for Unread {
    fn from(error: BlobError) -> Self {
        Self::Failed(error)
    }
}

/// Bytes next to each other in a pack, and where each part of them goes.
struct Run {
    pack: PackId,
    file: Range<u64>,
    pieces: Vec<Piece>,
    reads: Vec<BlockRead>,
    scratch_len: usize,
}

/// Part of a run, going to the buffer or to the scratch buffer.
enum Piece {
    Buffer(Range<usize>),
    Scratch(Range<usize>),
}

/// The whole check blocks around a content: the parts before and behind it lie in the scratch buffer.
struct BlockRead {
    content: Content,
    head: Range<usize>,
    tail: Range<usize>,
}

impl Blobs {
    /// An empty job for about `wanted` bytes: its buffer is 256 KiB, or 16 KiB if that suffices or memory is short.
    pub fn read_job(&self, wanted: u64) -> ReadJob {
        ReadJob::new(self.pool.take(in_memory(wanted)))
    }

    /// Fills the job if that needs no waiting: for threads that serve many.
    pub fn try_fill(&self, job: ReadJob) -> Filled {
        let mut job = job;
        match self.fill_runs(&mut job, ReadWriteFlags::NOWAIT) {
            Ok(()) => Filled::Ready(Bytes::from_owner(job.buffer)),
            Err(_) => Filled::WouldBlock(job),
        }
    }

    /// Fills the job, waiting for the disk. Fails if a pack is missing or anything read is not what was written.
    pub fn fill(&self, job: ReadJob) -> Result<Bytes, BlobError> {
        let mut job = job;
        match self.fill_runs(&mut job, ReadWriteFlags::empty()) {
            Ok(()) => Ok(Bytes::from_owner(job.buffer)),
            Err(Unread::Failed(error)) => Err(error),
            Err(Unread::WouldBlock) => Err(BlobError::Io(io::ErrorKind::WouldBlock.into())),
        }
    }

    fn fill_runs(&self, job: &mut ReadJob, flags: ReadWriteFlags) -> Result<(), Unread> {
        let runs = plan_runs(&job.contents);
        let mut scratch = runs
            .iter()
            .any(|run| run.scratch_len > 0)
            .then(|| self.pool.take_scratch());
        let scratch = scratch
            .as_mut()
            .map(|scratch| &mut *scratch.bytes)
            .unwrap_or_default();
        for run in &runs {
            let pack = if flags.is_empty() {
                self.packs.open(&self.store, run.pack)?
            } else {
                self.packs.ready(run.pack).ok_or(Unread::WouldBlock)?
            };
            run.read(&pack, &mut job.buffer.bytes, scratch, flags)?;
            let verified = run.verify(&pack, &job.buffer.bytes, scratch);
            verified.inspect_err(|_| self.packs.forget(run.pack))?;
        }
        Ok(())
    }
}

fn plan_runs(contents: &[Content]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for content in contents {
        let taken = runs.last_mut().is_some_and(|run| run.try_push(content));
        if !taken {
            let from = content.locator.offset.saturating_add(content.first_block_start());
            let mut run = Run {
                pack: content.locator.pack,
                file: from..from,
                pieces: Vec::new(),
                reads: Vec::new(),
                scratch_len: 0,
            };
            run.try_push(content);
            runs.push(run);
        }
    }
    runs
}

impl Content {
    fn first_block_start(&self) -> u64 {
        self.range.start - self.range.start % CHECK_STEP
    }

    fn last_block_end(&self) -> u64 {
        self.range
            .end
            .div_ceil(CHECK_STEP)
            .saturating_mul(CHECK_STEP)
            .min(self.stored_len)
    }
}

impl Run {
    /// Adds a content that lies right behind the run; `false` if it does not, or the run is full.
    fn try_push(&mut self, content: &Content) -> bool {
        let (first, last) = (content.first_block_start(), content.last_block_end());
        let from = content.locator.offset.saturating_add(first);
        let gap = from.checked_sub(self.file.end).filter(|gap| *gap <= GAP_LEN);
        let (Some(gap), true) = (gap, self.pack == content.locator.pack) else {
            return false;
        };
        let (gap, head) = (in_memory(gap), in_memory(content.range.start - first));
        let tail = in_memory(last - content.range.end);
        let fits = self.scratch_len + gap + head + tail <= SCRATCH_LEN && self.pieces.len() + 4 <= MAX_PIECES;
        if !fits {
            return false;
        }
        self.push_scratch(gap);
        let head = self.push_scratch(head);
        self.pieces.push(Piece::Buffer(content.dest.clone()));
        let tail = self.push_scratch(tail);
        self.reads.push(BlockRead {
            content: content.clone(),
            head,
            tail,
        });
        self.file.end = content.locator.offset.saturating_add(last);
        true
    }

    fn push_scratch(&mut self, len: usize) -> Range<usize> {
        let range = self.scratch_len..self.scratch_len + len;
        self.scratch_len = range.end;
        if len > 0 {
            self.pieces.push(Piece::Scratch(range.clone()));
        }
        range
    }

    fn read(
        &self,
        pack: &OpenPack,
        buffer: &mut [u8],
        scratch: &mut [u8],
        flags: ReadWriteFlags,
    ) -> Result<(), Unread> {
        let mut slices = self.slices(buffer, scratch);
        let mut left = slices.as_mut_slice();
        let mut at = self.file.start;
        while at < self.file.end {
            match preadv2(&pack.file, left, at, flags) {
                // With NOWAIT a zero or a part may also mean "not in memory" (kernels 5.9 and 5.10).
                Ok(read) if !flags.is_empty() && on_disk(read) < self.file.end - at => {
                    return Err(Unread::WouldBlock);
                }
                Ok(0) => return Err(self.corrupt(at, "the pack is shorter than its index says").into()),
                Ok(read) => {
                    IoSliceMut::advance_slices(&mut left, read);
                    at += on_disk(read);
                }
                Err(_) if !flags.is_empty() => return Err(Unread::WouldBlock),
                Err(Errno::INTR) => {}
                Err(error) => return Err(BlobError::from(io::Error::from(error)).into()),
            }
        }
        Ok(())
    }

    /// The run's parts as slices of the two buffers; both are walked front to back.
    fn slices<'a>(&self, buffer: &'a mut [u8], scratch: &'a mut [u8]) -> Vec<IoSliceMut<'a>> {
        let mut slices = Vec::with_capacity(self.pieces.len());
        let mut buffer = Rest { bytes: buffer, at: 0 };
        let mut scratch = Rest {
            bytes: scratch,
            at: 0,
        };
        for piece in &self.pieces {
            let slice = match piece {
                Piece::Buffer(range) => buffer.cut(range),
                Piece::Scratch(range) => scratch.cut(range),
            };
            slices.push(IoSliceMut::new(slice));
        }
        slices
    }

    fn verify(&self, pack: &OpenPack, buffer: &[u8], scratch: &[u8]) -> Result<(), BlobError> {
        for read in &self.reads {
            let content = &read.content;
            let first = content.first_block_start();
            let checks = pack.index.checks_at(content.locator.offset, content.stored_len);
            let Some(checks) = checks.and_then(|checks| checks.get(in_memory(first / CHECK_STEP)..)) else {
                return Err(BlobError::no_blob_at(content.locator));
            };
            let parts = [
                scratch.get(read.head.clone()).unwrap_or_default(),
                buffer.get(content.dest.clone()).unwrap_or_default(),
                scratch.get(read.tail.clone()).unwrap_or_default(),
            ];
            if !holds(&parts, checks) {
                return Err(self.corrupt(content.locator.offset + first, "a check block does not match"));
            }
        }
        Ok(())
    }

    fn corrupt(&self, offset: u64, what: &'static str) -> BlobError {
        BlobError::Corrupt {
            pack: self.pack,
            offset,
            what,
        }
    }
}

/// What is left of a buffer that is cut up front to back.
struct Rest<'a> {
    bytes: &'a mut [u8],
    /// Where `bytes` begins in the buffer.
    at: usize,
}

impl<'a> Rest<'a> {
    /// Cuts `range`, counted from the buffer's start, off the rest.
    fn cut(&mut self, range: &Range<usize>) -> &'a mut [u8] {
        let bytes = std::mem::take(&mut self.bytes);
        let (_, behind) = bytes
            .split_at_mut_checked(range.start.saturating_sub(self.at))
            .unwrap_or_default();
        let (slice, behind) = behind.split_at_mut_checked(range.len()).unwrap_or_default();
        self.bytes = behind;
        self.at = range.end;
        slice
    }
}
