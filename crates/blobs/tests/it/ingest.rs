//! Many documents at once.

use crate::contents::{KINDS, Kind, MIB, Shelf, Way, assert_holds, content, read_stored};
use crate::reading::ingest_all;
use holdall_blobs::{BlobError, BlobOptions, IngestSummary, Put, StoredBlob};
use holdall_model::Digest;
use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::sync::Mutex;

/// What a document of an ingest turns out to be.
#[derive(Clone)]
enum Document {
    Good(Vec<u8>),
    /// Cannot be opened.
    Closed,
    /// Can be read up to here.
    Torn(Vec<u8>),
}

fn open(documents: &[Document], index: usize) -> io::Result<Box<dyn Read + Send>> {
    match documents[index].clone() {
        Document::Good(raw) => Ok(Box::new(Cursor::new(raw))),
        Document::Closed => Err(io::ErrorKind::PermissionDenied.into()),
        Document::Torn(raw) => Ok(Box::new(Cursor::new(raw).chain(Broken))),
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

/// Ingests against a catalog that learns from each batch, and returns all results and batches' lengths.
fn ingest(shelf: &Shelf, documents: &[Document]) -> (Vec<io::Result<Put>>, IngestSummary) {
    let catalog = Mutex::new(HashMap::<Digest, StoredBlob>::new());
    let mut all = Vec::new();
    let known = |digests: &[Digest]| {
        let catalog = catalog.lock().unwrap();
        digests
            .iter()
            .map(|digest| catalog.get(digest).copied())
            .collect()
    };
    let done = |results: Vec<(usize, io::Result<Put>)>| {
        let on_disk = shelf.reopened().pack_ids().unwrap();
        for (index, put) in results {
            assert_eq!(index, all.len(), "results come in order");
            if let Ok(put) = &put {
                assert!(
                    on_disk.contains(&put.blob.pack),
                    "l1: a result is handed out after its pack"
                );
                let before = catalog.lock().unwrap().insert(put.blob.digest, put.blob);
                assert_eq!(before.is_none(), put.fresh, "equal content is stored once");
            }
            all.push(put);
        }
        ControlFlow::Continue(())
    };
    let summary = shelf
        .blobs
        .ingest(0..documents.len(), |index| open(documents, *index), &known, done)
        .unwrap();
    (all, summary)
}

fn shelf(threads: usize, pack_target_len: u64) -> Shelf {
    Shelf::with(BlobOptions {
        threads,
        pack_target_len,
        ..BlobOptions::default()
    })
}

/// A tree with every sort of document and some of them twice.
fn tree() -> Vec<Document> {
    let size = |index: usize| {
        [
            900, 0, 20_000, 65_536, 1_048_576, 5, 1_048_577, 300_000, 2_500_000,
        ][index % 9]
    };
    let raw = |index: usize| {
        content(
            KINDS[index / 9 % 4],
            size(index),
            u64::try_from(index % 40).unwrap(),
        )
    };
    (0..54).map(|index| Document::Good(raw(index))).collect()
}

fn raw_of(document: &Document) -> &[u8] {
    match document {
        Document::Good(raw) => raw,
        Document::Closed | Document::Torn(_) => &[],
    }
}

#[test]
fn a_tree_comes_back_from_several_packs() {
    let shelf = shelf(3, 2 << 20);
    let documents = tree();
    let (results, summary) = ingest(&shelf, &documents);
    assert_eq!(results.len(), documents.len());
    let blobs = shelf.reopened();
    let mut fresh = 0;
    for (put, document) in results.iter().zip(&documents) {
        let put = put.as_ref().unwrap();
        fresh += u64::from(put.fresh);
        assert_holds(&blobs, &put.blob, raw_of(document));
    }
    let packs = blobs.pack_ids().unwrap();
    assert!(packs.len() > 3);
    assert_eq!(
        (summary.documents, summary.unreadable, summary.stopped),
        (54, 0, false)
    );
    assert_eq!(
        (summary.fresh, summary.packs),
        (fresh, u64::try_from(packs.len()).unwrap())
    );
    let listed: usize = packs
        .iter()
        .map(|pack| blobs.pack_index(*pack).unwrap().len())
        .sum();
    assert_eq!(
        u64::try_from(listed).unwrap(),
        fresh,
        "indexes list each blob once"
    );
}

#[test]
fn many_threads_store_what_one_thread_stores() {
    let documents = tree();
    let [one, many] = [1, 5].map(|threads| {
        let shelf = shelf(threads, 2 << 20);
        let (results, _) = ingest(&shelf, &documents);
        let layout = |put: io::Result<Put>| {
            let put = put.unwrap();
            (
                put.fresh,
                StoredBlob {
                    pack: holdall_model::PackId(1),
                    ..put.blob
                },
            )
        };
        results.into_iter().map(layout).collect::<Vec<_>>()
    });
    assert!(one == many);
}

#[test]
fn neighbours_stay_neighbours() {
    let shelf = shelf(4, 64 << 20);
    let documents: Vec<Vec<u8>> = (0..300_u64).map(|seed| content(Kind::Text, 3000, seed)).collect();
    let stored = ingest_all(&shelf.blobs, &documents);
    assert!(stored.windows(2).all(|pair| pair[0].pack == pair[1].pack));
    assert!(
        stored
            .windows(2)
            .all(|pair| pair[0].offset + pair[0].stored_len == pair[1].offset)
    );
}

#[test]
fn an_unreadable_document_fails_alone() {
    let shelf = shelf(2, 64 << 20);
    let good = |seed| Document::Good(content(Kind::Text, 50_000, seed));
    let documents = [
        good(1),
        Document::Closed,
        good(2),
        Document::Torn(content(Kind::Text, 10, 1)),
        Document::Torn(content(Kind::RandomFirst, 3 * MIB, 1)),
        good(3),
        Document::Torn(content(Kind::Text, MIB + 1, 1)),
        good(4),
    ];
    let (results, summary) = ingest(&shelf, &documents);
    let kinds: Vec<_> = results
        .iter()
        .map(|put| put.as_ref().map_err(io::Error::kind).err())
        .collect();
    let (closed, torn) = (
        Some(io::ErrorKind::PermissionDenied),
        Some(io::ErrorKind::ConnectionReset),
    );
    assert_eq!(kinds, [None, closed, None, torn, torn, None, torn, None]);
    assert_eq!((summary.documents, summary.unreadable, summary.packs), (4, 4, 1));
    for (put, document) in results.iter().zip(&documents) {
        if let Ok(put) = put {
            assert_holds(&shelf.blobs, &put.blob, raw_of(document));
        }
    }
    let stored: u64 = results.iter().flatten().map(|put| put.blob.stored_len).sum();
    let file = std::fs::metadata(shelf.pack_file(shelf.blobs.pack_ids().unwrap()[0])).unwrap();
    assert!(file.len() < stored + 1000, "torn documents leave no bytes");
}

#[test]
fn only_unreadable_documents_leave_nothing() {
    let shelf = shelf(2, 64 << 20);
    let (results, summary) = ingest(&shelf, &[Document::Torn(vec![1; 2 * MIB]), Document::Closed]);
    assert!(results.iter().all(Result::is_err));
    assert_eq!((summary.unreadable, summary.packs, shelf.files()), (2, 0, 0));
}

#[test]
fn a_document_beyond_the_target_has_a_pack_of_its_own() {
    let shelf = shelf(2, 2 << 20);
    let documents = [
        Document::Good(content(Kind::Random, 700_000, 1)),
        Document::Good(content(Kind::RandomFirst, 9 * MIB, 2)),
        Document::Good(content(Kind::Random, 700_000, 3)),
        Document::Good(content(Kind::Random, 700_000, 4)),
    ];
    let (results, summary) = ingest(&shelf, &documents);
    let stored: Vec<StoredBlob> = results.into_iter().map(|put| put.unwrap().blob).collect();
    assert_eq!(
        stored.iter().map(|blob| blob.offset).collect::<Vec<_>>(),
        [0, 0, 0, 700_000]
    );
    assert_eq!(shelf.blobs.pack_index(stored[1].pack).unwrap(), [stored[1]]);
    assert_eq!(summary.packs, 3);
    for (blob, document) in stored.iter().zip(&documents) {
        assert_holds(&shelf.reopened(), blob, raw_of(document));
    }
}

#[test]
fn content_the_catalog_knows_is_not_stored() {
    let shelf = shelf(2, 64 << 20);
    let documents = tree();
    let (first, _) = ingest(&shelf, &documents);
    let first: HashMap<Digest, StoredBlob> = first
        .into_iter()
        .map(|put| put.unwrap().blob)
        .map(|blob| (blob.digest, blob))
        .collect();
    let files = shelf.files();
    let known = |digests: &[Digest]| digests.iter().map(|digest| first.get(digest).copied()).collect();
    let mut results = Vec::new();
    let done = |batch: Vec<(usize, io::Result<Put>)>| {
        results.extend(batch);
        ControlFlow::Continue(())
    };
    let summary = shelf
        .blobs
        .ingest(0..54, |index| open(&documents, *index), &known, done)
        .unwrap();
    assert!(results.iter().all(|(_, put)| !put.as_ref().unwrap().fresh));
    assert_eq!(
        (summary.documents, summary.fresh, summary.packs, shelf.files()),
        (54, 0, 0, files)
    );
}

#[test]
fn a_receiver_may_end_an_ingest() {
    let shelf = shelf(2, 100_000);
    let documents: Vec<Document> = (0..500)
        .map(|seed| Document::Good(content(Kind::Random, 50_000, seed)))
        .collect();
    let mut batches = 0;
    let done = |_: Vec<(usize, io::Result<Put>)>| {
        batches += 1;
        ControlFlow::Break(())
    };
    let known = |digests: &[Digest]| vec![None; digests.len()];
    let summary = shelf
        .blobs
        .ingest(0..500, |index| open(&documents, *index), &known, done)
        .unwrap();
    assert_eq!(
        (batches, summary.stopped, summary.documents, shelf.files()),
        (1, true, 2, 1)
    );
}

#[test]
fn f3_a_store_that_fails_ends_the_ingest() {
    let shelf = shelf(2, 100_000);
    let known = |digests: &[Digest]| vec![None; digests.len()];
    let open = |seed: &u64| -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(content(Kind::Random, 50_000, *seed))))
    };
    let mut durable = 0;
    let done = |results: Vec<(u64, io::Result<Put>)>| {
        durable += results.len();
        let tmp = shelf.dir.path().join("tmp");
        std::fs::rename(&tmp, tmp.with_file_name("gone")).unwrap();
        ControlFlow::Continue(())
    };
    let ended = shelf.blobs.ingest(0..10_000_u64, open, &known, done);
    assert!(matches!(ended, Err(BlobError::Io(_))));
    assert!(durable > 0 && durable < 100, "{durable}");
}

#[test]
#[should_panic(expected = "a scoped thread panicked")]
fn l9_a_panic_ends_an_ingest_instead_of_blocking_it() {
    let shelf = shelf(2, 100_000);
    let known = |digests: &[Digest]| vec![None; digests.len()];
    let open = |index: &usize| -> io::Result<Box<dyn Read + Send>> {
        assert!(*index < 700, "on purpose");
        Ok(Box::new(Cursor::new(vec![0; 100])))
    };
    let ended = shelf
        .blobs
        .ingest(0..10_000_usize, open, &known, |_| ControlFlow::Continue(()));
    unreachable!("{ended:?}");
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let shelf = Shelf::new();
    for len in [0, 10, MIB, 3 * MIB] {
        let raw = content(Kind::Text, len, 1);
        let put = shelf.blobs.put(Cursor::new(raw).chain(Broken), &|_| None);
        assert!(matches!(put, Err(BlobError::Source(_))), "{len}");
        assert_eq!(shelf.files(), 0);
    }
}

#[test]
fn nothing_in_nothing_out() {
    let shelf = Shelf::new();
    let (results, summary) = ingest(&shelf, &[]);
    assert!(results.is_empty());
    assert_eq!(summary, IngestSummary::default());
    let empty = shelf.put(&[]);
    assert!(
        read_stored(&shelf.blobs, &empty, 0..10, Way::Waiting)
            .unwrap()
            .is_empty()
    );
}
