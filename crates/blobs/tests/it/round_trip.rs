//! What goes in comes out: any content, any range, raw and stored.

use crate::contents::{KINDS, Kind, MIB, Shelf, Way, assert_holds, content, len, read_raw, read_stored};
use flate2::read::DeflateDecoder;
use flate2::{Decompress, FlushDecompress};
use holdall_blobs::{Blobs, FRAME_LEN, Method, StoredBlob};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::ops::Range;

/// Checks all that is promised of one stored document.
fn assert_stored(blobs: &Blobs, blob: &StoredBlob, raw: &[u8]) {
    assert_eq!(blob.digest.0, <[u8; 32]>::from(Sha256::digest(raw)));
    assert_holds(blobs, blob, raw);
    let stored = read_stored(blobs, blob, 0..blob.stored_len, Way::Waiting).unwrap();
    assert_eq!(len(&stored), blob.stored_len);
    let entry = blobs.describe(blob.locator()).unwrap();
    assert_eq!(&entry.blob, blob);
    match blob.method {
        Method::Stored => assert!(stored == raw && entry.frame_stored_lens.is_empty()),
        Method::Deflated => {
            assert!(blob.stored_len < blob.raw_len);
            assert_frames(&stored, &entry.frame_stored_lens, raw);
        }
    }
}

/// The frames are one deflate stream, and each of them inflates alone.
fn assert_frames(stored: &[u8], lens: &[u32], raw: &[u8]) {
    let mut inflated = Vec::new();
    let mut whole = DeflateDecoder::new(stored);
    whole.read_to_end(&mut inflated).unwrap();
    assert!(inflated == raw);
    assert_eq!(whole.total_in(), len(stored));
    let mut rest = stored;
    for (stored_len, expected) in lens.iter().zip(raw.chunks(FRAME_LEN)) {
        let (frame, behind) = rest.split_at(usize::try_from(*stored_len).unwrap());
        let mut alone = vec![0; FRAME_LEN + 1];
        let mut inflate = Decompress::new(false);
        inflate
            .decompress(frame, &mut alone, FlushDecompress::None)
            .unwrap();
        assert!(alone[..expected.len()] == *expected);
        assert_eq!(
            (inflate.total_in(), inflate.total_out()),
            (len(frame), len(expected))
        );
        rest = behind;
    }
    assert!(rest.is_empty());
    assert_eq!(lens.len(), raw.len().div_ceil(FRAME_LEN));
}

#[test]
fn every_kind_and_edge_length_comes_back() {
    let shelf = Shelf::new();
    let k64 = 64 << 10;
    for kind in KINDS {
        for len in [
            0,
            1,
            2,
            100,
            k64 - 1,
            k64,
            k64 + 1,
            MIB - 1,
            MIB,
            MIB + 1,
            3 * MIB + 12_345,
        ] {
            let raw = content(kind, len, 1);
            assert_stored(&shelf.blobs, &shelf.put(&raw), &raw);
        }
    }
    assert_eq!(
        std::fs::read_dir(shelf.dir.path().join("tmp")).unwrap().count(),
        0
    );
}

#[test]
fn methods_follow_the_content() {
    let shelf = Shelf::new();
    for (kind, method) in [
        (Kind::Text, Method::Deflated),
        (Kind::Random, Method::Stored),
        (Kind::TextFirst, Method::Deflated),
        (Kind::RandomFirst, Method::Deflated),
    ] {
        assert_eq!(shelf.put(&content(kind, 5 * MIB, 2)).method, method, "{kind:?}");
    }
    let empty = shelf.put(&[]);
    assert_eq!(
        (empty.method, empty.stored_len, empty.raw_len, empty.crc32),
        (Method::Stored, 0, 0, 0)
    );
}

#[test]
fn random_frames_before_text_are_rewritten_as_stored_blocks() {
    let shelf = Shelf::new();
    let mut raw = content(Kind::Random, 7 * MIB, 3);
    raw.extend(content(Kind::Text, MIB + 5, 3));
    raw.extend(content(Kind::Random, MIB, 4));
    let blob = shelf.put(&raw);
    assert_stored(&shelf.blobs, &blob, &raw);
    assert!(blob.stored_len < blob.raw_len - 300_000);
    let frames = shelf.blobs.describe(blob.locator()).unwrap().frame_stored_lens;
    assert_eq!(frames[..7], [1_048_661; 7]);
}

#[test]
fn what_is_stored_survives_a_restart() {
    let shelf = Shelf::new();
    let raw = content(Kind::TextFirst, 2 * MIB + 77, 5);
    let blob = shelf.put(&raw);
    let reopened = shelf.reopened();
    assert_eq!(reopened.pack_ids().unwrap(), [blob.pack]);
    assert_eq!(reopened.pack_index(blob.pack).unwrap(), [blob]);
    assert_stored(&reopened, &blob, &raw);
}

#[test]
fn known_content_is_not_stored_again() {
    let shelf = Shelf::new();
    for len in [0, 1000, MIB, 2 * MIB + 1] {
        let raw = content(Kind::Text, len, 6);
        let first = shelf.blobs.put(&raw[..], &|_| None).unwrap();
        assert!(first.fresh);
        let files = shelf.files();
        let known = |digest: &holdall_model::Digest| (*digest == first.blob.digest).then_some(first.blob);
        let second = shelf.blobs.put(&raw[..], &known).unwrap();
        assert_eq!((second.blob, second.fresh), (first.blob, false));
        assert_eq!(shelf.files(), files);
    }
}

#[test]
fn a_removed_pack_is_gone() {
    let shelf = Shelf::new();
    let blob = shelf.put(b"abc");
    assert!(shelf.blobs.remove_pack(blob.pack).unwrap());
    assert!(!shelf.blobs.remove_pack(blob.pack).unwrap());
    assert!(shelf.blobs.describe(blob.locator()).is_err());
    assert_eq!(shelf.files(), 0);
}

fn span(bytes: &[u8], one: prop::sample::Index, other: prop::sample::Index) -> Range<usize> {
    let [one, other] = [one, other].map(|at| at.index(bytes.len() + 1));
    one.min(other)..one.max(other)
}

fn wide(range: &Range<usize>) -> Range<u64> {
    u64::try_from(range.start).unwrap()..u64::try_from(range.end).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn l3_any_range_comes_back(
        kind in prop::sample::select(KINDS.to_vec()),
        size in prop_oneof![0..3000_usize, 60_000..70_000_usize, 0..4 * MIB],
        seed in any::<u64>(),
        ranges in prop::collection::vec(any::<[prop::sample::Index; 4]>(), 8),
        small in any::<bool>(),
    ) {
        let options = holdall_blobs::BlobOptions { large_buffers: usize::from(!small), ..Default::default() };
        let shelf = Shelf::with(options);
        let raw = content(kind, size, seed);
        let blob = shelf.put(&raw);
        let stored = read_stored(&shelf.blobs, &blob, 0..blob.stored_len, Way::Waiting).unwrap();
        for [one, other, third, fourth] in ranges {
            let at = span(&raw, one, other);
            prop_assert!(read_raw(&shelf.blobs, &blob, wide(&at)).unwrap() == raw[at]);
            let at = span(&stored, third, fourth);
            for way in [Way::Waiting, Way::AtOnce] {
                prop_assert!(read_stored(&shelf.blobs, &blob, wide(&at), way).unwrap() == stored[at.clone()]);
            }
        }
    }
}
