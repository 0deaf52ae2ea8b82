//! Random trees of entries.

use std::collections::BTreeMap;

use holdall_archive::{Child, ContentKey, Entry, EntryKind, EntryName, Method, Namer};
use proptest::collection::vec;
use proptest::prelude::*;

/// A document of which only the name matters to the caller.
pub(crate) fn document(path: &str, raw_len: u64, stored_len: u64) -> Entry {
    let mut key = [0; 24];
    for (slot, byte) in key.iter_mut().zip(path.bytes().rev()) {
        *slot = byte;
    }
    Entry {
        name: EntryName::new(path).unwrap(),
        kind: EntryKind::Document,
        method: if raw_len == stored_len {
            Method::Stored
        } else {
            Method::Deflated
        },
        crc32: if raw_len == 0 {
            0
        } else {
            0xC0FF_EE00 ^ raw_len as u32
        },
        raw_len,
        stored_len,
        modified: 1_700_000_001,
        content: ContentKey(key),
    }
}

/// A folder.
pub(crate) fn folder(path: &str) -> Entry {
    Entry {
        kind: EntryKind::Folder,
        ..document(path, 0, 0)
    }
}

/// Names that people and attackers give.
pub(crate) fn ugly_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{1,2}(\\.[ab])?",
        "[aAbB]( \\(2\\))?(\\.txt)?",
        "(con|NUL|Com1|lpt¹|aux)( )?(\\.txt)?",
        "[a-z./\\\\:*?\"<>| \u{0}-\u{1f}]{0,6}",
        "[éÉe\u{301}ßẞsSſKk\u{212a}ﬁ]{1,4}",
        "\\PC{0,8}",
        "[é長a]{200,400}(\\.pdf)?",
        "~[0-9a-f]{16}",
        Just("..".to_owned()),
        any::<String>(),
    ]
}

/// Up to 40 entries in up to five levels, named by the namer, in an order that is not the archive's.
pub(crate) fn entries() -> impl Strategy<Value = Vec<Entry>> {
    vec(
        (
            ugly_name(),
            any::<u16>(),
            0_u8..4,
            0_u64..300,
            0_u64..300,
            any::<i64>(),
        ),
        1..40,
    )
    .prop_map(|seeds| {
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut folders = vec![usize::MAX];
        for (number, seed) in seeds.iter().enumerate() {
            let parent = folders[usize::from(seed.1) % folders.len()];
            children.entry(parent).or_default().push(number);
            if seed.2 == 0 {
                folders.push(number);
            }
        }
        let mut namer = Namer::new();
        let mut named: BTreeMap<usize, EntryName> = BTreeMap::new();
        let mut entries = Vec::new();
        for parent in folders {
            let numbers = children.remove(&parent).unwrap_or_default();
            let asked: Vec<Child<'_>> = numbers
                .iter()
                .map(|number| ask(&seeds[*number].0, seeds[*number].2, *number))
                .collect();
            for (number, name) in numbers
                .iter()
                .zip(namer.name_children(named.get(&parent), &asked))
            {
                let (_, _, shape, raw_len, stored_len, modified) = seeds[*number];
                entries.push(to_entry(&name.path, shape, raw_len, stored_len, modified));
                named.insert(*number, name.path);
            }
        }
        entries
    })
}

fn ask(name: &str, shape: u8, number: usize) -> Child<'_> {
    let kind = if shape == 0 {
        EntryKind::Folder
    } else {
        EntryKind::Document
    };
    Child {
        name,
        kind,
        id: number as u64,
    }
}

fn to_entry(path: &EntryName, shape: u8, raw_len: u64, stored_len: u64, modified: i64) -> Entry {
    if shape == 0 {
        return Entry {
            modified,
            ..folder(path.as_str())
        };
    }
    let modified = if shape == 1 {
        modified
    } else {
        modified.rem_euclid(4_500_000_000)
    };
    Entry {
        modified,
        ..document(
            path.as_str(),
            raw_len,
            if raw_len == 0 {
                stored_len
            } else {
                stored_len.max(1)
            },
        )
    }
}
