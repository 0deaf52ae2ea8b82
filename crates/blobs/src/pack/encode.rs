//! Deflating one frame, with the proof that it inflates to what went in.

use crate::FRAME_LEN;
use crate::pack::entropy::looks_random;
use crate::sizes::on_disk;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Bytes that fit one stored deflate block (RFC 1951 section 3.2.4).
const STORED_BLOCK_LEN: usize = 65_535;

/// A compressor and a decompressor with their buffers, reused from frame to frame.
pub(crate) struct Encoder {
    compress: Compress,
    decompress: Decompress,
    deflated: Vec<u8>,
    proof: Vec<u8>,
}

impl Encoder {
    pub(crate) fn new() -> Self {
        Self {
            compress: Compress::new(Compression::new(6), false),
            decompress: Decompress::new(false),
            deflated: vec![0; FRAME_LEN],
            // One byte more than any frame, so that a frame inflating to too much is noticed.
            proof: vec![0; FRAME_LEN + 1],
        }
    }

    /// The frame's deflated form, if that is smaller and proven. A frame that is not the last ends in a full flush.
    pub(crate) fn deflate(&mut self, raw: &[u8], last: bool) -> Option<Vec<u8>> {
        if raw.is_empty() || looks_random(raw) {
            return None;
        }
        let stored_len = self.shrink(raw, last)?;
        let deflated = self.deflated.get(..stored_len)?;
        if !inflates_to(&mut self.decompress, deflated, raw, &mut self.proof) {
            tracing::error!(
                raw_len = raw.len(),
                "a deflated frame did not inflate to its input and is kept raw"
            );
            return None;
        }
        Some(deflated.to_vec())
    }

    /// Deflates into the buffer; the length, or `None` if it does not get smaller than `raw`.
    fn shrink(&mut self, raw: &[u8], last: bool) -> Option<usize> {
        self.compress.reset();
        let room = self.deflated.get_mut(..raw.len())?;
        let flush = if last {
            FlushCompress::Finish
        } else {
            FlushCompress::Full
        };
        let status = self.compress.compress(raw, room, flush).ok()?;
        let stored_len = usize::try_from(self.compress.total_out()).ok()?;
        let whole = self.compress.total_in() == on_disk(raw.len()) && stored_len < raw.len();
        (whole && (!last || status == Status::StreamEnd)).then_some(stored_len)
    }
}

/// Whether `deflated` is used up exactly and inflates to `raw` on its own; `room` holds at least a byte more than `raw`.
fn inflates_to(inflate: &mut Decompress, deflated: &[u8], raw: &[u8], room: &mut [u8]) -> bool {
    inflate.reset(false);
    let Some(room) = room.get_mut(..=raw.len()) else {
        return false;
    };
    let done = inflate.decompress(deflated, room, FlushDecompress::None).is_ok();
    let lens = (inflate.total_in(), inflate.total_out()) == (on_disk(deflated.len()), on_disk(raw.len()));
    done && lens && room.get(..raw.len()) == Some(raw)
}

/// `raw` as stored deflate blocks; the stream ends with them if `last`.
pub(crate) fn stored_blocks(raw: &[u8], last: bool) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(raw.len() + raw.len().div_ceil(STORED_BLOCK_LEN) * 5);
    let mut chunks = raw.chunks(STORED_BLOCK_LEN).peekable();
    while let Some(chunk) = chunks.next() {
        let len = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        blocks.push(u8::from(last && chunks.peek().is_none()));
        blocks.extend_from_slice(&len.to_le_bytes());
        blocks.extend_from_slice(&(!len).to_le_bytes());
        blocks.extend_from_slice(chunk);
    }
    blocks
}

/// The bytes that [`stored_blocks`] framed, if `blocks` has its shape.
pub(crate) fn unstored_blocks(mut blocks: &[u8], last: bool) -> Option<Vec<u8>> {
    let whole = blocks;
    let mut raw = Vec::with_capacity(blocks.len());
    while let Some((head, rest)) = blocks.split_first_chunk::<5>() {
        let [_, low, high, _, _] = *head;
        let (chunk, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([low, high])))?;
        raw.extend_from_slice(chunk);
        blocks = rest;
    }
    (stored_blocks(&raw, last) == whole).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::{Encoder, inflates_to, stored_blocks, unstored_blocks};
    use flate2::Decompress;

    fn text(len: usize) -> Vec<u8> {
        (0..len)
            .flat_map(|line| format!("line {line}\n").into_bytes())
            .take(len)
            .collect()
    }

    #[test]
    fn i19_a_frame_is_proven_before_it_is_taken() {
        let raw = text(100_000);
        let mut encoder = Encoder::new();
        let mut deflated = encoder.deflate(&raw, false).unwrap();
        assert!(deflated.ends_with(&[0, 0, 0xff, 0xff]));
        let mut room = vec![0; raw.len() + 1];
        let mut inflate = Decompress::new(false);
        assert!(inflates_to(&mut inflate, &deflated, &raw, &mut room));
        assert!(!inflates_to(&mut inflate, &deflated, &raw[1..], &mut room));
        assert!(!inflates_to(
            &mut inflate,
            &deflated[..deflated.len() - 9],
            &raw,
            &mut room
        ));
        deflated[500] ^= 4;
        assert!(!inflates_to(&mut inflate, &deflated, &raw, &mut room));
    }

    #[test]
    fn what_does_not_shrink_is_not_taken() {
        let mut random = vec![0; 70_000];
        getrandom::fill(&mut random).unwrap();
        let mut encoder = Encoder::new();
        assert_eq!(encoder.deflate(&random, true), None);
        assert_eq!(encoder.deflate(b"ab", true), None);
        assert_eq!(encoder.deflate(b"", true), None);
    }

    #[test]
    fn stored_blocks_go_both_ways() {
        for len in [1, 65_535, 65_536, 1 << 20] {
            for last in [false, true] {
                let raw = text(len);
                let blocks = stored_blocks(&raw, last);
                assert!(inflates_to(
                    &mut Decompress::new(false),
                    &blocks,
                    &raw,
                    &mut vec![0; len + 1]
                ));
                assert_eq!(unstored_blocks(&blocks, last).as_deref(), Some(&raw[..]));
                assert_eq!(unstored_blocks(&blocks, !last), None);
            }
        }
    }
}
