//! Read jobs: splicing literals and content, at once or waiting.

use crate::contents::{KINDS, Kind, MIB, Shelf, Way, content, fill, len, read_stored};
use holdall_blobs::{BlobOptions, Blobs, Filled, Put, ReadJob, StoredBlob};
use std::io::Read;
use std::ops::ControlFlow;

/// Stores documents as neighbours in packs and returns their blobs.
pub(crate) fn ingest_all(blobs: &Blobs, documents: &[Vec<u8>]) -> Vec<StoredBlob> {
    let mut stored = Vec::new();
    let open = |raw: &&Vec<u8>| -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(std::io::Cursor::new((*raw).clone())))
    };
    let known = |digests: &[holdall_model::Digest]| vec![None; digests.len()];
    let done = |results: Vec<(_, std::io::Result<Put>)>| {
        stored.extend(results.into_iter().map(|(_, put)| put.unwrap().blob));
        ControlFlow::Continue(())
    };
    blobs.ingest(documents.iter(), open, &known, done).unwrap();
    stored
}

fn documents() -> Vec<Vec<u8>> {
    let size = |index: usize| [14_000, 0, 70_000, 3, 131_072, 400_000, 65_536, 1_100_000][index % 8];
    (0..40)
        .map(|index| content(KINDS[index / 8 % 4], size(index), u64::try_from(index).unwrap()))
        .collect()
}

/// Walks a splice of headers and contents the way a download does: fill the job when nothing more fits.
fn splice(blobs: &Blobs, stored: &[StoredBlob], wanted: u64, way: Way) -> Vec<u8> {
    let mut out = Vec::new();
    let mut job = blobs.read_job(wanted);
    let mut turn = |job: &mut ReadJob| {
        let full = std::mem::replace(job, blobs.read_job(wanted));
        assert!(!full.is_empty(), "a fresh job takes something");
        let expected = full.len();
        let bytes = fill(blobs, full, way).unwrap();
        assert_eq!(bytes.len(), expected);
        out.extend_from_slice(&bytes);
    };
    for (index, blob) in stored.iter().enumerate() {
        let header = format!("<header of document {index:05} with its name and some more>");
        let mut header = header.as_bytes();
        while !header.is_empty() {
            let taken = job.push_literal(header);
            header = &header[taken..];
            if taken == 0 {
                turn(&mut job);
            }
        }
        let mut at = 0;
        while at < blob.stored_len {
            let taken = job.push_content(blob.locator(), blob.stored_len, at..blob.stored_len);
            at += u64::try_from(taken).unwrap();
            if at < blob.stored_len {
                turn(&mut job);
            }
        }
    }
    turn(&mut job);
    out
}

#[test]
fn l3_a_splice_is_the_same_however_it_is_read() {
    let shelf = Shelf::with(BlobOptions {
        pack_target_len: 900_000,
        ..BlobOptions::default()
    });
    let stored = ingest_all(&shelf.blobs, &documents());
    assert!(shelf.blobs.pack_ids().unwrap().len() > 1);
    let mut expected = Vec::new();
    for (index, blob) in stored.iter().enumerate() {
        expected.extend(format!("<header of document {index:05} with its name and some more>").into_bytes());
        expected.extend(read_stored(&shelf.blobs, blob, 0..blob.stored_len, Way::Waiting).unwrap());
    }
    for wanted in [1, 1 << 30] {
        for way in [Way::Waiting, Way::AtOnce] {
            assert!(
                splice(&shelf.blobs, &stored, wanted, way) == expected,
                "{wanted} {way:?}"
            );
        }
    }
}

#[test]
fn contents_out_of_order_and_repeated_are_read() {
    let shelf = Shelf::new();
    let stored = ingest_all(&shelf.blobs, &documents());
    let mut job = shelf.blobs.read_job(1 << 20);
    let mut expected = Vec::new();
    for (index, start, end) in [
        (6, 5, 900),
        (0, 0, 14_000),
        (6, 900, 2000),
        (3, 0, 3),
        (2, 10, 20),
        (0, 7, 8),
    ] {
        let blob = &stored[index];
        let taken = job.push_content(blob.locator(), blob.stored_len, start..end);
        let end = end.min(blob.stored_len);
        assert_eq!(u64::try_from(taken).unwrap(), end - start);
        expected.extend(read_stored(&shelf.blobs, blob, start..end, Way::Waiting).unwrap());
    }
    assert!(shelf.blobs.fill(job).unwrap() == expected);
}

#[test]
fn a_cold_pack_would_block_and_a_warm_one_does_not() {
    let shelf = Shelf::new();
    let raw = content(Kind::Random, 3 * MIB, 9);
    let blob = shelf.put(&raw);
    let job = |blobs: &Blobs| {
        let mut job = blobs.read_job(1 << 20);
        assert!(job.push_content(blob.locator(), blob.stored_len, 100..len(&raw)) > 0);
        job
    };
    let blobs = shelf.reopened();
    let Filled::WouldBlock(cold) = blobs.try_fill(job(&blobs)) else {
        panic!("opening a pack waits for the disk");
    };
    let waited = blobs.fill(cold).unwrap();
    let at_once = (0..3).find_map(|_| match blobs.try_fill(job(&blobs)) {
        Filled::Ready(bytes) => Some(bytes),
        Filled::WouldBlock(_) => None,
    });
    assert_eq!(at_once.expect("bytes just read are in memory"), waited);
    assert!(waited == raw[100..100 + waited.len()]);
}

#[test]
fn literals_alone_need_no_pack() {
    let shelf = Shelf::new();
    let mut job = shelf.blobs.read_job(100);
    assert_eq!(job.push_literal(b"PK"), 2);
    assert!(matches!(shelf.blobs.try_fill(job), Filled::Ready(bytes) if &bytes[..] == b"PK"));
}

#[test]
fn many_tiny_documents_fill_one_buffer() {
    let shelf = Shelf::new();
    let tiny: Vec<Vec<u8>> = (0..3000_u32).map(|index| index.to_le_bytes().to_vec()).collect();
    let stored = ingest_all(&shelf.blobs, &tiny);
    let mut job = shelf.blobs.read_job(1 << 20);
    for blob in &stored {
        assert_eq!(job.push_literal(b"-"), 1);
        assert_eq!(job.push_content(blob.locator(), blob.stored_len, 0..4), 4);
    }
    let expected: Vec<u8> = tiny.iter().flat_map(|raw| [b"-", &raw[..]].concat()).collect();
    assert!(shelf.blobs.fill(job).unwrap() == expected);
}

#[test]
fn the_checksum_of_stored_bytes_is_told_without_reading_them() {
    let shelf = Shelf::new();
    let documents = [Kind::Text, Kind::Random].map(|kind| shelf.put(&content(kind, 3 * MIB + 17, 5)));
    let wanted: Vec<_> = documents
        .iter()
        .map(|blob| (blob.locator(), blob.stored_len))
        .chain([(documents[0].locator(), 1)])
        .collect();
    let told = shelf.blobs.stored_crc32s(&wanted).unwrap();
    let expected = documents.map(|blob| {
        let stored = read_stored(&shelf.blobs, &blob, 0..blob.stored_len, Way::Waiting).unwrap();
        Some(crc32fast::hash(&stored))
    });
    assert_eq!(told, [expected[0], expected[1], None]);
}
