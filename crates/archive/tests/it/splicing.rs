//! Laws L2 and L3: any range of a splice is that range of the whole archive.

use holdall_archive::{Entry, LayoutError, Method, Piece, Plan, PlanBuilder};
use proptest::prelude::*;

use crate::forest::{document, entries, folder};
use crate::naive::{content_bytes, plan_of, splice_bytes, write_bytes};

proptest! {
    #[test]
    fn l3_any_range_is_that_range_of_the_whole(entries in entries(), from in any::<u32>(), to in any::<u32>()) {
        let (plan, zip) = (plan_of(&entries), write_bytes(&entries));
        prop_assert_eq!(plan.zip_len(), zip.len() as u64);
        prop_assert_eq!(&splice_bytes(&plan, 0..plan.zip_len()), &zip);
        let (from, to) = (from as usize % (zip.len() + 1), to as usize % (zip.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        prop_assert_eq!(splice_bytes(&plan, from as u64..to as u64), &zip[from..to]);
    }

    #[test]
    fn l3_any_split_reassembles(entries in entries(), cuts in proptest::collection::vec(any::<u32>(), 0..20)) {
        let plan = plan_of(&entries);
        let mut cuts: Vec<u64> = cuts.iter().map(|cut| u64::from(*cut) % plan.zip_len()).collect();
        cuts.extend([0, plan.zip_len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).flat_map(|cut| splice_bytes(&plan, cut[0]..cut[1]));
        prop_assert_eq!(parts.collect::<Vec<u8>>(), write_bytes(&entries));
    }

    #[test]
    fn placed_entries_lie_where_the_archive_has_them(entries in entries()) {
        let (plan, zip) = (plan_of(&entries), write_bytes(&entries));
        prop_assert_eq!(check_places(&plan, &zip), entries.len() as u64);
    }

    #[test]
    fn l2_plan_depends_on_the_entries_and_not_on_their_order(
        (entries, shuffled) in entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle()))
    ) {
        prop_assert_eq!(build(&entries).unwrap(), build(&shuffled).unwrap());
    }
}

/// Compares every placed entry with the plan's entries and with the bytes of the archive; gives how many there are.
fn check_places(plan: &Plan<Vec<u8>>, zip: &[u8]) -> u64 {
    let (mut next, mut number) = (0, 0);
    for block in 0..plan.block_count() {
        let span = plan.block_span(block).unwrap();
        assert_eq!(span.start, next);
        for placed in plan.placed(block).unwrap().iter() {
            let placed = placed.unwrap();
            let entry = plan.entry(number).unwrap();
            assert_eq!((placed.number, placed.offset), (number, next));
            assert_eq!(placed.path, entry.name.as_str());
            assert_eq!(
                (placed.kind, placed.method, placed.crc32),
                (entry.kind, entry.method, entry.crc32)
            );
            assert_eq!(
                (placed.raw_len, placed.stored_len),
                (entry.raw_len, entry.stored_len)
            );
            assert_eq!((placed.modified, placed.content), (entry.modified, entry.content));
            let header = &zip[placed.offset as usize..placed.data as usize];
            assert!(header.starts_with(b"PK\x03\x04"));
            next = placed.data + placed.stored_len;
            let stored = splice_bytes(plan, placed.data..next);
            assert_eq!(stored, &zip[placed.data as usize..next as usize]);
            number += 1;
        }
        assert_eq!(span.end, next);
    }
    assert!(
        zip[next as usize..].starts_with(b"PK\x01\x02"),
        "the directory follows the last entry"
    );
    assert_eq!(plan.block_span(plan.block_count()), None);
    number
}

#[test]
fn placed_entries_of_three_blocks_lie_where_the_archive_has_them() {
    let entries = three_blocks();
    assert_eq!(check_places(&plan_of(&entries), &write_bytes(&entries)), 700);
}

fn build(entries: &[Entry]) -> Result<Vec<u8>, LayoutError> {
    let mut builder = PlanBuilder::new();
    for entry in entries {
        builder.push(entry.clone())?;
    }
    Ok(builder.finish()?.bytes)
}

/// More than two blocks, with runs of folders so that literals grow past entries.
fn three_blocks() -> Vec<Entry> {
    let mut entries = Vec::new();
    for number in 0..700 {
        entries.push(match number % 7 {
            0 => folder(&format!("{number:04} ordner")),
            1 => document(&format!("{number:04} leer"), 0, 0),
            rest => document(&format!("{number:04} akte é"), 100 + number, 40 + rest),
        });
    }
    entries
}

#[test]
fn l3_every_single_byte_of_three_blocks() {
    let entries = three_blocks();
    let (plan, zip) = (plan_of(&entries), write_bytes(&entries));
    assert_eq!(splice_bytes(&plan, 0..plan.zip_len()), zip);
    for (at, byte) in zip.iter().enumerate() {
        assert_eq!(
            splice_bytes(&plan, at as u64..at as u64 + 1),
            [*byte],
            "byte {at}"
        );
    }
}

#[test]
fn a_splice_goes_on_from_its_position() {
    let plan = plan_of(&three_blocks());
    let mut whole = plan.splice(10..plan.zip_len());
    let mut resumed = Vec::new();
    while whole.remaining_len() > 0 {
        let position = whole.position();
        let piece = whole.next().unwrap().unwrap();
        assert_eq!(whole.position(), position + piece.len());
        assert_eq!(
            plan.splice(position..plan.zip_len()).next().unwrap().unwrap(),
            piece
        );
        resumed.push(piece);
    }
    assert!(whole.next().is_none());
    assert_eq!(resumed.iter().map(Piece::len).sum::<u64>(), plan.zip_len() - 10);
}

#[test]
fn ranges_outside_the_archive_give_nothing() {
    let plan = plan_of(&[document("a", 5, 5)]);
    let len = plan.zip_len();
    for range in [
        len..len + 5,
        len + 7..u64::MAX,
        3..3,
        u64::MAX..u64::MAX,
        core::ops::Range { start: 9, end: 2 },
    ] {
        assert!(plan.splice(range).next().is_none());
    }
    assert_eq!(splice_bytes(&plan, len - 1..u64::MAX), [0]);
}

#[test]
fn literals_coalesce_and_stay_near_64_kib() {
    let entries: Vec<Entry> = (0..5_000)
        .map(|number| folder(&format!("ordner {number:05}")))
        .collect();
    let plan = plan_of(&entries);
    let lens: Vec<u64> = plan
        .splice(0..plan.zip_len())
        .map(|piece| piece.unwrap().len())
        .collect();
    assert!(lens.iter().all(|len| *len <= 66 << 10), "{lens:?}");
    assert!(
        lens.len() as u64 <= plan.zip_len() / (64 << 10) + 3,
        "{} pieces",
        lens.len()
    );
}

#[test]
fn a_splice_can_be_sent_and_kept() {
    fn check<T: Send + 'static>(_: &T) {}
    check(&plan_of(&[folder("a")]).splice(0..1));
}

#[test]
fn z12_no_entry_is_an_error() {
    assert_eq!(PlanBuilder::new().finish(), Err(LayoutError::Empty));
}

#[test]
fn z7_no_path_twice_and_no_document_where_a_folder_is() {
    let clash = |entries: &[Entry]| match build(entries) {
        Err(LayoutError::NameClash(name)) => Some(name),
        other => {
            assert!(other.is_ok());
            None
        }
    };
    assert_eq!(
        clash(&[document("a", 1, 1), document("a", 2, 2)]).as_deref(),
        Some("a")
    );
    assert_eq!(clash(&[folder("a"), folder("a")]).as_deref(), Some("a/"));
    assert_eq!(
        clash(&[document("a", 1, 1), document("a b", 1, 1), folder("a")]).as_deref(),
        Some("a/")
    );
    assert_eq!(
        clash(&[document("a", 1, 1), document("a.b", 1, 1), document("a/x", 1, 1)]).as_deref(),
        Some("a/x")
    );
    assert_eq!(
        clash(&[
            document("a b", 1, 1),
            document("a", 1, 1),
            document("a b/c", 1, 1)
        ])
        .as_deref(),
        Some("a b/c")
    );
    assert_eq!(
        clash(&[
            document("a", 1, 1),
            document("a b", 1, 1),
            folder("a0"),
            document("a0/a", 1, 1)
        ]),
        None
    );
}

#[test]
fn contradicting_entries_are_refused() {
    let good = document("a", 7, 5);
    let bad = [
        Entry {
            method: Method::Stored,
            ..good.clone()
        },
        Entry {
            stored_len: 0,
            ..good.clone()
        },
        Entry {
            raw_len: 0,
            ..good.clone()
        },
        Entry {
            raw_len: 7,
            ..folder("a")
        },
        Entry {
            crc32: 1,
            ..folder("a")
        },
    ];
    for entry in bad {
        assert_eq!(
            build(std::slice::from_ref(&entry)),
            Err(LayoutError::Inconsistent),
            "{entry:?}"
        );
    }
    let long = format!("{}/{}", ["0123456789abcde"; 63].join("/"), "0123456789abcde");
    assert!(build(&[document(&long, 1, 1)]).is_ok());
    assert_eq!(
        build(&[folder(&format!("{long}x"))]),
        Err(LayoutError::NameTooLong)
    );
    let huge = [document("a", u64::MAX, u64::MAX), document("b", 1, 1)];
    assert_eq!(build(&huge), Err(LayoutError::TooLarge));
}

#[test]
fn z9_an_empty_document_is_stored_whatever_the_encoder_made_of_it() {
    let entry = Entry {
        method: Method::Deflated,
        ..document("leer", 0, 2)
    };
    let plan = plan_of(std::slice::from_ref(&entry));
    let laid_out = plan.entry(0).unwrap();
    assert_eq!((laid_out.method, laid_out.stored_len), (Method::Stored, 0));
    assert_eq!(splice_bytes(&plan, 0..plan.zip_len()), write_bytes(&[entry]));
}

#[test]
fn z13_entries_are_in_byte_order_of_their_written_paths() {
    let plan = plan_of(&[
        document("a0", 1, 1),
        folder("a"),
        document("a.txt", 1, 1),
        document("a/b", 1, 1),
        folder("a b"),
    ]);
    let order: Vec<String> = plan
        .entries()
        .map(|entry| entry.unwrap().name.into_string())
        .collect();
    assert_eq!(order, ["a b", "a.txt", "a", "a/b", "a0"]);
}

#[test]
fn z10_times_are_clamped_and_utc_is_only_written_where_it_fits() {
    let times = [
        i64::MIN,
        -1,
        0,
        315_532_799,
        315_532_800,
        951_782_400,
        2_147_483_647,
        2_147_483_648,
        4_354_819_199,
    ];
    for modified in times.into_iter().chain([4_354_819_200, i64::MAX]) {
        let entries = [Entry {
            modified,
            ..document("a", 3, 3)
        }];
        let plan = plan_of(&entries);
        assert_eq!(
            splice_bytes(&plan, 0..plan.zip_len()),
            write_bytes(&entries),
            "{modified}"
        );
        assert_eq!(plan.entry(0).unwrap().modified, modified);
    }
}

#[test]
fn content_pieces_name_the_entry_and_its_key() {
    let entries = [document("a", 9, 9), document("b", 50, 20)];
    let plan = plan_of(&entries);
    let contents: Vec<(u64, Vec<u8>)> = plan
        .splice(0..plan.zip_len())
        .filter_map(|piece| match piece.unwrap() {
            Piece::Content {
                entry,
                key,
                stored_len,
                range,
            } => {
                assert_eq!(range, 0..stored_len);
                Some((entry, content_bytes(&key.0, range.start, range.end)))
            }
            Piece::Literal(_) => None,
        })
        .collect();
    let expected = |number: u64, len| (number, content_bytes(&entries[number as usize].content.0, 0, len));
    assert_eq!(contents, [expected(0, 9), expected(1, 20)]);
}

/// A sink's own error.
#[derive(Debug, PartialEq)]
struct Full;

impl From<LayoutError> for Full {
    fn from(_: LayoutError) -> Self {
        Self
    }
}

#[test]
fn the_sink_gets_the_same_bytes_and_its_error_comes_back() {
    let entries = three_blocks();
    let gather = || {
        let mut builder = PlanBuilder::new();
        entries
            .iter()
            .cloned()
            .for_each(|entry| builder.push(entry).unwrap());
        builder
    };
    let mut parts = Vec::new();
    let summary = gather()
        .finish_into(|part| {
            parts.push(part.to_vec());
            Ok::<(), LayoutError>(())
        })
        .unwrap();
    assert!(parts.len() > 3);
    let whole = gather().finish().unwrap();
    assert_eq!((parts.concat(), summary), (whole.bytes, whole.summary));
    assert_eq!(
        (summary.entry_count, summary.zip_len),
        (700, write_bytes(&entries).len() as u64)
    );

    assert_eq!(gather().finish_into(|_| Err(Full)), Err(Full));
}

#[test]
fn plans_carry_the_layout_version() {
    let plan = build(&[folder("a")]).unwrap();
    let trailer = &plan[plan.len() - 68..];
    assert_eq!(trailer[10..12], holdall_archive::LAYOUT_VERSION.to_le_bytes());
    assert!(Plan::open(plan).is_ok());
}
