//! The manifest, a JSON object a line, becomes a plan file.

use super::plan_file::key_of;
use crate::Failure;
use crate::remote::{self, Remote};
use holdall_api_types::{self as wire, ManifestEntry, ManifestHead};
use holdall_archive::{
    ContentKey, Entry, EntryKind, EntryName, LAYOUT_VERSION, LayoutError, Method, PlanWriter,
};
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

/// Bytes of the longest line: a path of 64 KiB, every byte escaped, and the rest.
const LINE_LEN: u64 = 512 << 10;

/// What the archive must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    /// The strong entity tag, quoted.
    pub(crate) etag: String,
    /// Bytes of the archive.
    pub(crate) len: u64,
}

/// The layout that this program knows.
fn layout() -> String {
    format!("zip/{LAYOUT_VERSION}")
}

/// Brings the manifest at `path` of the server into a plan at `target`, whole or not at all. Tried again while the trouble may
/// pass; a manifest that contradicts itself or the promise may be one that came damaged, and is tried again, too.
pub(crate) fn fetch(server: &Remote, path: &str, promise: &Promise, target: &Path) -> Result<(), Failure> {
    let mut tries = 0;
    loop {
        tries += 1;
        match remote::persist(|| fetch_once(server, path, promise, target)) {
            Err(Failure::Protocol(_)) if tries < 5 => {}
            outcome => return outcome,
        }
    }
}

fn fetch_once(server: &Remote, path: &str, promise: &Promise, target: &Path) -> Result<(), Failure> {
    let answer = remote::open(server.request(reqwest::Method::GET, path))?;
    let fresh = target.with_added_extension("new");
    let file = File::create(&fresh).map_err(Failure::disk(&fresh))?;
    let mut out = BufWriter::new(file);
    read(BufReader::with_capacity(128 << 10, answer), promise, |part| {
        out.write_all(part).map_err(Failure::disk(&fresh))
    })?;
    let file = out
        .into_inner()
        .map_err(|error| Failure::disk(&fresh)(error.into_error()))?;
    file.sync_data().map_err(Failure::disk(&fresh))?;
    fs::rename(&fresh, target).map_err(Failure::disk(target))
}

/// What stops the reading: the plan's own complaints are the manifest's fault.
struct Stop(Failure);

impl From<LayoutError> for Stop {
    fn from(error: LayoutError) -> Self {
        Self(wrong(&error.to_string()))
    }
}

/// Reads a whole manifest and hands the plan to `sink` in parts.
pub(super) fn read(
    mut lines: impl std::io::BufRead,
    promise: &Promise,
    mut sink: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    next_line(&mut lines, &mut line)?;
    let ManifestHead { archive } = parse(&line)?;
    if archive.layout != layout() {
        return Err(Failure::InTheWay(format!(
            "the server lays archives out as {}, this program knows {}; --protocol srv works with any",
            archive.layout,
            layout()
        )));
    }
    if (archive.length, &archive.etag) != (promise.len, &promise.etag) {
        return Err(wrong("it is of another archive"));
    }
    let mut writer = PlanWriter::new();
    let mut count = 0_u64;
    while next_line(&mut lines, &mut line)? {
        add(&mut writer, &parse(&line)?, |part| sink(part).map_err(Stop))?;
        count += 1;
    }
    let summary = writer
        .finish(|part| sink(part).map_err(Stop))
        .map_err(|stop| stop.0)?;
    if count != archive.entries || summary.zip_len != promise.len {
        return Err(wrong("it ends too early"));
    }
    Ok(())
}

fn add(
    writer: &mut PlanWriter,
    line: &ManifestEntry,
    sink: impl FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<(), Failure> {
    let (offset, data_end) = (line.offset, line.data.saturating_add(line.stored));
    if writer.next_offset() != offset {
        return Err(wrong("entries do not follow one another"));
    }
    let entry = entry(line)?;
    writer.push(entry, sink).map_err(|stop: Stop| stop.0)?;
    if writer.next_offset() != data_end {
        return Err(wrong("an entry is not where it says"));
    }
    Ok(())
}

fn entry(line: &ManifestEntry) -> Result<Entry, Failure> {
    let modified: jiff::Timestamp = line
        .modified
        .parse()
        .map_err(|_| wrong("a time is not RFC 3339"))?;
    Ok(Entry {
        name: EntryName::new(&*line.path)
            .map_err(|_| wrong(&format!("the path {:?} is not safe", line.path)))?,
        kind: match line.kind {
            wire::EntryKind::Folder => EntryKind::Folder,
            wire::EntryKind::Document => EntryKind::Document,
        },
        method: match line.method {
            0 => Method::Stored,
            8 => Method::Deflated,
            other => return Err(wrong(&format!("method {other}"))),
        },
        crc32: crc32(line.crc32.as_deref())?.unwrap_or(0),
        raw_len: line.length,
        stored_len: line.stored,
        modified: modified.as_second(),
        content: content(line)?,
    })
}

fn content(line: &ManifestEntry) -> Result<ContentKey, Failure> {
    if line.length == 0 {
        return Ok(ContentKey::default());
    }
    let sha256 = line.sha256.as_deref().map(sha256).transpose()?;
    Ok(key_of(sha256.as_ref(), crc32(line.stored_crc32.as_deref())?))
}

fn crc32(digits: Option<&str>) -> Result<Option<u32>, Failure> {
    let read = |digits| u32::from_str_radix(digits, 16).map_err(|_| wrong("a CRC-32 is not hexadecimal"));
    digits.map(read).transpose()
}

fn sha256(digits: &str) -> Result<[u8; 32], Failure> {
    let mut digest = [0; 32];
    let pairs = digits.as_bytes().as_chunks::<2>().0;
    if digits.len() != 64 {
        return Err(wrong("a SHA-256 has 64 digits"));
    }
    for (place, pair) in digest.iter_mut().zip(pairs) {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        *place = u8::from_str_radix(pair, 16).map_err(|_| wrong("a SHA-256 is not hexadecimal"))?;
    }
    Ok(digest)
}

/// The next line without its end; `false` after the last. A line without an end was cut.
fn next_line(lines: &mut impl std::io::BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    line.clear();
    lines
        .by_ref()
        .take(LINE_LEN)
        .read_until(b'\n', line)
        .map_err(|error| Failure::Unreachable(format!("the line broke: {error}")))?;
    match line.pop() {
        None => Ok(false),
        Some(b'\n') => Ok(true),
        Some(_) => Err(Failure::Unreachable("the manifest was cut short".to_owned())),
    }
}

fn parse<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(line).map_err(|error| wrong(&error.to_string()))
}

fn wrong(problem: &str) -> Failure {
    Failure::Protocol(format!("the manifest is wrong: {problem}"))
}
