//! The end of a pack: an index of its blobs and a footer, from which the catalog's blob table can be rebuilt.
//!
//! Per blob: digest 32, offset 8, raw length 8, stored length 8, CRC-32 4, method 1, then 4 for each frame's stored
//! length and 4 for each check block. Footer: magic 8, version 4, blobs 4, data length 8, index length 8, pack id 8, and
//! SHA-256 over index and footer before it. Integers are little-endian. The file ends with the footer.

use crate::pack::checks::CHECK_STEP;
use crate::sizes::{in_memory, on_disk};
use crate::{BlobEntry, BlobError, FRAME_LEN, Method, StoredBlob};
use holdall_model::{Digest, PackId};
use sha2::{Digest as _, Sha256};

const MAGIC: [u8; 8] = *b"HOLDPACK";
const VERSION: u32 = 1;

/// Bytes of the footer.
pub(crate) const FOOTER_LEN: usize = 72;

/// Bytes of a blob in the index without frames and check blocks.
const ROW_LEN: usize = 61;

/// The index of a pack that is being written.
#[derive(Debug, Default)]
pub(crate) struct IndexBuilder {
    bytes: Vec<u8>,
    blobs: u32,
}

impl IndexBuilder {
    pub(crate) fn push(&mut self, entry: &BlobEntry) {
        let blob = &entry.blob;
        self.bytes.extend_from_slice(&blob.digest.0);
        for length in [blob.offset, blob.raw_len, blob.stored_len] {
            self.bytes.extend_from_slice(&length.to_le_bytes());
        }
        self.bytes.extend_from_slice(&blob.crc32.to_le_bytes());
        self.bytes.push(match blob.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        });
        for number in entry.frame_stored_lens.iter().chain(&entry.check_crc32s) {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.blobs += 1;
    }

    pub(crate) fn blobs(&self) -> u32 {
        self.blobs
    }

    /// Index and footer as they follow `data_len` bytes of blobs.
    pub(crate) fn seal(self, pack: PackId, data_len: u64) -> Vec<u8> {
        let index_len = on_disk(self.bytes.len());
        let mut bytes = self.bytes;
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.blobs.to_le_bytes());
        for number in [data_len, index_len, pack.0.cast_unsigned()] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }
}

/// What the last [`FOOTER_LEN`] bytes of a pack say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footer {
    blobs: u32,
    data_len: u64,
    index_len: u64,
}

impl Footer {
    /// Reads the footer of a file of `file_len` bytes that should be `pack`.
    pub(crate) fn parse(bytes: &[u8], pack: PackId, file_len: u64) -> Result<Self, BlobError> {
        let corrupt = |what| BlobError::Corrupt {
            pack,
            offset: file_len,
            what,
        };
        let mut cursor = Cursor(bytes);
        let read = || {
            let magic = cursor.take()?;
            let version = cursor.u32()?;
            let footer = Self {
                blobs: cursor.u32()?,
                data_len: cursor.u64()?,
                index_len: cursor.u64()?,
            };
            Some((magic, version, footer, cursor.u64()?))
        };
        let (magic, version, footer, id) = Some(read)
            .and_then(|mut read| read())
            .ok_or(corrupt("the footer is cut"))?;
        if magic != MAGIC {
            return Err(corrupt("there is no footer at the end"));
        }
        if version != VERSION {
            return Err(corrupt("the pack's version is unknown"));
        }
        if id != pack.0.cast_unsigned() {
            return Err(corrupt("the footer names another pack"));
        }
        let whole = footer.data_len.checked_add(footer.tail_len());
        if whole != Some(file_len) {
            return Err(corrupt("the file's length is not the footer's"));
        }
        Ok(footer)
    }

    /// Bytes of index and footer together.
    pub(crate) fn tail_len(&self) -> u64 {
        self.index_len.saturating_add(on_disk(FOOTER_LEN))
    }
}

/// The checked index of a sealed pack.
#[derive(Debug)]
pub(crate) struct PackIndex {
    pack: PackId,
    rows: Vec<Row>,
    numbers: Vec<u32>,
}

/// A blob; its frames and then its check blocks start at `first_number`.
#[derive(Debug)]
struct Row {
    digest: Digest,
    offset: u64,
    raw_len: u64,
    stored_len: u64,
    crc32: u32,
    method: Method,
    first_number: usize,
}

impl PackIndex {
    /// Reads index and footer, `tail`, of a pack.
    pub(crate) fn parse(tail: &[u8], footer: Footer, pack: PackId) -> Result<Self, BlobError> {
        let corrupt = |what| BlobError::Corrupt {
            pack,
            offset: footer.data_len,
            what,
        };
        let (signed, digest) = tail
            .split_last_chunk::<32>()
            .ok_or(corrupt("the footer is cut"))?;
        if Sha256::digest(signed).as_slice() != digest {
            return Err(corrupt("the index does not match its checksum"));
        }
        let index = signed
            .get(..in_memory(footer.index_len))
            .ok_or(corrupt("the index is cut"))?;
        let capacity = in_memory(u64::from(footer.blobs)).min(index.len() / ROW_LEN);
        let mut built = Self {
            pack,
            rows: Vec::with_capacity(capacity),
            numbers: Vec::new(),
        };
        let mut cursor = Cursor(index);
        for _ in 0..footer.blobs {
            built.push_row(&mut cursor).ok_or(corrupt("the index is cut"))?;
        }
        if !cursor.0.is_empty() || !built.is_in_order(footer.data_len) {
            return Err(corrupt("the index contradicts itself"));
        }
        built.numbers.shrink_to_fit();
        Ok(built)
    }

    fn push_row(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let row = Row {
            digest: Digest(cursor.take()?),
            offset: cursor.u64()?,
            raw_len: cursor.u64()?,
            stored_len: cursor.u64()?,
            crc32: cursor.u32()?,
            method: match cursor.take()? {
                [0] => Method::Stored,
                [8] => Method::Deflated,
                _ => return None,
            },
            first_number: self.numbers.len(),
        };
        let (words, _) = cursor.0.as_chunks::<4>();
        let numbers = words.get(..row.frames().checked_add(row.checks())?)?;
        self.numbers
            .extend(numbers.iter().map(|word| u32::from_le_bytes(*word)));
        cursor.0 = cursor.0.get(numbers.as_flattened().len()..)?;
        self.rows.push(row);
        Some(())
    }

    fn is_in_order(&self, data_len: u64) -> bool {
        let mut free_from = Some(0);
        self.rows.iter().all(|row| {
            let end = row.offset.checked_add(row.stored_len);
            let fits =
                free_from.is_some_and(|from| from <= row.offset) && end.is_some_and(|end| end <= data_len);
            free_from = end;
            fits
        })
    }

    fn row_at(&self, offset: u64) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&offset, |row| row.offset).ok()?;
        self.rows.get(at)
    }

    /// The checksums of the blob at `offset`, if its stored length is `stored_len`.
    pub(crate) fn checks_at(&self, offset: u64, stored_len: u64) -> Option<&[u32]> {
        let row = self.row_at(offset).filter(|row| row.stored_len == stored_len)?;
        self.numbers
            .get(row.first_number + row.frames()..)?
            .get(..row.checks())
    }

    /// All about the blob at `offset`.
    pub(crate) fn entry_at(&self, offset: u64) -> Option<BlobEntry> {
        let row = self.row_at(offset)?;
        let numbers = self.numbers.get(row.first_number..)?;
        let (frames, rest) = numbers.split_at_checked(row.frames())?;
        let checks = rest.get(..row.checks())?;
        Some(BlobEntry {
            blob: self.blob(row),
            frame_stored_lens: frames.to_vec(),
            check_crc32s: checks.to_vec(),
        })
    }

    pub(crate) fn blobs(&self) -> Vec<StoredBlob> {
        self.rows.iter().map(|row| self.blob(row)).collect()
    }

    fn blob(&self, row: &Row) -> StoredBlob {
        StoredBlob {
            digest: row.digest,
            raw_len: row.raw_len,
            crc32: row.crc32,
            stored_len: row.stored_len,
            method: row.method,
            pack: self.pack,
            offset: row.offset,
        }
    }

    /// Bytes this index takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.numbers.capacity() * size_of::<u32>()
            + size_of::<Self>()
    }
}

impl Row {
    fn frames(&self) -> usize {
        match self.method {
            Method::Stored => 0,
            Method::Deflated => in_memory(self.raw_len.div_ceil(on_disk(FRAME_LEN))),
        }
    }

    fn checks(&self) -> usize {
        in_memory(self.stored_len.div_ceil(CHECK_STEP))
    }
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}
