//! A blob as the rest of the house knows it.

use holdall_model::{Digest, PackId};

/// Raw bytes in one frame, the unit that is deflated alone: 1 MiB.
pub const FRAME_LEN: usize = 1 << 20;

/// How a blob's bytes are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// As they came; zip method 0.
    Stored,
    /// As one raw deflate stream of frames; zip method 8.
    Deflated,
}

/// Where a blob starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Locator {
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub offset: u64,
}

/// A blob in the store: everything a zip entry and the catalog need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoredBlob {
    /// SHA-256 of the raw bytes.
    pub digest: Digest,
    /// Bytes of the document.
    pub raw_len: u64,
    /// CRC-32 of the raw bytes (APPNOTE 4.4.7).
    pub crc32: u32,
    /// Bytes in the pack. Equals `raw_len` if stored; if deflated it is smaller, save for 85 bytes a frame at worst.
    pub stored_len: u64,
    /// How the bytes are stored.
    pub method: Method,
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub offset: u64,
}

impl StoredBlob {
    /// Where the blob starts.
    pub fn locator(&self) -> Locator {
        Locator {
            pack: self.pack,
            offset: self.offset,
        }
    }
}

/// A blob as its pack's index describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobEntry {
    /// The blob.
    pub blob: StoredBlob,
    /// Stored bytes of each frame, in order; empty if the blob is stored raw.
    pub frame_stored_lens: Vec<u32>,
    /// CRC-32 of each 64 KiB of stored bytes, counted from the blob's start.
    pub check_crc32s: Vec<u32>,
}
