use super::{Asked, read};
use proptest::prelude::*;

#[test]
fn one_range_is_cut_to_the_content() {
    assert_eq!(read("bytes=0-0", 10), Asked::Part(0..1));
    assert_eq!(read("bytes=2-5", 10), Asked::Part(2..6));
    assert_eq!(read("bytes=2-", 10), Asked::Part(2..10));
    assert_eq!(read("bytes=2-99", 10), Asked::Part(2..10));
    assert_eq!(read("bytes=-3", 10), Asked::Part(7..10));
    assert_eq!(read("bytes=-99", 10), Asked::Part(0..10));
    assert_eq!(read(" Bytes = 2-5 ,", 10), Asked::Part(2..6));
    assert_eq!(read("bytes=1-99999999999999999999999", 10), Asked::Part(1..10));
}

#[test]
fn nothing_to_give_is_unsatisfiable() {
    for header in [
        "bytes=10-",
        "bytes=10-20",
        "bytes=-0",
        "bytes=99999999999999999999999-",
    ] {
        assert_eq!(read(header, 10), Asked::Unsatisfiable, "{header}");
    }
    assert_eq!(read("bytes=0-", 0), Asked::Unsatisfiable);
    assert_eq!(read("bytes=-5", 0), Asked::Unsatisfiable);
}

#[test]
fn anything_else_is_ignored() {
    for header in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=+1-2",
        "items=0-1",
        "bytes=1",
        "bytes=--1",
        "bytes=1-2-3",
        "bytes=0x1-2",
    ] {
        assert_eq!(read(header, 10), Asked::Whole, "{header}");
    }
}

#[test]
fn several_ranges_are_several_parts_in_their_order() {
    assert_eq!(
        read("bytes=0-9,500-509", 1000),
        Asked::Parts(vec![0..10, 500..510])
    );
    assert_eq!(
        read("bytes=500-509, 0-9", 1000),
        Asked::Parts(vec![500..510, 0..10])
    );
    assert_eq!(
        read("bytes=0-9,-10,5000-", 1000),
        Asked::Parts(vec![0..10, 990..1000])
    );
}

#[test]
fn ranges_without_a_gap_worth_a_part_become_one() {
    for header in [
        "bytes=0-99,100-199",
        "bytes=100-199,0-99",
        "bytes=0-149,50-199",
        "bytes=0-49,170-199",
        "bytes=0-199,10-19,20-29",
        "bytes=0-199,9999-",
    ] {
        assert_eq!(read(header, 1000), Asked::Part(0..200), "{header}");
    }
    assert_eq!(read("bytes=0-9,137-199", 1000), Asked::Part(0..200));
    assert_eq!(
        read("bytes=0-9,138-199", 1000),
        Asked::Parts(vec![0..10, 138..200])
    );
    let three = read("bytes=600-609,0-9,610-700", 1000);
    assert_eq!(three, Asked::Parts(vec![600..701, 0..10]));
}

#[test]
fn l9_too_many_ranges_or_too_many_bytes_are_ignored() {
    let header = format!("bytes={}", "0-1,".repeat(10_000));
    assert_eq!(read(&header, 10), Asked::Whole);
    let spread = |count: u64| {
        let specs: Vec<String> = (0..count)
            .map(|number| format!("{0}-{0}", number * 1000))
            .collect();
        read(&format!("bytes={}", specs.join(",")), 1_000_000)
    };
    assert!(matches!(spread(32), Asked::Parts(parts) if parts.len() == 32));
    assert_eq!(spread(33), Asked::Whole);
    assert_eq!(read("bytes=0-,0-,500-", 1000), Asked::Whole);
}

proptest! {
    #[test]
    fn l3_ranges_give_what_was_asked_and_little_more(
        len in 1..2_000_u64,
        specs in proptest::collection::vec((0..2_500_u64, 0..400_u64), 1..12),
    ) {
        let texts: Vec<String> = specs.iter().map(|(first, more)| format!("{first}-{}", first + more)).collect();
        let asked = read(&format!("bytes={}", texts.join(",")), len);
        let wanted = |byte: u64| specs.iter().any(|(first, more)| (*first..=first + more).contains(&byte));
        let whole = 0..len;
        let parts = match asked {
            Asked::Whole => vec![whole.clone()],
            Asked::Part(part) => vec![part],
            Asked::Parts(parts) => parts,
            Asked::Unsatisfiable => Vec::new(),
        };
        let given = |byte: u64| parts.iter().filter(|part| part.contains(&byte)).count();
        for byte in 0..len {
            prop_assert!(given(byte) <= 1, "no byte comes twice");
            prop_assert!(!wanted(byte) || given(byte) == 1, "byte {byte} is missing");
        }
        for part in &parts {
            prop_assert!(part.start < part.end && part.end <= len);
            let idle = (part.start..part.end).filter(|byte| !wanted(*byte)).count();
            prop_assert!(parts.first() == Some(&whole) || idle < 128 * specs.len());
        }
    }
}
