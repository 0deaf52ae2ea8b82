//! A read job: what shall lie in one buffer, said before anything is read.

use crate::Locator;
use crate::pack::checks::CHECK_STEP;
use crate::read::pool::{LARGE_LEN, PooledBuffer};
use crate::sizes::{in_memory, on_disk};
use std::ops::Range;

/// A buffer of at most 256 KiB to be filled with literal bytes and stored content, in the order they are pushed.
#[derive(Debug)]
pub struct ReadJob {
    pub(crate) buffer: PooledBuffer,
    pub(crate) contents: Vec<Content>,
}

/// Stored bytes `range` of one blob, to lie at `dest` in the buffer.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) dest: Range<usize>,
    pub(crate) locator: Locator,
    pub(crate) stored_len: u64,
    pub(crate) range: Range<u64>,
}

impl ReadJob {
    pub(crate) fn new(buffer: PooledBuffer) -> Self {
        Self {
            buffer,
            contents: Vec::new(),
        }
    }

    /// Bytes pushed so far: the length of what filling will give.
    pub fn len(&self) -> usize {
        self.buffer.filled
    }

    /// Whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.buffer.filled == 0
    }

    /// Bytes that still fit.
    pub fn room(&self) -> usize {
        self.buffer.bytes.len() - self.buffer.filled
    }

    /// Copies as much of `bytes` as fits and says how much that was.
    pub fn push_literal(&mut self, bytes: &[u8]) -> usize {
        let fits = bytes.len().min(self.room());
        let filled = self.buffer.filled;
        let room = self.buffer.bytes.get_mut(filled..filled + fits);
        if let (Some(room), Some(bytes)) = (room, bytes.get(..fits)) {
            room.copy_from_slice(bytes);
        }
        self.buffer.filled += fits;
        fits
    }

    /// Plans to read `range` of the `stored_len` bytes of the blob at `locator`, and says how much of it fits.
    ///
    /// What does not fit whole is cut at a check block's end, so that the next job need not read that block again; 0
    /// therefore means that the job should be filled now. A range beyond the blob is cut to the blob.
    pub fn push_content(&mut self, locator: Locator, stored_len: u64, range: Range<u64>) -> usize {
        let wanted = range.start..range.end.min(stored_len);
        let end = self.cut(&wanted);
        if wanted.start >= end {
            return 0;
        }
        let taken = in_memory(end - wanted.start);
        let dest = self.buffer.filled..self.buffer.filled + taken;
        self.buffer.filled = dest.end;
        self.contents.push(Content {
            dest,
            locator,
            stored_len,
            range: wanted.start..end,
        });
        taken
    }

    fn cut(&self, wanted: &Range<u64>) -> u64 {
        let room_end = wanted.start.saturating_add(on_disk(self.room()));
        if wanted.end <= room_end {
            return wanted.end;
        }
        let block_end = room_end - room_end % CHECK_STEP;
        let empty = self.contents.is_empty() && self.room() < LARGE_LEN / 2;
        // A small buffer is shorter than a block and has to cut inside it.
        if block_end <= wanted.start && empty {
            room_end
        } else {
            block_end
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReadJob;
    use crate::Locator;
    use crate::read::pool::{LARGE_LEN, Pool, SMALL_LEN};
    use holdall_model::PackId;
    use std::sync::Arc;

    const AT: Locator = Locator {
        pack: PackId(1),
        offset: 0,
    };
    const MIB: u64 = 1 << 20;

    fn job(wanted: usize) -> ReadJob {
        ReadJob::new(Arc::new(Pool::new(1)).take(wanted))
    }

    #[test]
    fn a_job_prefers_to_end_on_a_block() {
        let mut job = job(LARGE_LEN);
        assert_eq!(job.push_literal(&[0; 60]), 60);
        assert_eq!(job.push_content(AT, MIB, 100..MIB), 4 * 65_536 - 100);
        assert_eq!(job.room(), 40);
        assert_eq!(job.push_content(AT, MIB, 4 * 65_536..MIB), 0);
        assert_eq!(job.push_content(AT, MIB, 0..41), 0);
        assert_eq!(job.push_content(AT, MIB, 0..40), 40);
        assert_eq!(job.push_literal(&[0; 60]), 0);
        assert_eq!(job.len(), LARGE_LEN);
    }

    #[test]
    fn a_small_buffer_always_moves_on() {
        let mut job = job(SMALL_LEN);
        assert_eq!(job.push_literal(&[0; 60]), 60);
        assert_eq!(job.push_content(AT, MIB, 5..MIB), SMALL_LEN - 60);
        assert_eq!(job.push_content(AT, MIB, 0..MIB), 0);
    }

    #[test]
    fn what_lies_behind_the_blob_is_not_read() {
        let mut job = job(LARGE_LEN);
        assert_eq!(job.push_content(AT, 10, 4..99), 6);
        assert_eq!(job.push_content(AT, 10, 10..99), 0);
        #[expect(clippy::reversed_empty_ranges, reason = "a caller may be wrong")]
        let reversed = 7..3;
        assert_eq!(job.push_content(AT, 10, reversed), 0);
        assert_eq!(job.push_content(AT, 10, u64::MAX..u64::MAX), 0);
    }
}
