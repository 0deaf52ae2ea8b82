//! Spliced archives read back by a foreign reader.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use holdall_archive::{ContentKey, Entry, EntryKind, Method, Piece};
use proptest::prelude::*;
use zip::ZipArchive;

use crate::forest::{document, entries, folder};
use crate::naive::plan_of;

/// Gives every document real content, deflated where its entry says so, found by number.
fn fill(entries: &mut [Entry]) -> BTreeMap<[u8; 24], Vec<u8>> {
    let mut store = BTreeMap::new();
    for (number, entry) in entries.iter_mut().enumerate() {
        let raw = raw_content(entry);
        let stored = if entry.method == Method::Deflated {
            deflate(&raw)
        } else {
            raw.clone()
        };
        let mut key = [7; 24];
        key[..8].copy_from_slice(&number.to_le_bytes());
        entry.content = ContentKey(key);
        (entry.raw_len, entry.stored_len) = (raw.len() as u64, stored.len() as u64);
        entry.crc32 = crc32(&raw);
        store.insert(key, stored);
    }
    store
}

fn raw_content(entry: &Entry) -> Vec<u8> {
    format!("{} ", entry.name)
        .bytes()
        .cycle()
        .take(entry.raw_len as usize)
        .collect()
}

fn deflate(raw: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(raw).unwrap();
    encoder.finish().unwrap()
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The whole archive of these entries.
fn archive(entries: &[Entry], store: &BTreeMap<[u8; 24], Vec<u8>>) -> Vec<u8> {
    let plan = plan_of(entries);
    let mut zip = Vec::new();
    for piece in plan.splice(0..plan.zip_len()) {
        match piece.unwrap() {
            Piece::Literal(bytes) => zip.extend(bytes),
            Piece::Content { key, range, .. } => {
                zip.extend(&store[&key.0][range.start as usize..range.end as usize]);
            }
        }
    }
    zip
}

fn check(mut entries: Vec<Entry>) {
    let store = fill(&mut entries);
    let mut zip = ZipArchive::new(Cursor::new(archive(&entries, &store))).unwrap();
    assert_eq!(zip.len(), entries.len());
    for entry in &entries {
        let is_folder = entry.kind == EntryKind::Folder;
        let written = format!("{}{}", entry.name, if is_folder { "/" } else { "" });
        let mut file = zip.by_name(&written).unwrap();
        assert_eq!(
            (file.is_dir(), file.size(), file.crc32()),
            (is_folder, entry.raw_len, entry.crc32),
            "{written}"
        );
        assert_eq!(
            file.compressed_size(),
            if entry.raw_len == 0 { 0 } else { entry.stored_len }
        );
        assert_eq!(
            file.unix_mode(),
            Some(if is_folder { 0o40_755 } else { 0o100_644 })
        );
        assert_eq!(file.comment(), "");
        let mut raw = Vec::new();
        file.read_to_end(&mut raw).unwrap();
        assert_eq!(raw, raw_content(entry));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_foreign_reader_finds_names_sizes_checksums_and_contents(entries in entries()) {
        check(entries);
    }
}

#[test]
fn a_foreign_reader_finds_65_536_entries() {
    let mut entries: Vec<Entry> = (0..65_535)
        .map(|number| folder(&format!("{number:05}")))
        .collect();
    entries.push(document("letzte", 90, 20));
    let store = fill(&mut entries);
    let mut zip = ZipArchive::new(Cursor::new(archive(&entries, &store))).unwrap();
    assert_eq!(zip.len(), 65_536);
    let mut raw = Vec::new();
    zip.by_name("letzte").unwrap().read_to_end(&mut raw).unwrap();
    assert_eq!(raw, raw_content(entries.last().unwrap()));
}
