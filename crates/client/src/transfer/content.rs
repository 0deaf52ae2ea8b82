//! The proof of one document's content: what is stored has the right length and CRC-32, and so has what it inflates to, and the
//! right SHA-256.

use super::plan_file::{is_expected, key_of};
use flate2::{Decompress, FlushDecompress, Status};
use holdall_archive::{Entry, Method};
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};

/// Bytes inflated at once.
const INFLATED_LEN: usize = 256 << 10;

/// Feeds on stored bytes in order and judges at the end. Reused from document to document.
pub(crate) struct Proof {
    inflate: Decompress,
    room: Box<[u8]>,
}

/// One document under proof.
pub(crate) struct Proving<'a, W> {
    tools: &'a mut Proof,
    entry: &'a Entry,
    /// Where the content goes.
    sink: W,
    crc32: crc32fast::Hasher,
    stored_crc32: crc32fast::Hasher,
    sha256: Sha256,
    raw_len: u64,
    stored_len: u64,
    is_at_end: bool,
}

/// Why a content is not proved.
#[derive(Debug)]
pub(crate) enum Doubt {
    /// It is not the content that it should be.
    Wrong,
    /// It could not be written where it was to go.
    Sink(io::Error),
}

impl Default for Proof {
    fn default() -> Self {
        Self {
            inflate: Decompress::new(false),
            room: vec![0; INFLATED_LEN].into_boxed_slice(),
        }
    }
}

impl Proof {
    /// Begins the proof of an entry's content, which goes to `sink`.
    pub(crate) fn of<'a, W: Write>(&'a mut self, entry: &'a Entry, sink: W) -> Proving<'a, W> {
        self.inflate.reset(false);
        Proving {
            tools: self,
            entry,
            sink,
            crc32: crc32fast::Hasher::new(),
            stored_crc32: crc32fast::Hasher::new(),
            sha256: Sha256::new(),
            raw_len: 0,
            stored_len: 0,
            is_at_end: false,
        }
    }
}

impl<W: Write> Proving<'_, W> {
    /// The next stored bytes. Fails as soon as they cannot be right.
    pub(crate) fn feed(&mut self, stored: &[u8]) -> Result<(), Doubt> {
        self.stored_len += len(stored);
        match self.entry.method {
            Method::Stored => self.pass_stored(stored),
            Method::Deflated => {
                self.stored_crc32.update(stored);
                self.pass_deflated(stored)
            }
        }
    }

    fn pass_stored(&mut self, raw: &[u8]) -> Result<(), Doubt> {
        self.crc32.update(raw);
        self.sha256.update(raw);
        self.raw_len += len(raw);
        self.sink.write_all(raw).map_err(Doubt::Sink)
    }

    fn pass_deflated(&mut self, mut stored: &[u8]) -> Result<(), Doubt> {
        loop {
            let (in_before, out_before) = (self.tools.inflate.total_in(), self.tools.inflate.total_out());
            let status = self
                .tools
                .inflate
                .decompress(stored, &mut self.tools.room, FlushDecompress::None)
                .map_err(|_| Doubt::Wrong)?;
            let consumed = narrow(self.tools.inflate.total_in() - in_before);
            let made = narrow(self.tools.inflate.total_out() - out_before);
            let raw = self.tools.room.get(..made).unwrap_or_default();
            self.crc32.update(raw);
            self.sha256.update(raw);
            self.raw_len += len(raw);
            if self.raw_len > self.entry.raw_len {
                return Err(Doubt::Wrong);
            }
            self.sink.write_all(raw).map_err(Doubt::Sink)?;
            stored = stored.get(consumed..).unwrap_or_default();
            self.is_at_end = status == Status::StreamEnd;
            if self.is_at_end || (consumed == 0 && made == 0) {
                return stored.is_empty().then_some(()).ok_or(Doubt::Wrong);
            }
        }
    }

    /// Judges; gives the sink of content that is right.
    pub(crate) fn finish(self) -> Result<W, Doubt> {
        let entry = self.entry;
        let is_whole = self.entry.method == Method::Stored || self.is_at_end || entry.stored_len == 0;
        let crc32 = self.crc32.finalize();
        let stored_crc32 = match entry.method {
            Method::Stored => crc32,
            Method::Deflated => self.stored_crc32.finalize(),
        };
        let found = key_of(Some(&self.sha256.finalize().into()), Some(stored_crc32));
        let is_right = is_whole
            && self.stored_len == entry.stored_len
            && self.raw_len == entry.raw_len
            && crc32 == entry.crc32
            && is_expected(&entry.content, &found);
        if is_right {
            Ok(self.sink)
        } else {
            Err(Doubt::Wrong)
        }
    }
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn narrow(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[expect(clippy::as_conversions, reason = "lengths of test data fit")]
mod tests {
    use super::{Doubt, Proof};
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use holdall_archive::{Entry, EntryKind, EntryName, Method};
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};
    use std::io::Write as _;

    fn entry(raw: &[u8], method: Method) -> (Entry, Vec<u8>) {
        let mut stored = raw.to_vec();
        if method == Method::Deflated {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(raw).unwrap();
            stored = encoder.finish().unwrap();
        }
        let entry = Entry {
            name: EntryName::new("a/b.txt").unwrap(),
            kind: EntryKind::Document,
            method,
            crc32: crc32fast::hash(raw),
            raw_len: raw.len() as u64,
            stored_len: stored.len() as u64,
            modified: 0,
            content: super::key_of(Some(&Sha256::digest(raw).into()), Some(crc32fast::hash(&stored))),
        };
        (entry, stored)
    }

    fn prove(tools: &mut Proof, entry: &Entry, stored: &[u8], step: usize) -> Result<Vec<u8>, Doubt> {
        let mut proving = tools.of(entry, Vec::new());
        for part in stored.chunks(step) {
            proving.feed(part)?;
        }
        proving.finish()
    }

    proptest! {
        #[test]
        fn l4_content_passes_in_any_steps_and_no_other_content_does(
            raw in proptest::collection::vec(prop_oneof![Just(7_u8), any::<u8>()], 1..3000),
            deflated in any::<bool>(),
            step in 1_usize..500,
            flip in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            let method = if deflated { Method::Deflated } else { Method::Stored };
            let (entry, mut stored) = entry(&raw, method);
            let mut tools = Proof::default();
            prop_assert_eq!(prove(&mut tools, &entry, &stored, step).unwrap(), raw.clone());
            let at = flip.index(stored.len());
            stored[at] ^= 1 << bit;
            // Also when it inflates to the same content: one content has many deflate streams.
            prop_assert!(prove(&mut tools, &entry, &stored, step).is_err());
            stored[at] ^= 1 << bit;
            let cut = stored.len() - 1;
            prop_assert!(prove(&mut tools, &entry, &stored[..cut], step).is_err());
            stored.push(0);
            prop_assert!(prove(&mut tools, &entry, &stored, step).is_err());
        }
    }
}
