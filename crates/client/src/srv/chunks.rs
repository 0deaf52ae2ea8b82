//! Files in chunks: an archive that was staged or a version of a document, each behind a handler.

use super::details::read_crc32;
use super::session::retried;
use super::{CHUNK_LEN, Element, SrvClient, SrvError, VersionReader};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// A staged archive.
#[derive(Clone)]
pub struct StagedZip {
    /// The secret that names it; ends with [`SrvClient::forget`].
    pub handler: String,
    /// What is not in it, when it was staged partially.
    pub left_out: Vec<LeftOut>,
}

impl fmt::Debug for StagedZip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StagedZip")
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

/// An item that is not in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its path, as the server writes it.
    pub item: String,
    /// Why.
    pub reason: String,
}

/// A version of a document that can be fetched.
pub struct OpenedVersion {
    /// The secret that names it; ends with [`SrvClient::forget`].
    pub handler: String,
    /// Its length in bytes.
    pub raw_len: u64,
    /// The CRC32 of all its bytes, where the server tells one.
    pub crc32: Option<u32>,
    /// The bytes that the server likes to give at a time.
    pub chunk_len: u64,
}

/// Some bytes of a file, whose CRC32 was checked.
pub struct Chunk {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The length of the whole file in bytes.
    pub file_len: u64,
    /// Whether the file ends with these bytes.
    pub last: bool,
}

impl SrvClient {
    /// `DownloadZipWithHandler`: stages folders and documents, by path or `~F7`, `~D7`. Fails when anything has to be left out, unless
    /// `partial`.
    pub fn stage(&self, items: &[&str], partial: bool) -> Result<StagedZip, SrvError> {
        let (paths, partial) = (items.join("|"), if partial { "true" } else { "false" });
        let parameters = [("Paths", paths.as_str()), ("partialResult", partial)];
        let answer = self.call("DownloadZipWithHandler", &parameters)?;
        let left_out = answer.children_named("log").map(|entry| LeftOut {
            item: entry.child_text("item").to_owned(),
            reason: entry.child_text("error").to_owned(),
        });
        Ok(StagedZip {
            handler: handler_of("DownloadZipWithHandler", &answer)?,
            left_out: left_out.collect(),
        })
    }

    /// `GetDownloadHandlerByVersion`: opens a version of a document; number 0 is the latest.
    pub fn open(&self, document: i64, version: i64) -> Result<OpenedVersion, SrvError> {
        let (path, wanted) = (format!("~D{document}"), CHUNK_LEN.to_string());
        let version = version.to_string();
        let operation = "GetDownloadHandlerByVersion";
        let parameters = [
            ("Path", path.as_str()),
            ("PreferedChunkSize", &wanted),
            ("VersionNumber", &version),
        ];
        let answer = self.ask(operation, &parameters)?;
        Ok(OpenedVersion {
            handler: handler_of(operation, &answer)?,
            raw_len: number(operation, &answer, "Size")?,
            crc32: read_crc32(answer.value("CRC32")),
            chunk_len: number(operation, &answer, "ChunkSize")
                .unwrap_or(CHUNK_LEN)
                .max(1),
        })
    }

    /// A version of a document as bytes in order, each chunk fetched when it is read. The handler is deleted at the end.
    pub fn read_version(&self, document: i64, version: i64) -> Result<VersionReader<'_>, SrvError> {
        Ok(VersionReader::new(self, self.open(document, version)?))
    }

    /// `DownloadFileChunk`: at most `len` bytes from `offset` on, proved by their CRC32 and tried again while line or proof fail. The
    /// server may give fewer than asked for.
    pub fn fetch_chunk(&self, handler: &str, offset: u64, len: u64) -> Result<Chunk, SrvError> {
        retried(|| self.fetch_once(handler, offset, len))
    }

    fn fetch_once(&self, handler: &str, offset: u64, len: u64) -> Result<Chunk, SrvError> {
        let operation = "DownloadFileChunk";
        let (start, wanted) = (offset.to_string(), len.to_string());
        let parameters = [
            ("DownloadHandler", handler),
            ("StartOffset", &*start),
            ("ChunkSize", &*wanted),
        ];
        let answer = self.call(operation, &parameters)?;
        let bytes = STANDARD
            .decode(answer.text.trim())
            .map_err(|error| damaged(offset, &format!("is no base64: {error}")))?;
        let announced = answer.value("chunkCRC32");
        let crc32 = crc32fast::hash(&bytes);
        if read_crc32(announced) != Some(crc32) {
            let problem = format!("has CRC32 {crc32:08X}, announced was `{announced}`");
            return Err(damaged(offset, &problem));
        }
        let raw_len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let (said, file_len) = (
            number(operation, &answer, "chunklength")?,
            number(operation, &answer, "filelength")?,
        );
        if said != raw_len || raw_len > len || offset.saturating_add(raw_len) > file_len {
            let problem = format!("is {raw_len} bytes long, announced were {said} of a file of {file_len}");
            return Err(damaged(offset, &problem));
        }
        let last = answer.value("lastchunk").eq_ignore_ascii_case("true");
        if !last && bytes.is_empty() {
            return Err(damaged(offset, "is empty but not the last"));
        }
        Ok(Chunk {
            bytes,
            file_len,
            last,
        })
    }

    /// As [`Self::forget`], without trying again.
    pub(super) fn call_to_forget(&self, handler: &str) -> Result<(), SrvError> {
        self.call("DeleteDownloadHandler", &[("DownloadHandler", handler)])
            .map(drop)
    }

    /// `DeleteDownloadHandler`: what it names cannot be fetched any more. One that is gone already is no failure.
    pub fn forget(&self, handler: &str) -> Result<(), SrvError> {
        self.ask("DeleteDownloadHandler", &[("DownloadHandler", handler)])
            .map(drop)
    }
}

fn damaged(offset: u64, problem: &str) -> SrvError {
    SrvError::Damaged {
        problem: format!("the chunk at {offset} {problem}"),
    }
}

fn handler_of(operation: &str, answer: &Element) -> Result<String, SrvError> {
    let handler = answer.value("downloadhandler");
    if handler.is_empty() {
        return Err(SrvError::malformed(operation, "it has no handler"));
    }
    Ok(handler.to_owned())
}

fn number(operation: &str, answer: &Element, name: &str) -> Result<u64, SrvError> {
    let text = answer.value(name);
    text.parse()
        .map_err(|_| SrvError::malformed(operation, format!("{name} is `{text}`")))
}
