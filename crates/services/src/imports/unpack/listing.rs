//! What an archive from a stranger holds, as far as it may come in. Only its directory is read.
//!
//! Refused as a whole: what is no zip, and more than [`MOST_ENTRIES`] entries, [`MOST_RAW_LEN`]
//! bytes in all or [`MOST_PATHS_LEN`] bytes of paths. Left out one by
//! one: entries that share bytes with others, lead outside, are links, encrypted, of an unknown method, of a name that cannot be
//! kept or that came before, too deep, too long, or that deflate too well to be true. What is left is inflated no further than
//! the directory announces, so these bounds hold whatever the archive does.

use super::entry::{Entry, Packed, Window};
use crate::Failure;
use crate::imports::tree::{ImportFile, ImportFolder, ImportTree};
use holdall_model::{Timestamp, clean_name, name_key};
use std::collections::{HashMap, HashSet};
use std::io::BufReader;
use std::sync::Arc;
use zip::CompressionMethod;
use zip::unstable::read::ZipIterable;

/// The most entries, and the most folders, of an archive.
pub(super) const MOST_ENTRIES: usize = 100_000;

/// The most raw bytes of all entries together: 16 GiB.
const MOST_RAW_LEN: u64 = 16 << 30;

/// The most bytes of all paths together, which are held in memory: 32 MiB.
const MOST_PATHS_LEN: usize = 32 << 20;

/// How many names a path in an archive may have.
const MAX_DEPTH: usize = 100;

/// An entry above this length may be 200 times as long as it is stored, and no longer.
const FREE_RAW_LEN: u64 = 10 << 20;
const MAX_RATIO: u64 = 200;

/// Bytes of a local header without name and extra field.
pub(super) const LOCAL_HEADER_LEN: u64 = 30;

/// The bits of a Unix mode that say what a file is, and two of their values.
const FORMAT_BITS: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// An entry of an archive that was not stored.
#[derive(Debug)]
pub struct LeftOut {
    /// Its path in the archive, as it is written there.
    pub path: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why an entry of an archive was not stored.
#[derive(Debug)]
pub enum LeftOutReason {
    /// Its bytes are those of another entry, too.
    Overlap,
    /// Its path is absolute or leads upwards.
    Outside,
    /// It is a link or a device.
    NoFile,
    /// It is encrypted.
    Encrypted,
    /// Its compression method is neither stored nor deflated.
    UnknownMethod,
    /// Its path has a name that cannot be kept, or more names than are allowed.
    Name(String),
    /// An entry before it has the same path.
    Twice,
    /// It is more than 200 times as long as it is stored.
    Ratio,
    /// What is in it differs from what the archive says of it.
    Damaged(String),
    /// It may not be stored: the caller's rights, the rules of the folder, or what is there already.
    Refused(Failure),
}

impl LeftOut {
    pub(super) fn refused(path: String, failure: Failure) -> Self {
        let reason = LeftOutReason::Refused(failure);
        Self { path, reason }
    }
}

/// The folders and documents of an archive, and what was left out.
pub(super) struct Listing {
    pub(super) tree: ImportTree<Arc<Entry>>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Folders and documents by parent and name key, so that none comes twice.
#[derive(Default)]
struct Known {
    folders: HashMap<(usize, String), usize>,
    files: HashSet<(usize, String)>,
}

/// Reads the directory. Documents of more than `max_len` bytes are left out.
pub(super) fn list(packed: &Arc<Packed>, max_len: u64) -> Result<Listing, Failure> {
    let mut entries = read(packed)?;
    mark_overlaps(&mut entries);
    let mut listing = Listing {
        tree: ImportTree::default(),
        left_out: Vec::new(),
    };
    let mut known = Known::default();
    let mut raw_len: u64 = 0;
    for found in entries {
        let path = found.entry.path.clone();
        let len = if found.is_folder { 0 } else { found.entry.raw_len };
        match listing.add(found, max_len, &mut known) {
            Ok(()) => raw_len = raw_len.saturating_add(len),
            Err(reason) => listing.left_out.push(LeftOut { path, reason }),
        }
        if known.folders.len() > MOST_ENTRIES {
            return Err(refused(format!("more than {MOST_ENTRIES} folders")));
        }
    }
    if raw_len > MOST_RAW_LEN {
        return Err(refused(format!("more than {MOST_RAW_LEN} bytes")));
    }
    Ok(listing)
}

fn refused(problem: impl Into<String>) -> Failure {
    Failure::NotAnArchive {
        problem: problem.into(),
    }
}

/// An entry and what speaks against it.
struct Found {
    entry: Entry,
    is_folder: bool,
    problem: Option<LeftOutReason>,
}

fn read(packed: &Arc<Packed>) -> Result<Vec<Found>, Failure> {
    let broken = |_error| refused("invalid ZIP format");
    let reader = BufReader::new(Window::whole(packed));
    let mut directory = ZipIterable::try_new(reader, zip::read::Config::default()).map_err(broken)?;
    if directory.len() > MOST_ENTRIES {
        return Err(refused(format!("more than {MOST_ENTRIES} entries")));
    }
    let mut found = Vec::with_capacity(directory.len());
    let (mut directory_at, mut paths_len) = (packed.len(), 0_usize);
    for entry in directory.files().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        directory_at = directory_at.min(entry.central_header_start());
        let raw_name = entry.name_raw().to_vec();
        paths_len = paths_len.saturating_add(raw_name.len());
        if paths_len > MOST_PATHS_LEN {
            return Err(refused(format!("paths of more than {MOST_PATHS_LEN} bytes")));
        }
        let (path, readable) = match entry.name() {
            Ok(name) => (name.into_owned(), true),
            Err(_) => (String::from_utf8_lossy(&raw_name).into_owned(), false),
        };
        let problem = if readable {
            problem_of(&entry)
        } else {
            Some(LeftOutReason::Name("the name is no text".to_owned()))
        };
        found.push(Found {
            is_folder: path.ends_with(['/', '\\']),
            entry: Entry {
                path,
                raw_name,
                header_at: entry.header_start(),
                end: 0,
                is_deflated: entry.compression() == CompressionMethod::Deflated,
                stored_len: entry.compressed_size(),
                raw_len: entry.size(),
                crc32: entry.crc32(),
                modified: entry.last_modified().map_or(Timestamp(0), instant),
            },
            problem,
        });
    }
    for found in &mut found {
        found.entry.end = directory_at;
    }
    Ok(found)
}

fn problem_of(entry: &zip::read::ZipFileEntry<'_>) -> Option<LeftOutReason> {
    let format = entry.unix_mode().map_or(0, |mode| mode & FORMAT_BITS);
    if ![0, REGULAR, DIRECTORY].contains(&format) {
        Some(LeftOutReason::NoFile)
    } else if entry.encrypted() {
        Some(LeftOutReason::Encrypted)
    } else if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&entry.compression()) {
        Some(LeftOutReason::UnknownMethod)
    } else if entry.size() > FREE_RAW_LEN && entry.size() > entry.compressed_size().saturating_mul(MAX_RATIO)
    {
        Some(LeftOutReason::Ratio)
    } else {
        None
    }
}

/// Lets each entry end where the next begins, and marks those that cannot: both sides of every overlap.
fn mark_overlaps(entries: &mut [Found]) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|number| entries.get(*number).map(|found| found.entry.header_at));
    let mut reached: Option<(usize, u64)> = None;
    for number in order {
        let Some(found) = entries.get_mut(number) else {
            continue;
        };
        let (start, least_end) = (found.entry.header_at, found.entry.least_end());
        let overlaps = reached.is_some_and(|(_, end)| start < end);
        if overlaps || least_end > found.entry.end {
            found.problem = Some(LeftOutReason::Overlap);
        }
        if let Some(before) = reached.and_then(|(before, _)| entries.get_mut(before)) {
            before.entry.end = before.entry.end.min(start);
            if overlaps {
                before.problem = Some(LeftOutReason::Overlap);
            }
        }
        if reached.is_none_or(|(_, end)| least_end >= end) {
            reached = Some((number, least_end));
        }
    }
}

impl Listing {
    fn add(&mut self, found: Found, max_len: u64, known: &mut Known) -> Result<(), LeftOutReason> {
        if let Some(problem) = found.problem {
            return Err(problem);
        }
        let mut names = names_of(&found.entry.path)?;
        let entry = Arc::new(found.entry);
        if found.is_folder {
            if entry.raw_len > 0 {
                return Err(LeftOutReason::Damaged("a folder has content".to_owned()));
            }
            self.folder(names, &entry, known);
            return Ok(());
        }
        let Some(name) = names.pop() else {
            return Err(LeftOutReason::Name("the path is empty".to_owned()));
        };
        if entry.raw_len > max_len {
            return Err(LeftOutReason::Refused(Failure::TooLarge { max_len }));
        }
        let folder = self.folder(names, &entry, known);
        if !known.files.insert((folder, name_key(&name))) {
            return Err(LeftOutReason::Twice);
        }
        self.tree.add_file(ImportFile {
            folder,
            name,
            raw_len: entry.raw_len,
            modified: entry.modified,
            source: entry,
        });
        Ok(())
    }

    /// The number of a folder, made with those above it when it comes first.
    fn folder(&mut self, names: Vec<String>, entry: &Arc<Entry>, known: &mut Known) -> usize {
        let mut number = ImportTree::<Arc<Entry>>::ROOT;
        for name in names {
            let key = (number, name_key(&name));
            let there = known.folders.get(&key).copied();
            let parent = number;
            number = there.unwrap_or_else(|| {
                let source = Arc::clone(entry);
                self.tree.add_folder(ImportFolder { parent, name, source })
            });
            known.folders.insert(key, number);
        }
        number
    }
}

/// The names of a path, cleaned as every name is. Both kinds of separator count; `.` and nothing between two are skipped.
fn names_of(path: &str) -> Result<Vec<String>, LeftOutReason> {
    let has_drive =
        path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.get(1..2) == Some(":");
    if path.starts_with(['/', '\\']) || has_drive {
        return Err(LeftOutReason::Outside);
    }
    let mut names = Vec::new();
    for name in path
        .split(['/', '\\'])
        .filter(|name| !name.is_empty() && *name != ".")
    {
        if name.trim() == ".." {
            return Err(LeftOutReason::Outside);
        }
        if names.len() >= MAX_DEPTH {
            return Err(LeftOutReason::Name(format!(
                "a path has more than {MAX_DEPTH} names"
            )));
        }
        names.push(clean_name(name).map_err(|problem| LeftOutReason::Name(problem.to_string()))?);
    }
    Ok(names)
}

/// The time of an entry, which has no zone: taken for UTC.
fn instant(time: zip::DateTime) -> Timestamp {
    let (year, month) = (i64::from(time.year()), i64::from(time.month()));
    // Days since 1970 of the proleptic Gregorian calendar, counting years from March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + i64::from(time.day());
    let days = days - 719_469;
    let hours = days * 24 + i64::from(time.hour());
    let seconds = (hours * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    Timestamp(seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::{LeftOutReason, instant, names_of};

    #[test]
    fn times_are_taken_for_utc() {
        let time = zip::DateTime::from_date_and_time(2024, 2, 29, 13, 14, 16).unwrap();
        assert_eq!(instant(time).0, 1_709_212_456_000);
        let time = zip::DateTime::from_date_and_time(1980, 1, 1, 0, 0, 0).unwrap();
        assert_eq!(instant(time).0, 315_532_800_000);
    }

    #[test]
    fn z6_paths_stay_inside_and_names_are_clean() {
        assert_eq!(names_of("a/./b\\c:d.txt").unwrap(), ["a", "b", "c_d.txt"]);
        for outside in ["/etc/passwd", "\\x", "C:\\x", "a/../b", "..", "a/ .. /b", "c:x"] {
            assert!(
                matches!(names_of(outside), Err(LeftOutReason::Outside)),
                "{outside}"
            );
        }
        for bad in ["a/~D7", "a/.../b", &"x/".repeat(101), &"x".repeat(256)] {
            assert!(matches!(names_of(bad), Err(LeftOutReason::Name(_))), "{bad}");
        }
    }
}
