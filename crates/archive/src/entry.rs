//! What the caller knows about each thing that goes into an archive.

use alloc::string::String;
use core::fmt;

use crate::names::{PATH_MAX, is_safe_component};

/// One document or folder of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies inside the archive.
    pub name: EntryName,
    /// Document or folder.
    pub kind: EntryKind,
    /// How the stored bytes are encoded. An empty document is laid out as [`Method::Stored`] whatever is said here.
    pub method: Method,
    /// CRC-32 of the raw bytes; 0 for folders and empty documents.
    pub crc32: u32,
    /// Bytes after extraction.
    pub raw_len: u64,
    /// Bytes inside the archive.
    pub stored_len: u64,
    /// Last modification, unix seconds UTC.
    pub modified: i64,
    /// Where the stored bytes are.
    pub content: ContentKey,
}

/// Document or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// Written as a zero-length entry whose name ends in `/` (Z9).
    Folder,
    /// Has content.
    Document,
}

/// How an entry's stored bytes are encoded; the only two methods we write (Z8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Method 0: stored bytes are the raw bytes.
    Stored,
    /// Method 8: stored bytes are one raw deflate stream.
    Deflated,
}

/// Where an entry's stored bytes are, in words only the caller understands. Carried in the plan untouched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentKey(pub [u8; 24]);

/// A path inside an archive: components separated by `/`, no slash at either end (a folder's slash is added when it
/// is written), every component safe on every system (Z5, Z6), at most [`PATH_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName(String);

/// A path that breaks Z5 or Z6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsafeName;

impl EntryName {
    /// Takes a path that is already safe; [`crate::Namer`] makes safe ones out of any names.
    pub fn new(path: impl Into<String>) -> Result<Self, UnsafeName> {
        let path = path.into();
        if path.len() <= PATH_MAX && path.split('/').all(is_safe_component) {
            Ok(Self(path))
        } else {
            Err(UnsafeName)
        }
    }

    /// Takes a path the namer has made.
    pub(crate) fn from_namer(path: String) -> Self {
        Self(path)
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path, given away.
    pub fn into_string(self) -> String {
        self.0
    }

    /// The last component.
    pub fn component(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, last)| last)
    }
}

impl AsRef<str> for EntryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for UnsafeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a safe path inside an archive")
    }
}

impl core::error::Error for UnsafeName {}
