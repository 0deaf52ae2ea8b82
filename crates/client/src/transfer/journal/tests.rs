//! What a journal says after any cut is never more than what was written before it.

use super::{Have, Journal, Notes, Purpose};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

fn purpose() -> Purpose {
    Purpose {
        server: "http://127.0.0.1:1".to_owned(),
        protocol: "native".to_owned(),
        items: vec!["/Lib/A b".to_owned()],
        strict: false,
        queue: false,
        skipped: 2,
        etag: "\"tag\"".to_owned(),
        len: 99,
        name: String::new(),
        download: "secret".to_owned(),
    }
}

#[derive(Clone, Debug)]
enum Note {
    Have(u64, u32, u32),
    Proved(u64, u64),
    Lost(u64),
    Synced,
    Download,
}

fn notes() -> impl Strategy<Value = Vec<Note>> {
    let note = prop_oneof![
        4 => (0_u64..12, 1_u32..5, any::<u32>()).prop_map(|(start, len, crc32)| Note::Have(start, len, crc32)),
        2 => (0_u64..12, 1_u64..5).prop_map(|(start, len)| Note::Proved(start, len)),
        1 => (0_u64..12).prop_map(Note::Lost),
        1 => Just(Note::Synced),
        1 => Just(Note::Download),
    ];
    proptest::collection::vec(note, 0..40)
}

fn write(journal: &Journal, note: &Note) {
    match note {
        Note::Have(start, len, crc32) => journal.have(*start, *len, *crc32).unwrap(),
        Note::Proved(start, len) => journal.proved(*start, *len).unwrap(),
        Note::Lost(start) => journal.lost(*start, 1).unwrap(),
        Note::Synced => journal.synced(journal.count()).unwrap(),
        Note::Download => journal.download("other").unwrap(),
    }
}

/// The plain reading of notes: only a sync makes a claim sure.
fn expected(notes: &[Note]) -> Notes {
    let mut expected = Notes::default();
    let mut pending: BTreeMap<u64, u64> = BTreeMap::new();
    for note in notes {
        match note {
            Note::Have(start, len, crc32) => {
                let have = Have {
                    len: *len,
                    crc32: *crc32,
                    synced: false,
                };
                expected.have.insert(*start, have);
            }
            Note::Proved(start, len) => {
                pending.insert(*start, *len);
            }
            Note::Lost(start) => {
                expected.have.remove(start);
            }
            Note::Synced => {
                expected.have.values_mut().for_each(|have| have.synced = true);
                expected.proved.append(&mut pending);
            }
            Note::Download => {}
        }
    }
    expected
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn notes_cut_anywhere_are_the_notes_before_the_cut(notes in notes(), cut in any::<prop::sample::Index>(), later in notes()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::create(&path, &purpose()).unwrap();
        let mut ends = vec![fs::metadata(&path).unwrap().len()];
        for note in &notes {
            write(&journal, note);
            ends.push(fs::metadata(&path).unwrap().len());
        }
        drop(journal);
        let cut = ends[0] + cut.index(usize::try_from(ends.last().unwrap() - ends[0]).unwrap() + 1) as u64;
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(cut).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
        let (journal, found, read) = Journal::open(&path).unwrap().unwrap();
        prop_assert_eq!(&read, &expected(&notes[..whole]));
        prop_assert_eq!(journal.count(), whole as u64);
        let renamed = notes[..whole].iter().any(|note| matches!(note, Note::Download));
        prop_assert_eq!(found.download, if renamed { "other" } else { "secret" });
        for note in &later {
            write(&journal, note);
        }
        let (_, _, read) = Journal::open(&path).unwrap().unwrap();
        let all: Vec<Note> = notes[..whole].iter().chain(&later).cloned().collect();
        prop_assert_eq!(read, expected(&all));
    }

    #[test]
    fn a_flipped_bit_ends_what_is_believed(notes in notes(), flip in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::create(&path, &purpose()).unwrap();
        let mut ends = vec![fs::metadata(&path).unwrap().len()];
        for note in &notes {
            write(&journal, note);
            ends.push(fs::metadata(&path).unwrap().len());
        }
        let mut bytes = fs::read(&path).unwrap();
        let at = flip.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        let whole = ends.iter().filter(|end| **end <= at as u64).count();
        match Journal::open(&path).unwrap() {
            None => prop_assert_eq!(whole, 0),
            Some((_, _, read)) => {
                // Digits of a checksum mean the same in either case.
                let is_same = read == expected(&notes);
                prop_assert!(is_same || read == expected(&notes[..whole.saturating_sub(1)]));
            }
        }
    }
}

#[test]
fn l10_a_journal_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = Journal::create(&path, &purpose()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!format!("{journal:?}").contains("secret"));
}
