//! Zip64 at every edge (Z4), with content that is never made.

use holdall_archive::Entry;

use crate::forest::{document, folder};
use crate::naive::{plan_of, splice, total_len, write_archive};

const EDGE: u64 = 0xFFFF_FFFF;

fn check(entries: &[Entry]) {
    let (plan, model) = (plan_of(entries), write_archive(entries));
    assert_eq!(plan.zip_len(), total_len(&model));
    let spliced = splice(&plan, 0..plan.zip_len()).unwrap();
    assert!(
        spliced == model,
        "the archive of {} entries differs",
        entries.len()
    );
}

#[test]
fn z4b_sizes_at_the_edge() {
    let sizes = [EDGE - 1, EDGE, EDGE + 1, 5 << 30];
    for raw_len in sizes {
        check(&[document("a", raw_len, raw_len)]);
        check(&[document("a", raw_len, 1000), document("b", 5, 5)]);
        for stored_len in sizes {
            check(&[
                document("a", raw_len, stored_len),
                folder("b"),
                document("c", 5, 5),
            ]);
        }
    }
    check(&[document("a", 1000, EDGE)]);
}

#[test]
fn z4a_below_the_edge_nothing_is_zip64() {
    let plan = plan_of(&[document("a", EDGE - 1, 10)]);
    // Header 30, name 1, timestamp 9; record 46, 1, 9; end 22.
    assert_eq!(plan.zip_len(), 30 + 1 + 9 + 10 + 46 + 1 + 9 + 22);
    let plan = plan_of(&[document("a", EDGE, 10)]);
    assert_eq!(plan.zip_len(), 30 + 1 + 20 + 9 + 10 + 46 + 1 + 12 + 9 + 22);
}

#[test]
fn z4c_offsets_at_the_edge() {
    // The second local header starts at 40 + the first length.
    for offset in EDGE - 2..EDGE + 3 {
        check(&[document("a", offset - 40, offset - 40), document("b", 3, 3)]);
        check(&[
            document("a", offset / 2, offset / 2),
            document("b", offset / 2, offset / 2),
            document("c", 3, 3),
        ]);
    }
}

#[test]
fn z4d_directory_offset_at_the_edge() {
    for directory_offset in EDGE - 2..EDGE + 3 {
        let len = directory_offset - 40;
        check(&[document("a", len, len)]);
        let end_len = if directory_offset >= EDGE { 98 } else { 22 };
        assert_eq!(
            plan_of(&[document("a", len, len)]).zip_len(),
            directory_offset + 56 + end_len
        );
    }
}

#[test]
fn z4d_entry_counts_at_the_edge() {
    let entries: Vec<Entry> = (0..65_536)
        .map(|number| document(&format!("{number:05}"), 7, 7))
        .collect();
    for count in [1, 65_534, 65_535, 65_536] {
        check(&entries[..count]);
    }
}

#[test]
fn l3_ranges_around_every_edge_of_a_huge_archive() {
    let entries: Vec<Entry> = (0..600)
        .map(|number| document(&format!("{number:03}"), 40_000_000 + number, 10_000_000 + number))
        .collect();
    let (plan, model) = (plan_of(&entries), write_archive(&entries));
    let headers: Vec<u64> = [0, 1, 255, 256, 257, 429, 430, 511, 512, 599]
        .iter()
        .map(|number| entries[..*number].iter().map(|entry| entry.stored_len + 42).sum())
        .collect();
    let directory = plan.zip_len() - 98 - entries.len() as u64 * 58;
    for edge in headers
        .into_iter()
        .chain([1 << 32, directory, plan.zip_len() - 98, plan.zip_len() - 22])
    {
        let range = edge.saturating_sub(100)..(edge + 100).min(plan.zip_len());
        let spliced = splice(&plan, range.clone()).unwrap();
        assert_eq!(total_len(&spliced), range.end - range.start);
        assert_eq!(spliced, cut(&model, range));
    }
}

fn cut(model: &[crate::naive::Stretch], range: std::ops::Range<u64>) -> Vec<crate::naive::Stretch> {
    use crate::naive::Stretch;
    let mut at = 0;
    let mut kept = Vec::new();
    for stretch in model {
        let len = total_len(std::slice::from_ref(stretch));
        let (from, to) = (range.start.max(at), range.end.min(at + len));
        if from < to {
            kept.push(match stretch {
                Stretch::Bytes(bytes) => {
                    Stretch::Bytes(bytes[(from - at) as usize..(to - at) as usize].to_vec())
                }
                Stretch::Content { entry, key, .. } => Stretch::Content {
                    entry: *entry,
                    key: *key,
                    from: from - at,
                    to: to - at,
                },
            });
        }
        at += len;
    }
    kept
}
