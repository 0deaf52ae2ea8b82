//! An entry without its name: what header arithmetic works on, and its form in the plan.

use alloc::vec::Vec;

use crate::entry::{ContentKey, EntryKind, Method};
use crate::widths::{at_distance, distance, put_varint, take, take_u32, take_varint};

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

const FOLDER: u8 = 1;
const DEFLATED: u8 = 2;

impl Row {
    /// What the first row of a block is written after.
    pub(crate) const NONE: Self = Self {
        content: ContentKey([0; 24]),
        raw_len: 0,
        stored_len: 0,
        modified: 0,
        crc32: 0,
        name_len: 0,
        method: Method::Stored,
        kind: EntryKind::Document,
    };

    /// Appends what differs from the row before, mostly nothing, and not the name's length: kind and method 1 byte; raw length; the
    /// stored length of a deflated one; the CRC-32 of one with content, 4 bytes little-endian; the distances of the time and of the
    /// key's three little-endian words.
    pub(crate) fn encode_after(&self, before: &Self, out: &mut Vec<u8>) {
        let kind = if self.kind == EntryKind::Folder { FOLDER } else { 0 };
        let method = if self.method == Method::Deflated {
            DEFLATED
        } else {
            0
        };
        out.push(kind | method);
        put_varint(self.raw_len, out);
        if self.method == Method::Deflated {
            put_varint(self.stored_len, out);
        }
        if self.raw_len > 0 {
            out.extend_from_slice(&self.crc32.to_le_bytes());
        }
        let time = distance(before.modified.cast_unsigned(), self.modified.cast_unsigned());
        put_varint(time, out);
        for (word, word_before) in words(&self.content).zip(words(&before.content)) {
            put_varint(distance(word_before, word), out);
        }
    }

    /// Takes a row off the front; `None` when there is none. The name's length is still missing.
    pub(crate) fn decode_after(before: &Self, bytes: &mut &[u8]) -> Option<Self> {
        let [flags] = take(bytes)?;
        if flags > (FOLDER | DEFLATED) {
            return None;
        }
        let is_deflated = flags & DEFLATED != 0;
        let raw_len = take_varint(bytes)?;
        let stored_len = if is_deflated { take_varint(bytes)? } else { raw_len };
        let crc32 = if raw_len > 0 { take_u32(bytes)? } else { 0 };
        let modified = at_distance(before.modified.cast_unsigned(), take_varint(bytes)?).cast_signed();
        let mut content = ContentKey::default();
        let places = content.0.as_chunks_mut::<8>().0.iter_mut();
        for (place, word_before) in places.zip(words(&before.content)) {
            *place = at_distance(word_before, take_varint(bytes)?).to_le_bytes();
        }
        Some(Self {
            content,
            raw_len,
            stored_len,
            modified,
            crc32,
            name_len: 0,
            method: if is_deflated {
                Method::Deflated
            } else {
                Method::Stored
            },
            kind: if flags & FOLDER == 0 {
                EntryKind::Document
            } else {
                EntryKind::Folder
            },
        })
    }
}

fn words(key: &ContentKey) -> impl Iterator<Item = u64> {
    key.0
        .as_chunks::<8>()
        .0
        .iter()
        .map(|word| u64::from_le_bytes(*word))
}
