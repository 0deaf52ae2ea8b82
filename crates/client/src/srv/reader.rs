//! A version of a document as a reader.

use super::{OpenedVersion, SrvClient, SrvError};
use std::io::{self, Read};

/// The bytes of a version in order. A chunk is in memory at a time. The whole is proved by length and CRC32: the last read fails when
/// they are not the announced ones.
pub struct VersionReader<'a> {
    client: &'a SrvClient,
    opened: OpenedVersion,
    chunk: Vec<u8>,
    /// Bytes of the chunk that were read.
    given: usize,
    /// Bytes fetched so far.
    fetched: u64,
    ended: bool,
    proof: crc32fast::Hasher,
}

impl<'a> VersionReader<'a> {
    pub(super) fn new(client: &'a SrvClient, opened: OpenedVersion) -> Self {
        Self {
            client,
            opened,
            chunk: Vec::new(),
            given: 0,
            fetched: 0,
            ended: false,
            proof: crc32fast::Hasher::new(),
        }
    }

    /// What the server said of the version when it was opened.
    pub fn opened(&self) -> &OpenedVersion {
        &self.opened
    }

    /// The next bytes, as many as the server likes to give; `None` behind the last ones. The whole was proved when it ends.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, SrvError> {
        if self.ended {
            return Ok(None);
        }
        let handler = &self.opened.handler;
        let chunk = self
            .client
            .fetch_chunk(handler, self.fetched, self.opened.chunk_len)?;
        self.proof.update(&chunk.bytes);
        self.fetched += u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX);
        self.ended = chunk.last;
        if chunk.last {
            self.prove()?;
        }
        Ok(Some(chunk.bytes).filter(|bytes| !bytes.is_empty()))
    }

    fn prove(&self) -> Result<(), SrvError> {
        let (expected, crc32) = (&self.opened, self.proof.clone().finalize());
        let is_whole =
            self.fetched == expected.raw_len && expected.crc32.is_none_or(|wanted| wanted == crc32);
        if is_whole {
            return Ok(());
        }
        let problem = format!(
            "it came {} bytes long with CRC32 {crc32:08X}, announced were {} bytes with {}",
            self.fetched,
            expected.raw_len,
            expected
                .crc32
                .map_or_else(|| "none".to_owned(), |wanted| format!("{wanted:08X}")),
        );
        Err(SrvError::Damaged { problem })
    }
}

impl Read for VersionReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.chunk.len() {
            self.chunk = self.next_chunk().map_err(io::Error::other)?.unwrap_or_default();
            self.given = 0;
        }
        let rest = self.chunk.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(from), Some(to)) = (rest.get(..count), buffer.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

impl Drop for VersionReader<'_> {
    fn drop(&mut self) {
        // A handler that cannot be deleted now ends by itself.
        drop(self.client.call_to_forget(&self.opened.handler));
    }
}
