//! Where a plan's bytes are read from.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

use crate::widths::{narrow, widen};

/// Immutable bytes that can be read at any place.
pub trait ReadAt {
    /// Fills all of `buf` with the bytes from `offset` on, or fails.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError>;

    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why bytes of a plan could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The read goes past the end.
    PastEnd,
    /// The medium failed.
    Failed(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PastEnd => "read past the end",
            Self::Failed(_) => "reading failed",
        })
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::PastEnd => None,
            Self::Failed(cause) => Some(cause.as_ref()),
        }
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let tail = self.get(narrow(offset)..).ok_or(ReadError::PastEnd)?;
        buf.copy_from_slice(tail.get(..buf.len()).ok_or(ReadError::PastEnd)?);
        Ok(())
    }

    fn len(&self) -> u64 {
        widen(<[u8]>::len(self))
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.as_slice().read_at(offset, buf)
    }

    fn len(&self) -> u64 {
        widen(self.as_slice().len())
    }
}

impl<S: ReadAt + ?Sized> ReadAt for &S {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        (**self).read_at(offset, buf)
    }

    fn len(&self) -> u64 {
        (**self).len()
    }
}

impl<S: ReadAt + ?Sized> ReadAt for Arc<S> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        (**self).read_at(offset, buf)
    }

    fn len(&self) -> u64 {
        (**self).len()
    }
}
