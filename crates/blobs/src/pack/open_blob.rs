//! A document of several frames on its way into a pack, frame by frame.
//!
//! It starts out raw. The first frame that shrinks turns it into a deflate stream: what lies there already is rewritten as
//! stored blocks, and later frames that do not shrink become stored blocks too.

use crate::pack::checks::{CHECK_LEN, CheckSums, holds};
use crate::pack::encode::{Encoder, stored_blocks, unstored_blocks};
use crate::pack::pack_writer::PackWriter;
use crate::sizes::{in_index, on_disk};
use crate::{BlobEntry, BlobError, FRAME_LEN, Method, StoredBlob};
use crc32fast::Hasher;
use holdall_model::Digest;

/// Bytes of a whole frame as stored blocks: 17 headers of 5 bytes more.
const STORED_FRAME_LEN: usize = FRAME_LEN + 17 * 5;

/// A frame of a document of several frames; all but the last have [`FRAME_LEN`] raw bytes.
pub(crate) struct Frame {
    pub(crate) raw_len: usize,
    /// CRC-32 of the raw bytes.
    pub(crate) crc32: u32,
    pub(crate) deflated: bool,
    /// The raw bytes, or the deflated ones.
    pub(crate) bytes: Vec<u8>,
    pub(crate) last: bool,
}

impl Frame {
    /// Deflates `raw` if that saves a 64th: less is not worth inflating, and could not pay for 190 stored frames.
    pub(crate) fn encode(encoder: &mut Encoder, raw: Vec<u8>, last: bool) -> Self {
        let (raw_len, crc32) = (raw.len(), crc32fast::hash(&raw));
        let deflated = encoder
            .deflate(&raw, last)
            .filter(|bytes| bytes.len() + raw_len / 64 <= raw_len);
        Self {
            raw_len,
            crc32,
            deflated: deflated.is_some(),
            bytes: deflated.unwrap_or(raw),
            last,
        }
    }
}

pub(crate) struct OpenBlob {
    start: u64,
    raw_len: u64,
    stored_len: u64,
    crc32: Hasher,
    method: Method,
    frame_stored_lens: Vec<u32>,
    checks: CheckSums,
}

impl OpenBlob {
    /// A blob that starts at the end of `pack`.
    pub(crate) fn begin(pack: &PackWriter) -> Self {
        Self {
            start: pack.len(),
            raw_len: 0,
            stored_len: 0,
            crc32: Hasher::new(),
            method: Method::Stored,
            frame_stored_lens: Vec::new(),
            checks: CheckSums::default(),
        }
    }

    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    pub(crate) fn moved_to_front(&mut self) {
        self.start = 0;
    }

    /// Appends the next frame.
    pub(crate) fn push(&mut self, pack: &mut PackWriter, frame: &Frame) -> Result<(), BlobError> {
        if self.method == Method::Stored && frame.deflated {
            self.become_deflated(pack)?;
        }
        match (self.method, frame.deflated) {
            (Method::Stored, _) => self.append(pack, &frame.bytes)?,
            (Method::Deflated, true) => self.append_frame(pack, &frame.bytes)?,
            (Method::Deflated, false) => self.append_frame(pack, &stored_blocks(&frame.bytes, frame.last))?,
        }
        let raw_len = on_disk(frame.raw_len);
        self.raw_len += raw_len;
        self.crc32
            .combine(&Hasher::new_with_initial_len(frame.crc32, raw_len));
        Ok(())
    }

    fn append_frame(&mut self, pack: &mut PackWriter, bytes: &[u8]) -> Result<(), BlobError> {
        self.frame_stored_lens.push(in_index(bytes.len()));
        self.append(pack, bytes)
    }

    fn append(&mut self, pack: &mut PackWriter, bytes: &[u8]) -> Result<(), BlobError> {
        self.checks.push(bytes);
        self.stored_len += on_disk(bytes.len());
        pack.append(bytes)
    }

    /// Rewrites the raw frames written so far, last one first because each moves backwards, as stored blocks.
    fn become_deflated(&mut self, pack: &mut PackWriter) -> Result<(), BlobError> {
        self.method = Method::Deflated;
        pack.flush()?;
        let raw_checks = std::mem::take(&mut self.checks);
        let raw_checks = raw_checks.whole_blocks();
        for frame in (0..raw_checks.len() / (FRAME_LEN / CHECK_LEN)).rev() {
            let raw = pack.read_back(self.start + on_disk(frame * FRAME_LEN), FRAME_LEN)?;
            pack.write_over(
                self.start + on_disk(frame * STORED_FRAME_LEN),
                &stored_blocks(&raw, false),
            )?;
        }
        self.stored_len = 0;
        for expected in raw_checks.chunks_exact(FRAME_LEN / CHECK_LEN) {
            let blocks = pack.read_back(self.start + self.stored_len, STORED_FRAME_LEN)?;
            if !unstored_blocks(&blocks, false).is_some_and(|raw| holds(&[&raw], expected)) {
                let what = "a frame changed while it was rewritten";
                return Err(BlobError::Corrupt {
                    pack: pack.id(),
                    offset: self.start + self.stored_len,
                    what,
                });
            }
            self.checks.push(&blocks);
            self.stored_len += on_disk(blocks.len());
            self.frame_stored_lens.push(in_index(blocks.len()));
        }
        Ok(())
    }

    /// Records the finished blob in its pack.
    pub(crate) fn finish(self, pack: &mut PackWriter, digest: Digest) -> StoredBlob {
        let blob = StoredBlob {
            digest,
            raw_len: self.raw_len,
            crc32: self.crc32.finalize(),
            stored_len: self.stored_len,
            method: self.method,
            pack: pack.id(),
            offset: self.start,
        };
        pack.record(&BlobEntry {
            blob,
            frame_stored_lens: self.frame_stored_lens,
            check_crc32s: self.checks.finish(),
        });
        blob
    }
}
