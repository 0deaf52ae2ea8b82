//! One entry of an archive as a stream that gives exactly what the directory announces, or fails.

use super::listing::LOCAL_HEADER_LEN;
use bytes::Bytes;
use flate2::bufread::DeflateDecoder;
use holdall_model::Timestamp;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// What is read ahead of the archive at a time.
const AHEAD_LEN: usize = 64 << 10;

/// The bytes of an archive, to be read from anywhere.
#[derive(Debug)]
pub(crate) enum Packed {
    /// A file and its length.
    Spooled(File, u64),
    /// A request's content.
    Held(Bytes),
}

/// An entry of the directory.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its path as it is written.
    pub(super) path: String,
    /// The same in bytes.
    pub(super) raw_name: Vec<u8>,
    /// Where its local header begins.
    pub(super) header_at: u64,
    /// Where its content ends at the latest: the next header, or the directory.
    pub(super) end: u64,
    pub(super) is_deflated: bool,
    pub(super) stored_len: u64,
    pub(super) raw_len: u64,
    pub(super) crc32: u32,
    pub(super) modified: Timestamp,
}

impl Packed {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Spooled(_, len) => *len,
            Self::Held(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        match self {
            Self::Spooled(file, _) => file.read_at(buffer, at),
            Self::Held(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let mut rest = bytes.get(at..).unwrap_or_default();
                rest.read(buffer)
            }
        }
    }
}

/// A part of an archive, with a place of its own.
pub(super) struct Window {
    packed: Arc<Packed>,
    at: u64,
    end: u64,
}

impl Window {
    pub(super) fn whole(packed: &Arc<Packed>) -> Self {
        Self {
            packed: Arc::clone(packed),
            at: 0,
            end: packed.len(),
        }
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let len = left.min(buffer.len());
        let read = self
            .packed
            .read_at(buffer.get_mut(..len).unwrap_or_default(), self.at)?;
        self.at += u64::try_from(read).map_err(io::Error::other)?;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Entry {
    /// Where its content ends at the earliest; the local header says how long name and extra field before it are.
    pub(super) fn least_end(&self) -> u64 {
        self.header_at
            .saturating_add(LOCAL_HEADER_LEN)
            .saturating_add(self.stored_len)
    }

    /// The content. It fails where it or its local header differs from the directory.
    pub(super) fn open(self: &Arc<Self>, packed: &Arc<Packed>) -> io::Result<Box<dyn Read + Send>> {
        let mut window = Window::whole(packed);
        window.at = self.header_at;
        let mut header = [0; 30];
        window.read_exact(&mut header)?;
        let word = |at: usize| {
            let pair = [header.get(at), header.get(at + 1)].map(|byte| byte.copied().unwrap_or_default());
            u16::from_le_bytes(pair)
        };
        let mut name = vec![0; usize::from(word(26))];
        window.read_exact(&mut name)?;
        let method = if self.is_deflated { 8 } else { 0 };
        let is_same = header.starts_with(b"PK\x03\x04")
            && word(6) & 1 == 0
            && word(8) == method
            && name == self.raw_name;
        if !is_same {
            return Err(differs("its local header"));
        }
        window.at += u64::from(word(28));
        window.end = window.at.saturating_add(self.stored_len);
        if window.end > self.end {
            return Err(differs("its stored length"));
        }
        let window = BufReader::with_capacity(AHEAD_LEN, window);
        let inner = if self.is_deflated {
            Inner::Deflated(DeflateDecoder::new(window))
        } else if self.stored_len == self.raw_len {
            Inner::Stored(window)
        } else {
            return Err(differs("its length"));
        };
        Ok(Box::new(Content {
            inner,
            entry: Arc::clone(self),
            seen_len: 0,
            crc32: crc32fast::Hasher::new(),
        }))
    }
}

fn differs(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{what} differs from the directory"),
    )
}

enum Inner {
    Stored(BufReader<Window>),
    Deflated(DeflateDecoder<BufReader<Window>>),
}

/// Inflates no more than one read past the announced length.
struct Content {
    inner: Inner,
    entry: Arc<Entry>,
    seen_len: u64,
    crc32: crc32fast::Hasher,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.inner {
            Inner::Stored(reader) => reader.read(buffer)?,
            Inner::Deflated(reader) => reader.read(buffer)?,
        };
        self.crc32.update(buffer.get(..read).unwrap_or_default());
        self.seen_len += u64::try_from(read).map_err(io::Error::other)?;
        if self.seen_len > self.entry.raw_len || read == 0 && self.seen_len < self.entry.raw_len {
            return Err(differs("its length"));
        }
        if read == 0 {
            self.check_end()?;
        }
        Ok(read)
    }
}

impl Content {
    fn check_end(&self) -> io::Result<()> {
        if self.crc32.clone().finalize() != self.entry.crc32 {
            return Err(differs("its CRC32"));
        }
        match &self.inner {
            Inner::Deflated(reader) if reader.total_in() != self.entry.stored_len => {
                Err(differs("its stored length"))
            }
            _ => Ok(()),
        }
    }
}
