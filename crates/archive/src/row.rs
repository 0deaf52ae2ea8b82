//! An entry without its name: the fixed-size record of the plan, and what header arithmetic works on.

use alloc::vec::Vec;

use crate::entry::{ContentKey, EntryKind, Method};
use crate::widths::{take, take_u16, take_u32, take_u64};

/// Bytes of an encoded row.
pub(crate) const ROW_LEN: usize = 56;

/// An entry without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) content: ContentKey,
    pub(crate) raw_len: u64,
    pub(crate) stored_len: u64,
    pub(crate) modified: i64,
    pub(crate) crc32: u32,
    /// Bytes of the name as written in the archive, a folder's final `/` included.
    pub(crate) name_len: u16,
    pub(crate) method: Method,
    pub(crate) kind: EntryKind,
}

impl Row {
    /// Appends key 24, raw length 8, stored length 8, time 8, CRC-32 4, name length 2, method 1, kind 1; little-endian.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.content.0);
        out.extend_from_slice(&self.raw_len.to_le_bytes());
        out.extend_from_slice(&self.stored_len.to_le_bytes());
        out.extend_from_slice(&self.modified.to_le_bytes());
        out.extend_from_slice(&self.crc32.to_le_bytes());
        out.extend_from_slice(&self.name_len.to_le_bytes());
        out.push(method_code(self.method));
        out.push(kind_code(self.kind));
    }

    /// `None` when method or kind is unknown.
    pub(crate) fn decode(bytes: &[u8; ROW_LEN]) -> Option<Self> {
        let bytes = &mut bytes.as_slice();
        Some(Self {
            content: ContentKey(take(bytes)?),
            raw_len: take_u64(bytes)?,
            stored_len: take_u64(bytes)?,
            modified: i64::from_le_bytes(take(bytes)?),
            crc32: take_u32(bytes)?,
            name_len: take_u16(bytes)?,
            method: decode_method(take(bytes)?)?,
            kind: decode_kind(take(bytes)?)?,
        })
    }
}

fn method_code(method: Method) -> u8 {
    match method {
        Method::Stored => 0,
        Method::Deflated => 8,
    }
}

fn decode_method([code]: [u8; 1]) -> Option<Method> {
    match code {
        0 => Some(Method::Stored),
        8 => Some(Method::Deflated),
        _ => None,
    }
}

fn kind_code(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Document => 0,
        EntryKind::Folder => 1,
    }
}

fn decode_kind([code]: [u8; 1]) -> Option<EntryKind> {
    match code {
        0 => Some(EntryKind::Document),
        1 => Some(EntryKind::Folder),
        _ => None,
    }
}
