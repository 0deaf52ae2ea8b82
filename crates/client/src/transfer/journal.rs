//! The journal beside a part file: what of it is there, so that a run after a kill or a power cut goes on where it was.
//!
//! A line is the CRC-32 of its text, a space, the text. The first says what is fetched; then come `have START LEN CRC` for a
//! piece that was written, `proved START LEN` for a run that matched its checksums, `lost START LEN` for a piece that did
//! not, `download ID` for another handle of the same archive, and `synced N`: what the first N notes claim is on disk.
//! A note is written after the bytes it speaks of. Up to the last `synced` it is believed; a `have` after that is proved by
//! its CRC before it is believed, and a `proved` is not believed. The file holds a secret and is for its owner's eyes only.

use crate::Failure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is being fetched.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Purpose {
    /// The server's address.
    pub(crate) server: String,
    /// `native` or `srv`.
    pub(crate) protocol: String,
    /// The items asked for.
    pub(crate) items: Vec<String>,
    /// Whether nothing may be left out.
    pub(crate) strict: bool,
    /// Whether the caller's queue was taken, too.
    pub(crate) queue: bool,
    /// How many documents were left out of it.
    pub(crate) skipped: u64,
    /// The archive's entity tag.
    pub(crate) etag: String,
    /// The archive's length.
    pub(crate) len: u64,
    /// The archive's own file name.
    pub(crate) name: String,
    /// The handle of the download: a secret.
    pub(crate) download: String,
}

impl std::fmt::Debug for Purpose {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Purpose")
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// A piece that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Have {
    pub(crate) len: u32,
    pub(crate) crc32: u32,
    /// Whether it is known to be on disk.
    pub(crate) synced: bool,
}

/// What a journal says after a restart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Pieces by their start.
    pub(crate) have: BTreeMap<u64, Have>,
    /// Lengths of proved runs by their start; only what is known to be on disk.
    pub(crate) proved: BTreeMap<u64, u64>,
}

/// An open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    writer: Mutex<Writer>,
}

#[derive(Debug)]
struct Writer {
    file: File,
    notes: u64,
}

impl Journal {
    /// A new journal at `path`, in the place of any other.
    pub(crate) fn create(path: &Path, purpose: &Purpose) -> Result<Self, Failure> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .map_err(Failure::disk(path))?;
        let text = serde_json::to_string(purpose).map_err(|error| Failure::Protocol(error.to_string()))?;
        let journal = Self {
            path: path.to_owned(),
            writer: Mutex::new(Writer { file, notes: 0 }),
        };
        let mut writer = journal.writer();
        writer
            .file
            .write_all(line(&text).as_bytes())
            .and_then(|()| writer.file.sync_data())
            .map_err(Failure::disk(path))?;
        drop(writer);
        Ok(journal)
    }

    /// The journal at `path`, cut behind its last whole line; `None` when there is none or its beginning is unreadable.
    pub(crate) fn open(path: &Path) -> Result<Option<(Self, Purpose, Notes)>, Failure> {
        let Ok(file) = OpenOptions::new().read(true).write(true).open(path) else {
            return Ok(None);
        };
        let Some(read) = read(&file).map_err(Failure::disk(path))? else {
            return Ok(None);
        };
        let end = std::io::Seek::seek(&mut &file, std::io::SeekFrom::Start(read.len));
        end.and_then(|_| file.set_len(read.len))
            .map_err(Failure::disk(path))?;
        let journal = Self {
            path: path.to_owned(),
            writer: Mutex::new(Writer {
                file,
                notes: read.count,
            }),
        };
        Ok(Some((journal, read.purpose, read.notes)))
    }

    /// Notes a piece that was written.
    pub(crate) fn have(&self, start: u64, len: u32, crc32: u32) -> Result<(), Failure> {
        self.note(&format!("have {start} {len} {crc32:08x}"))
    }

    /// Notes a run that matched its checksums.
    pub(crate) fn proved(&self, start: u64, len: u64) -> Result<(), Failure> {
        self.note(&format!("proved {start} {len}"))
    }

    /// Notes a piece whose bytes are not what they should be.
    pub(crate) fn lost(&self, start: u64, len: u32) -> Result<(), Failure> {
        self.note(&format!("lost {start} {len}"))
    }

    /// Notes another handle of the same archive.
    pub(crate) fn download(&self, id: &str) -> Result<(), Failure> {
        self.note(&format!("download {id}"))
    }

    /// How many notes there are: ask before the bytes are synced, tell [`Journal::synced`] afterwards.
    pub(crate) fn count(&self) -> u64 {
        self.writer().notes
    }

    /// Notes that what the first `count` notes claim is on disk, and brings the journal itself there.
    pub(crate) fn synced(&self, count: u64) -> Result<(), Failure> {
        self.note(&format!("synced {count}"))?;
        let file = self.writer().file.try_clone();
        file.and_then(|file| file.sync_data())
            .map_err(Failure::disk(&self.path))
    }

    fn note(&self, text: &str) -> Result<(), Failure> {
        let mut writer = self.writer();
        writer
            .file
            .write_all(line(text).as_bytes())
            .map_err(Failure::disk(&self.path))?;
        writer.notes += 1;
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 10);
    // A string has always room.
    let _: Result<(), std::fmt::Error> = writeln!(line, "{:08x} {text}", crc32fast::hash(text.as_bytes()));
    line
}

struct Read {
    purpose: Purpose,
    notes: Notes,
    /// Bytes of the whole lines.
    len: u64,
    /// Lines after the first.
    count: u64,
}

fn read(file: &File) -> std::io::Result<Option<Read>> {
    let mut lines = BufReader::new(file);
    let mut buffer = Vec::new();
    let first = next(&mut lines, &mut buffer)?;
    let Some(mut purpose) = first.and_then(|text| serde_json::from_str::<Purpose>(text).ok()) else {
        return Ok(None);
    };
    let mut len = buffer.len();
    let mut count = 0;
    let mut notes = Notes::default();
    let mut fresh = Fresh::default();
    while let Some(text) = next(&mut lines, &mut buffer)? {
        if take(text, count, &mut purpose, &mut notes, &mut fresh).is_none() {
            break;
        }
        count += 1;
        len += buffer.len();
    }
    Ok(Some(Read {
        purpose,
        notes,
        len: u64::try_from(len).unwrap_or(u64::MAX),
        count,
    }))
}

/// Claims that no `synced` has covered yet, with the number of their note.
#[derive(Default)]
struct Fresh {
    /// Starts of pieces and the number of the note that says so.
    have: BTreeMap<u64, u64>,
    proved: Vec<(u64, u64, u64)>,
}

fn take(text: &str, number: u64, purpose: &mut Purpose, notes: &mut Notes, fresh: &mut Fresh) -> Option<()> {
    let mut words = text.split(' ');
    let kind = words.next()?;
    if kind == "download" {
        words.next()?.clone_into(&mut purpose.download);
        return Some(());
    }
    let first: u64 = words.next()?.parse().ok()?;
    match kind {
        "have" => {
            let have = Have {
                len: words.next()?.parse().ok()?,
                crc32: u32::from_str_radix(words.next()?, 16).ok()?,
                synced: false,
            };
            notes.have.insert(first, have);
            fresh.have.insert(first, number);
        }
        "proved" => fresh.proved.push((number, first, words.next()?.parse().ok()?)),
        "lost" => {
            notes.have.remove(&first);
            fresh.have.remove(&first);
        }
        "synced" => settle(first, notes, fresh),
        _ => return None,
    }
    Some(())
}

/// The first `count` notes are on disk.
fn settle(count: u64, notes: &mut Notes, fresh: &mut Fresh) {
    fresh.have.retain(|start, number| {
        let settled = *number < count;
        if let Some(have) = notes.have.get_mut(start).filter(|_| settled) {
            have.synced = true;
        }
        !settled
    });
    fresh.proved.retain(|(number, start, len)| {
        let settled = *number < count;
        if settled {
            notes.proved.insert(*start, *len);
        }
        !settled
    });
}

/// The text of the next whole line whose checksum is right.
fn next<'a>(lines: &mut impl std::io::BufRead, buffer: &'a mut Vec<u8>) -> std::io::Result<Option<&'a str>> {
    buffer.clear();
    lines.read_until(b'\n', buffer)?;
    let text = std::str::from_utf8(buffer)
        .ok()
        .and_then(|line| line.strip_suffix('\n'))
        .and_then(|line| line.split_once(' '))
        .filter(|(crc32, text)| u32::from_str_radix(crc32, 16) == Ok(crc32fast::hash(text.as_bytes())));
    Ok(text.map(|(_, text)| text))
}

#[cfg(test)]
#[expect(clippy::as_conversions, reason = "lengths of test data fit")]
mod tests;
