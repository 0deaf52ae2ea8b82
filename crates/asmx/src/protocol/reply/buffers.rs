//! Buffers for base64 text that go round: filled, sent, filled again. Fresh memory would cost more than the encoding.

use bytes::Bytes;
use std::mem;
use std::sync::{Mutex, PoisonError};

/// Raw bytes that are encoded at a time: whole groups of three.
pub(super) const RAW_LEN: usize = 192 << 10;

/// The length of their text.
const TEXT_LEN: usize = RAW_LEN / 3 * 4;

/// Buffers kept for the next use, 8 MiB of them; others are given back to the system.
const MOST_SPARE: usize = 32;

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// A buffer of [`TEXT_LEN`] bytes, of which the first are text.
struct Buffer {
    bytes: Vec<u8>,
    text_len: usize,
}

/// The bytes that `write` puts into a buffer; it gets room for the text of [`RAW_LEN`] bytes and says how much it used.
pub(super) fn fill(write: impl FnOnce(&mut [u8]) -> usize) -> Bytes {
    let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut bytes = spare.unwrap_or_else(|| vec![0; TEXT_LEN]);
    let text_len = write(&mut bytes);
    Bytes::from_owner(Buffer { bytes, text_len })
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.text_len).unwrap_or_default()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_SPARE {
            spare.push(mem::take(&mut self.bytes));
        }
    }
}
