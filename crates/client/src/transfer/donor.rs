//! An older archive on this machine as a source of content: what is in the new one unchanged, under the same path or another,
//! need not be fetched. A content is looked for by CRC-32, lengths and method; whether it is the right one is proved by its
//! SHA-256 when it is copied.

use super::plan_file::{DiskPlan, unusable};
use crate::Failure;
use holdall_archive::{ContentKey, Entry, EntryKind, EntryName, Method};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use zip::CompressionMethod;
use zip::unstable::read::ZipIterable;

/// Bytes of a local header without name and extra field.
const LOCAL_HEADER_LEN: u64 = 30;

/// Content that may be copied.
#[derive(Debug)]
pub(crate) struct Donor {
    file: File,
    /// A hash of what a content looks like, and where it is; sorted. 16 bytes for each.
    places: Vec<(u64, u64)>,
    /// Whether places are those of local headers, or of the content itself.
    are_headers: bool,
}

/// Where one content is.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    file: &'a File,
    start: u64,
}

impl Donor {
    /// The documents of any zip file.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut places = Vec::new();
        each_listed(path, |entry| {
            places.push((looks_of(&entry.entry), entry.header));
            Ok(())
        })?;
        let file = File::open(path).map_err(Failure::disk(path))?;
        places.sort_unstable();
        Ok(Self {
            file,
            places,
            are_headers: true,
        })
    }

    /// The proved documents of an archive that did not come whole.
    pub(crate) fn from_part(
        file: File,
        plan: &DiskPlan,
        proved: &BTreeMap<u64, u64>,
    ) -> Result<Self, Failure> {
        let mut places = Vec::new();
        let mut offset = 0;
        for entry in plan.entries() {
            let entry = entry.map_err(unusable)?;
            let len =
                holdall_archive::local_len(&entry).map_err(|error| Failure::InTheWay(error.to_string()))?;
            let end = offset + len;
            let run = proved.range(..=offset).next_back();
            if entry.stored_len > 0 && run.is_some_and(|(start, len)| end <= start + len) {
                places.push((looks_of(&entry), end - entry.stored_len));
            }
            offset = end;
        }
        places.sort_unstable();
        Ok(Self {
            file,
            places,
            are_headers: false,
        })
    }

    /// Whether there is content that looks like an entry's.
    pub(crate) fn has(&self, entry: &Entry) -> bool {
        entry.kind == EntryKind::Folder || entry.stored_len == 0 || self.slot(entry).is_some()
    }

    /// Where content that looks like an entry's is.
    pub(crate) fn find(&self, entry: &Entry) -> Option<Place<'_>> {
        let (_, place) = self.slot(entry)?;
        let start = if self.are_headers {
            content_start(&self.file, *place).ok()?
        } else {
            *place
        };
        Some(Place {
            file: &self.file,
            start,
        })
    }

    fn slot(&self, entry: &Entry) -> Option<&(u64, u64)> {
        let looks = looks_of(entry);
        let slot = self.places.partition_point(|(other, _)| *other < looks);
        self.places.get(slot).filter(|(other, _)| *other == looks)
    }
}

/// A document in the directory of a zip file.
struct Listed {
    entry: Entry,
    header: u64,
}

/// Hands every document with content of a zip file to `each`, with where that is.
pub(crate) fn each_document(
    path: &Path,
    mut each: impl FnMut(&Entry, &Place<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let file = File::open(path).map_err(Failure::disk(path))?;
    each_listed(path, |listed| {
        let start = content_start(&file, listed.header).map_err(Failure::disk(path))?;
        each(&listed.entry, &Place { file: &file, start })
    })
}

fn each_listed(path: &Path, mut each: impl FnMut(Listed) -> Result<(), Failure>) -> Result<(), Failure> {
    let file = File::open(path).map_err(Failure::disk(path))?;
    let unreadable = |error: zip::result::ZipError| {
        Failure::InTheWay(format!(
            "{} cannot be read as a zip file: {error}",
            path.display()
        ))
    };
    let mut directory =
        ZipIterable::try_new(BufReader::new(&file), zip::read::Config::default()).map_err(unreadable)?;
    for found in directory.files().map_err(unreadable)? {
        let found = found.map_err(unreadable)?;
        let method = match found.compression() {
            CompressionMethod::Stored => Method::Stored,
            CompressionMethod::Deflated => Method::Deflated,
            _ => continue,
        };
        if found.compressed_size() == 0 || found.encrypted() {
            continue;
        }
        let shown = String::from_utf8_lossy(found.name_raw()).into_owned();
        each(Listed {
            header: found.header_start(),
            entry: Entry {
                // A name that is not safe is only ever shown.
                name: EntryName::new(shown)
                    .or_else(|_| EntryName::new("unnamed"))
                    .map_err(|_| unnamed())?,
                kind: EntryKind::Document,
                method,
                crc32: found.crc32(),
                raw_len: found.size(),
                stored_len: found.compressed_size(),
                modified: 0,
                content: ContentKey::default(),
            },
        })?;
    }
    Ok(())
}

fn unnamed() -> Failure {
    Failure::InTheWay("an entry has no name".to_owned())
}

fn content_start(file: &File, header: u64) -> io::Result<u64> {
    let mut lens = [0; 4];
    file.read_exact_at(&mut lens, header + LOCAL_HEADER_LEN - 4)?;
    let [name_low, name_high, extra_low, extra_high] = lens;
    let name_len = u64::from(u16::from_le_bytes([name_low, name_high]));
    let extra_len = u64::from(u16::from_le_bytes([extra_low, extra_high]));
    Ok(header + LOCAL_HEADER_LEN + name_len + extra_len)
}

impl Place<'_> {
    /// Fills `room` with the bytes from `offset` on.
    pub(crate) fn read(&self, offset: u64, room: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(room, self.start.saturating_add(offset))
    }
}

fn looks_of(entry: &Entry) -> u64 {
    looks(entry.crc32, entry.raw_len, entry.stored_len, entry.method)
}

/// FNV-1a, 64 bits, over what a directory says of a content.
fn looks(crc32: u32, raw_len: u64, stored_len: u64, method: Method) -> u64 {
    let method = u64::from(method == Method::Deflated);
    [u64::from(crc32), raw_len, stored_len, method]
        .iter()
        .flat_map(|field| field.to_le_bytes())
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
}
