//! Stores to test, documents to put into them, and plain ways to read them back.

use bytes::Bytes;
use holdall_blobs::{BlobError, BlobOptions, Blobs, Filled, ReadJob, StoredBlob};
use holdall_model::PackId;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const MIB: usize = 1 << 20;

/// A store in a folder of its own.
pub(crate) struct Shelf {
    pub(crate) dir: TempDir,
    pub(crate) blobs: Blobs,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self::with(BlobOptions::default())
    }

    pub(crate) fn with(options: BlobOptions) -> Self {
        let dir = TempDir::new().unwrap();
        let blobs = Blobs::open(dir.path(), options).unwrap();
        Self { dir, blobs }
    }

    /// The same store as a new process would see it.
    pub(crate) fn reopened(&self) -> Blobs {
        Blobs::open(self.dir.path(), BlobOptions::default()).unwrap()
    }

    pub(crate) fn put(&self, raw: &[u8]) -> StoredBlob {
        self.blobs.put(raw, &|_| None).unwrap().blob
    }

    pub(crate) fn pack_file(&self, pack: PackId) -> PathBuf {
        let name = format!("{:016x}.pack", pack.0);
        self.dir.path().join("packs").join(&name[..2]).join(name)
    }

    /// How many files of any sort there are.
    pub(crate) fn files(&self) -> usize {
        files_below(self.dir.path())
    }
}

fn files_below(folder: &Path) -> usize {
    let found = folder.read_dir().unwrap().map(|found| found.unwrap().path());
    found
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Shrinks well.
    Text,
    /// Does not shrink.
    Random,
    /// Frames of both sorts in turn, text first.
    TextFirst,
    /// Frames of both sorts in turn, random first.
    RandomFirst,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Text, Kind::Random, Kind::TextFirst, Kind::RandomFirst];

/// An endless document, different for each seed.
pub(crate) struct Generated {
    kind: Kind,
    state: u64,
    words: usize,
    /// The rest of the word that the last read ended in.
    rest: Vec<u8>,
}

impl Generated {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            words: 0,
            rest: Vec::new(),
        }
    }

    fn next_word(&mut self) -> [u8; 8] {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let random = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes();
        let odd_frame = (self.words * 8 / MIB) % 2 == 1;
        let text = match self.kind {
            Kind::Text => true,
            Kind::Random => false,
            Kind::TextFirst => !odd_frame,
            Kind::RandomFirst => odd_frame,
        };
        self.words += 1;
        if text {
            random.map(|byte| b"etaoin shrdlu.\n,"[usize::from(byte % 16)])
        } else {
            random
        }
    }
}

impl Read for Generated {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.rest.len().min(out.len());
        let (front, words) = out.split_at_mut(rest);
        front.copy_from_slice(&self.rest[..rest]);
        self.rest.drain(..rest);
        for chunk in words.chunks_mut(8) {
            let word = self.next_word();
            chunk.copy_from_slice(&word[..chunk.len()]);
            self.rest = word[chunk.len()..].to_vec();
        }
        Ok(out.len())
    }
}

pub(crate) fn content(kind: Kind, len: usize, seed: u64) -> Vec<u8> {
    let mut raw = vec![0; len];
    Generated::new(kind, seed).read_exact(&mut raw).unwrap();
    raw
}

pub(crate) fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

/// Which of the two ways to fill a job.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Waiting,
    AtOnce,
}

pub(crate) fn fill(blobs: &Blobs, job: ReadJob, way: Way) -> Result<Bytes, BlobError> {
    match way {
        Way::Waiting => blobs.fill(job),
        Way::AtOnce => match blobs.try_fill(job) {
            Filled::Ready(bytes) => Ok(bytes),
            Filled::WouldBlock(job) => blobs.fill(job),
        },
    }
}

/// Stored bytes, in as many jobs as it takes.
pub(crate) fn read_stored(
    blobs: &Blobs,
    blob: &StoredBlob,
    range: Range<u64>,
    way: Way,
) -> Result<Vec<u8>, BlobError> {
    let mut read = Vec::new();
    let mut at = range.start;
    while at < range.end.min(blob.stored_len) {
        let mut job = blobs.read_job(range.end - at);
        at += u64::try_from(job.push_content(blob.locator(), blob.stored_len, at..range.end)).unwrap();
        read.extend_from_slice(&fill(blobs, job, way)?);
    }
    Ok(read)
}

pub(crate) fn read_raw(blobs: &Blobs, blob: &StoredBlob, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    let mut reader = blobs.read_raw(blob.locator(), range).map_err(io::Error::other)?;
    reader.read_to_end(&mut raw)?;
    Ok(raw)
}

/// A whole document, checked against everything its row says of it.
pub(crate) fn assert_holds(blobs: &Blobs, blob: &StoredBlob, raw: &[u8]) {
    assert_eq!((blob.raw_len, blob.crc32), (len(raw), crc32fast::hash(raw)));
    assert!(read_raw(blobs, blob, 0..u64::MAX).unwrap() == raw, "{blob:?}");
}
