//! A pack being written: an unseen temporary file until it is sealed.

use crate::pack::checks::CHECK_LEN;
use crate::pack::encode::Encoder;
use crate::pack::index::IndexBuilder;
use crate::pack::open_blob::OpenBlob;
use crate::sizes::{in_index, in_memory, on_disk};
use crate::store::{Store, TempFile, random_pack_id};
use crate::{BlobEntry, BlobError, Method, StoredBlob};
use holdall_model::{Digest, PackId};
use std::io;
use std::os::unix::fs::FileExt as _;

/// Appended bytes that are gathered before they go to the file.
const GATHER_LEN: usize = 1 << 20;

pub(crate) struct PackWriter {
    id: PackId,
    temp: TempFile,
    gathered: Vec<u8>,
    written: u64,
    index: IndexBuilder,
}

/// A document of at most one frame, ready to be appended.
pub(crate) struct SmallBlob {
    digest: Digest,
    crc32: u32,
    raw_len: u64,
    method: Method,
    bytes: Vec<u8>,
}

impl SmallBlob {
    /// Deflates `raw`, of at most one frame, if that makes it smaller.
    pub(crate) fn encode(encoder: &mut Encoder, digest: Digest, raw: Vec<u8>) -> Self {
        let (crc32, raw_len) = (crc32fast::hash(&raw), on_disk(raw.len()));
        match encoder.deflate(&raw, true) {
            Some(bytes) => Self {
                digest,
                crc32,
                raw_len,
                method: Method::Deflated,
                bytes,
            },
            None => Self {
                digest,
                crc32,
                raw_len,
                method: Method::Stored,
                bytes: raw,
            },
        }
    }

    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }
}

impl PackWriter {
    pub(crate) fn create(store: &Store) -> Result<Self, BlobError> {
        Ok(Self {
            id: random_pack_id()?,
            temp: store.create_temp()?,
            gathered: Vec::new(),
            written: 0,
            index: IndexBuilder::default(),
        })
    }

    pub(crate) fn id(&self) -> PackId {
        self.id
    }

    /// Bytes of blobs so far.
    pub(crate) fn len(&self) -> u64 {
        self.written + on_disk(self.gathered.len())
    }

    /// Blobs recorded so far.
    pub(crate) fn blobs(&self) -> u32 {
        self.index.blobs()
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        if self.gathered.len() + bytes.len() > GATHER_LEN {
            self.flush()?;
        }
        if bytes.len() >= GATHER_LEN {
            self.temp.file.write_all_at(bytes, self.written)?;
            self.written += on_disk(bytes.len());
        } else {
            self.gathered.extend_from_slice(bytes);
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), BlobError> {
        self.temp.file.write_all_at(&self.gathered, self.written)?;
        self.written += on_disk(self.gathered.len());
        self.gathered.clear();
        Ok(())
    }

    /// Forgets all bytes from `len` on.
    pub(crate) fn truncate(&mut self, len: u64) -> Result<(), BlobError> {
        self.flush()?;
        self.temp.file.set_len(len)?;
        self.written = len;
        Ok(())
    }

    /// Reads back what was flushed.
    pub(crate) fn read_back(&self, offset: u64, len: usize) -> Result<Vec<u8>, BlobError> {
        let mut bytes = vec![0; len];
        self.temp.file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    /// Writes over, or past, what was flushed.
    pub(crate) fn write_over(&mut self, offset: u64, bytes: &[u8]) -> Result<(), BlobError> {
        self.temp.file.write_all_at(bytes, offset)?;
        self.written = self.written.max(offset + on_disk(bytes.len()));
        Ok(())
    }

    pub(crate) fn record(&mut self, entry: &BlobEntry) {
        self.index.push(entry);
    }

    pub(crate) fn append_small(&mut self, small: &SmallBlob) -> Result<StoredBlob, BlobError> {
        let blob = StoredBlob {
            digest: small.digest,
            raw_len: small.raw_len,
            crc32: small.crc32,
            stored_len: on_disk(small.bytes.len()),
            method: small.method,
            pack: self.id,
            offset: self.len(),
        };
        let frame_stored_lens = match small.method {
            Method::Stored => Vec::new(),
            Method::Deflated => vec![in_index(small.bytes.len())],
        };
        self.append(&small.bytes)?;
        self.record(&BlobEntry {
            blob,
            frame_stored_lens,
            check_crc32s: small.bytes.chunks(CHECK_LEN).map(crc32fast::hash).collect(),
        });
        if small.bytes.is_empty() {
            // A byte that belongs to nobody, so that no two blobs start at one offset.
            self.append(&[0])?;
        }
        Ok(blob)
    }

    /// Moves a blob that is still open, and lies at the end, to the start of a pack of its own.
    pub(crate) fn split(&mut self, store: &Store, blob: &mut OpenBlob) -> Result<Self, BlobError> {
        let mut own = Self::create(store)?;
        self.flush()?;
        let start = blob.start();
        let mut at = start;
        while at < self.written {
            let len = in_memory(self.written - at).min(GATHER_LEN);
            own.append(&self.read_back(at, len)?)?;
            at += on_disk(len);
        }
        self.truncate(start)?;
        blob.moved_to_front();
        Ok(own)
    }

    /// Adds index and footer and makes the pack durable and visible under its id.
    pub(crate) fn seal(mut self, store: &Store) -> Result<(), BlobError> {
        let tail = std::mem::take(&mut self.index).seal(self.id, self.len());
        self.append(&tail)?;
        self.flush()?;
        if store.publish(&self.temp, &store.pack_path(self.id))? {
            return Ok(());
        }
        Err(BlobError::Io(io::ErrorKind::AlreadyExists.into()))
    }
}
