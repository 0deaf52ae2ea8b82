//! Values on their way into a statement.

use crate::CatalogError;
use holdall_model::{
    BlobId, Digest, DocumentId, DownloadId, FolderId, GroupId, LibraryId, PackId, ScopeId, Timestamp,
    UploadId, UserId, VersionNumber,
};
use std::borrow::Cow;

/// A value for a placeholder. There is no null: every column has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A `BIGINT`: numbers, ids, times in milliseconds, booleans as 0 and 1.
    Integer(i64),
    /// A length or offset in bytes, stored as a `BIGINT`; one above `i64::MAX` fails the statement.
    Length(u64),
    /// A `TEXT`.
    Text(Cow<'a, str>),
    /// A `BLOB` or `BYTEA`.
    Bytes(Cow<'a, [u8]>),
    /// A `BLOB` or `BYTEA` of 32 bytes.
    Digest(Digest),
}

/// A [`Value`] as the drivers bind it, or many of them as one array.
#[derive(Debug)]
pub(crate) enum Bound<'v> {
    Integer(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
    Integers(Vec<i64>),
    Texts(Vec<&'v str>),
    ByteStrings(Vec<&'v [u8]>),
}

impl Value<'_> {
    pub(crate) fn bound(&self) -> Result<Bound<'_>, CatalogError> {
        Ok(match self {
            Self::Integer(number) => Bound::Integer(*number),
            Self::Length(length) => Bound::Integer(
                i64::try_from(*length)
                    .map_err(|_beyond| CatalogError::inconsistent("a length beyond 63 bits"))?,
            ),
            Self::Text(text) => Bound::Text(text),
            Self::Bytes(bytes) => Bound::Bytes(bytes),
            Self::Digest(digest) => Bound::Bytes(&digest.0),
        })
    }
}

impl<'v> Bound<'v> {
    /// An empty array of values of this one's type.
    pub(crate) fn empty_array(&self) -> Self {
        match self {
            Self::Integer(_) | Self::Integers(_) => Self::Integers(Vec::new()),
            Self::Text(_) | Self::Texts(_) => Self::Texts(Vec::new()),
            Self::Bytes(_) | Self::ByteStrings(_) => Self::ByteStrings(Vec::new()),
        }
    }

    /// Appends a single value to an array of its type.
    pub(crate) fn append(&mut self, item: Self) -> Result<(), CatalogError> {
        match (self, item) {
            (Self::Integers(array), Self::Integer(number)) => array.push(number),
            (Self::Texts(array), Self::Text(text)) => array.push(text),
            (Self::ByteStrings(array), Self::Bytes(bytes)) => array.push(bytes),
            _ => return Err(CatalogError::inconsistent("a list mixes types")),
        }
        Ok(())
    }

    /// All `values` as one array. The type is that of the first; integers when there is none.
    pub(crate) fn array(values: &'v [Value<'_>]) -> Result<Self, CatalogError> {
        let mut array = match values.first() {
            Some(first) => first.bound()?.empty_array(),
            None => Self::Integers(Vec::new()),
        };
        values.iter().try_for_each(|value| array.append(value.bound()?))?;
        Ok(array)
    }

    /// PostgreSQL's name for the type of this array.
    pub(crate) fn postgres_array(&self) -> &'static str {
        match self {
            Self::Integer(_) | Self::Integers(_) => "bigint[]",
            Self::Text(_) | Self::Texts(_) => "text[]",
            Self::Bytes(_) | Self::ByteStrings(_) => "bytea[]",
        }
    }
}

macro_rules! from_integer {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(number: $kind) -> Self {
                Self::Integer(i64::from(number))
            }
        }
    )*};
}

macro_rules! from_newtype {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(wrapped: $kind) -> Self {
                Self::Integer(wrapped.0)
            }
        }
    )*};
}

from_integer!(i64, i32, u32, u16, u8, bool);
from_newtype!(
    BlobId,
    DocumentId,
    DownloadId,
    FolderId,
    GroupId,
    LibraryId,
    PackId,
    ScopeId,
    Timestamp,
    UploadId,
    UserId,
    VersionNumber
);

impl From<u64> for Value<'_> {
    fn from(length: u64) -> Self {
        Self::Length(length)
    }
}

impl From<Digest> for Value<'_> {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(bytes))
    }
}
