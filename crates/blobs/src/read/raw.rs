//! Reading a document's own bytes: any raw range, inflating from the frame it starts in.

use crate::sizes::{in_memory, on_disk};
use crate::{BlobEntry, BlobError, Blobs, FRAME_LEN, Locator, Method};
use bytes::{Buf as _, Bytes};
use flate2::{Decompress, FlushDecompress};
use std::io::{self, Read};
use std::ops::Range;

/// Raw bytes inflated at a time only to be passed over.
const SKIP_LEN: usize = 16 << 10;

/// Raw bytes of one blob, verified; waits for the disk. Takes one read buffer and, if deflated, an inflate window.
#[derive(Debug)]
pub struct RawReader {
    blobs: Blobs,
    locator: Locator,
    stored_len: u64,
    raw_len: u64,
    /// Stored bytes not read yet, up to the last one needed.
    stored: Range<u64>,
    read: Bytes,
    inflate: Option<Decompress>,
    skip: u64,
    left: u64,
}

impl Blobs {
    /// A reader over `range` of the raw bytes of the blob at `locator`, cut to the blob's length.
    pub fn read_raw(&self, locator: Locator, range: Range<u64>) -> Result<RawReader, BlobError> {
        let entry = self.describe(locator)?;
        let blob = entry.blob;
        let end = range.end.min(blob.raw_len);
        let start = range.start.min(end);
        let (stored, skip, inflate) = match blob.method {
            Method::Stored => (start..end, 0, None),
            Method::Deflated => {
                let (stored, skip) = frames_around(&entry, &(start..end));
                (stored, skip, Some(Decompress::new(false)))
            }
        };
        Ok(RawReader {
            blobs: self.clone(),
            locator,
            stored_len: blob.stored_len,
            raw_len: blob.raw_len,
            stored,
            read: Bytes::new(),
            inflate,
            skip,
            left: end - start,
        })
    }
}

/// The stored bytes of all frames that `range` touches, and how many raw bytes of the first one lie before it.
fn frames_around(entry: &BlobEntry, range: &Range<u64>) -> (Range<u64>, u64) {
    let step = on_disk(FRAME_LEN);
    let ends_before = |frames: u64| -> u64 {
        entry
            .frame_stored_lens
            .iter()
            .take(in_memory(frames))
            .map(|len| u64::from(*len))
            .sum()
    };
    let stored = ends_before(range.start / step)..ends_before(range.end.div_ceil(step));
    (stored, range.start % step)
}

impl RawReader {
    /// Bytes of the whole document.
    pub fn raw_len(&self) -> u64 {
        self.raw_len
    }

    /// Bytes of the range that were not handed out yet.
    pub fn remaining(&self) -> u64 {
        self.left
    }

    fn refill(&mut self) -> Result<(), BlobError> {
        if self.read.has_remaining() {
            return Ok(());
        }
        if self.stored.is_empty() {
            return Err(self.corrupt("the blob ends too early"));
        }
        let mut job = self.blobs.read_job(self.stored.end - self.stored.start);
        let taken = job.push_content(self.locator, self.stored_len, self.stored.clone());
        self.read = self.blobs.fill(job)?;
        self.stored.start += on_disk(taken);
        Ok(())
    }

    fn corrupt(&self, what: &'static str) -> BlobError {
        BlobError::Corrupt {
            pack: self.locator.pack,
            offset: self.locator.offset,
            what,
        }
    }

    /// Puts the next raw bytes, at least one, into `out`.
    fn produce(&mut self, out: &mut [u8]) -> Result<usize, BlobError> {
        loop {
            self.refill()?;
            let Some(inflate) = &mut self.inflate else {
                let len = out.len().min(self.read.len());
                let (out, _) = out.split_at_mut(len);
                self.read.copy_to_slice(out);
                return Ok(len);
            };
            let (consumed, produced) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(&self.read, out, FlushDecompress::None);
            let consumed = in_memory(inflate.total_in() - consumed);
            let produced = in_memory(inflate.total_out() - produced);
            self.read.advance(consumed);
            if produced > 0 {
                return Ok(produced);
            }
            if status.is_err() || consumed == 0 {
                return Err(self.corrupt("the blob does not inflate"));
            }
        }
    }

    fn pass_over(&mut self) -> Result<(), BlobError> {
        let mut passed = [0; SKIP_LEN];
        while self.skip > 0 {
            let len = in_memory(self.skip).min(SKIP_LEN);
            let produced = self.produce(passed.get_mut(..len).unwrap_or_default())?;
            self.skip -= on_disk(produced);
        }
        Ok(())
    }
}

impl Read for RawReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(in_memory(self.left));
        let out = out.get_mut(..len).unwrap_or_default();
        if out.is_empty() {
            return Ok(0);
        }
        let produced = self
            .pass_over()
            .and_then(|()| self.produce(out))
            .map_err(io::Error::other)?;
        self.left -= on_disk(produced);
        Ok(produced)
    }
}
