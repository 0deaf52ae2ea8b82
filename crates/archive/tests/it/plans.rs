//! The plan's stored form: random access, damage (F7) and hostile bytes (L9).

use holdall_archive::{
    Content, ENTRIES_PER_BLOCK, Entry, LayoutError, Plan, PlanBuilder, PlanError, PlanWriter, ReadAt,
    ReadError,
};
use proptest::prelude::*;

use crate::forest::{document, entries, folder};
use crate::naive::{plan_of, splice, splice_bytes, write_bytes};

fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut builder = PlanBuilder::new();
    entries
        .iter()
        .cloned()
        .for_each(|entry| builder.push(entry).unwrap());
    builder.finish().unwrap().bytes
}

/// Two blocks and a bit.
fn some_entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = (0..600)
        .map(|number| document(&format!("ordner/{number:03} é.pdf"), 10 + number, 5 + number % 50))
        .collect();
    entries.push(folder("ordner"));
    entries
}

/// Everything that can be asked of a plan.
fn read_everything<S: ReadAt>(plan: &Plan<S>) -> Result<(), PlanError> {
    plan.verify()?;
    for block in 0..plan.block_count().min(10) {
        plan.contents(block)?.for_each(drop);
    }
    plan.entry(plan.entry_count() - 1)?;
    splice(plan, 0..plan.zip_len().min(100_000))?;
    splice(plan, plan.zip_len().saturating_sub(100_000)..plan.zip_len())?;
    Ok(())
}

/// A source that reads one byte at a time and fails from some read on.
struct Trickle {
    bytes: Vec<u8>,
    reads_left: std::cell::Cell<u64>,
}

impl ReadAt for Trickle {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let left = self
            .reads_left
            .get()
            .checked_sub(1)
            .ok_or_else(|| ReadError::Failed("medium gone".into()))?;
        self.reads_left.set(left);
        for (place, byte) in buf.iter_mut().enumerate() {
            self.bytes
                .read_at(offset + place as u64, std::slice::from_mut(byte))?;
        }
        Ok(())
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// The same plan, laid out while the entries come by.
fn stream(entries: &[Entry]) -> Result<Vec<u8>, LayoutError> {
    let (mut writer, mut bytes) = (PlanWriter::new(), Vec::new());
    for entry in entries {
        writer.push(entry.clone(), |part| {
            bytes.extend_from_slice(part);
            Ok::<(), LayoutError>(())
        })?;
    }
    let summary = writer.finish(|part| {
        bytes.extend_from_slice(part);
        Ok::<(), LayoutError>(())
    })?;
    assert_eq!(summary.plan_len, bytes.len() as u64);
    Ok(bytes)
}

#[test]
fn streamed_entries_keep_their_order_and_their_paths_apart() {
    let refused = |entries: &[Entry]| stream(entries).unwrap_err();
    let (a, b) = (document("a", 3, 3), document("b", 3, 3));
    assert_eq!(
        refused(&[b.clone(), a.clone()]),
        LayoutError::Unsorted("a".to_owned())
    );
    assert_eq!(
        refused(&[a.clone(), a.clone()]),
        LayoutError::NameClash("a".to_owned())
    );
    assert_eq!(
        refused(&[a, document("a!", 1, 1), document("a/c", 1, 1)]),
        LayoutError::NameClash("a/c".to_owned())
    );
    assert_eq!(refused(&[]), LayoutError::Empty);
}

proptest! {
    #[test]
    fn l2_streamed_and_gathered_plans_are_equal(entries in entries()) {
        let gathered = encode(&entries);
        let in_order: Vec<Entry> = plan_of(&entries).entries().map(Result::unwrap).collect();
        prop_assert_eq!(stream(&in_order).unwrap(), gathered);
        let many = some_entries();
        let in_order: Vec<Entry> = plan_of(&many).entries().map(Result::unwrap).collect();
        prop_assert_eq!(stream(&in_order).unwrap(), encode(&many));
    }

    #[test]
    fn entries_come_back(entries in entries()) {
        let plan = plan_of(&entries);
        let mut expected = entries;
        expected.sort_by(|left, right| left.name.cmp(&right.name));
        let mut found: Vec<Entry> = plan.entries().map(Result::unwrap).collect();
        found.sort_by(|left, right| left.name.cmp(&right.name));
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            if expected.raw_len > 0 {
                prop_assert_eq!(found, expected);
            } else {
                prop_assert_eq!((&found.name, found.kind, found.modified), (&expected.name, expected.kind, expected.modified));
            }
        }
    }

    #[test]
    fn l9_hostile_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Plan::open(bytes.clone()).is_err());
        let plan = encode(&some_entries());
        let mut patched = plan.clone();
        let at = bytes.len() * 131 % plan.len();
        for (slot, byte) in patched[at..].iter_mut().zip(&bytes) {
            *slot = *byte;
        }
        let outcome = Plan::open(patched.clone()).and_then(|plan| read_everything(&plan));
        prop_assert!(outcome.is_err() || patched == plan);
    }

    #[test]
    fn l9_resealed_lies_never_panic(
        at in 0_usize..64,
        lie in prop_oneof![any::<u64>(), Just(u64::MAX), Just(i64::MAX as u64), 0_u64..2000],
        grow in 0_usize..200,
    ) {
        let mut plan = encode(&[document("a", 300, 90), document("b", 5, 5)]);
        let trailer = plan.len() - END_LEN;
        let at = trailer + at.min(56);
        plan[at..at + 8].copy_from_slice(&lie.to_le_bytes());
        plan.splice(trailer..trailer, vec![0; grow]);
        reseal(&mut plan);
        if let Ok(plan) = Plan::open(plan) {
            drop(read_everything(&plan));
        }
    }

    #[test]
    fn l9_resealed_blocks_never_panic(at in 0_usize..100, lie in any::<[u8; 8]>()) {
        let mut plan = encode(&[document("ordner/a", 300, 90), document("ordner/b", 5, 5)]);
        let at = at.min(plan.len() - END_LEN - 8);
        plan[at..at + 8].copy_from_slice(&lie);
        reseal(&mut plan);
        if let Ok(plan) = Plan::open(plan) {
            drop(read_everything(&plan));
        }
    }
}

/// The trailer and the checksum after it.
const END_LEN: usize = 64 + 4;

/// Makes every checksum of a plan of one block right again, as an attacker could.
fn reseal(plan: &mut [u8]) {
    let trailer = plan.len() - END_LEN;
    let index = trailer - 32;
    let end = trailer + 64;
    let block = crc(&plan[..index]);
    plan[index + 28..trailer].copy_from_slice(&block);
    let own = crc(&[&plan[trailer..trailer + 12], &plan[trailer + 16..end]].concat());
    plan[trailer + 12..trailer + 16].copy_from_slice(&own);
    let whole = crc(&plan[index..end]);
    plan[end..].copy_from_slice(&whole);
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

#[test]
fn resealing_an_honest_plan_changes_nothing() {
    let plan = encode(&[document("a", 300, 90), document("b", 5, 5)]);
    let mut resealed = plan.clone();
    reseal(&mut resealed);
    assert_eq!(plan, resealed);
}

#[test]
fn random_access_is_sequential_access() {
    let plan = plan_of(&some_entries());
    let sequential: Vec<Entry> = plan.entries().map(Result::unwrap).collect();
    assert_eq!(sequential.len() as u64, plan.entry_count());
    for (number, entry) in sequential.iter().enumerate() {
        assert_eq!(plan.entry(number as u64).unwrap(), *entry);
    }
    for from in [0, 255, 256, 257, 600] {
        let rest: Vec<Entry> = plan.entries_from(from).map(Result::unwrap).collect();
        assert_eq!(rest, sequential[from as usize..]);
    }
    let contents: Vec<Content> = (0..plan.block_count())
        .flat_map(|block| plan.contents(block).unwrap())
        .collect();
    let expected: Vec<Content> = sequential
        .iter()
        .zip(0..)
        .map(|(entry, number)| Content {
            entry: number,
            kind: entry.kind,
            key: entry.content,
        })
        .collect();
    assert_eq!(contents, expected);
}

#[test]
fn numbers_past_the_end_are_refused() {
    let plan = plan_of(&some_entries());
    for number in [plan.entry_count(), ENTRIES_PER_BLOCK * 3, u64::MAX] {
        assert!(matches!(plan.entry(number), Err(PlanError::OutOfRange(_))));
        assert!(plan.entries_from(number).next().is_none());
    }
    assert!(matches!(
        plan.contents(plan.block_count()),
        Err(PlanError::OutOfRange(_))
    ));
}

#[test]
fn f7_every_flipped_bit_is_found() {
    let honest = encode(&[document("ordner/a", 300, 90), folder("ordner")]);
    for bit in 0..honest.len() * 8 {
        let mut plan = honest.clone();
        plan[bit / 8] ^= 1 << (bit % 8);
        assert!(
            Plan::open(plan).and_then(|plan| plan.verify()).is_err(),
            "bit {bit}"
        );
    }
}

#[test]
fn f7_a_flipped_bit_never_reaches_a_piece() {
    let entries = some_entries();
    let (honest, zip) = (encode(&entries), write_bytes(&entries));
    for byte in (0..honest.len()).step_by(97) {
        let mut bytes = honest.clone();
        bytes[byte] ^= 0x10;
        let Ok(plan) = Plan::open(bytes) else { continue };
        let mut good = 0;
        let mut failed = false;
        let mut splice = plan.splice(0..plan.zip_len());
        for piece in splice.by_ref() {
            match piece {
                Ok(piece) => good += piece.len(),
                Err(_) => failed = true,
            }
        }
        assert!(failed && good < plan.zip_len(), "byte {byte}");
        assert!(splice.next().is_none());
        assert!(
            good == 0 || splice_bytes(&plan, 0..good) == zip[..good as usize],
            "byte {byte}"
        );
    }
}

#[test]
fn f7_every_truncation_is_refused() {
    let honest = encode(&some_entries());
    for len in (0..honest.len())
        .step_by(13)
        .chain([honest.len() - 1, 63, 64, 65])
    {
        assert!(Plan::open(&honest[..len]).is_err(), "{len} bytes");
    }
    assert!(Plan::open([honest.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn foreign_and_future_plans_are_told_apart() {
    let honest = encode(&[folder("a")]);
    assert!(matches!(Plan::open(vec![0; 500]), Err(PlanError::NotAPlan)));
    assert!(matches!(Plan::open(Vec::new()), Err(PlanError::NotAPlan)));
    let mut future = honest;
    let trailer = future.len() - END_LEN;
    future[trailer + 10] += 1;
    reseal(&mut future);
    assert!(matches!(
        Plan::open(future),
        Err(PlanError::UnknownVersion { format: 1, layout: 2 })
    ));
}

#[test]
fn a_trickling_source_gives_the_same_bytes() {
    let entries = some_entries();
    let source = Trickle {
        bytes: encode(&entries),
        reads_left: u64::MAX.into(),
    };
    let plan = Plan::open(source).unwrap();
    assert_eq!(splice_bytes(&plan, 0..plan.zip_len()), write_bytes(&entries));
}

#[test]
fn a_failing_source_is_an_error_at_every_read() {
    let bytes = encode(&some_entries());
    let mut reads = 0;
    loop {
        let source = Trickle {
            bytes: bytes.clone(),
            reads_left: reads.into(),
        };
        match Plan::open(source).and_then(|plan| read_everything(&plan)) {
            Ok(()) => break,
            Err(PlanError::Read(ReadError::Failed(cause))) => assert_eq!(cause.to_string(), "medium gone"),
            Err(other) => panic!("after {reads} reads: {other}"),
        }
        reads += 1;
    }
    // Two to open; the three blocks for verify, for contents, and twice for each splice; one entry.
    assert_eq!(reads, 2 + 3 + 3 + 6 + 6 + 1);
}

#[test]
fn p11_any_range_costs_few_reads() {
    let entries: Vec<Entry> = (0..100_000)
        .map(|number| document(&format!("{number:06}"), 90, 50))
        .collect();
    let source = Trickle {
        bytes: encode(&entries),
        reads_left: 4.into(),
    };
    let plan = Plan::open(source).unwrap();
    let middle = plan.zip_len() / 2;
    assert!(plan.splice(middle..plan.zip_len()).next().unwrap().is_ok());
}

#[test]
fn p2_an_entry_takes_few_bytes() {
    let entries: Vec<Entry> = (0..10_000)
        .map(|number| {
            document(
                &format!("a library/folder {:04}/document {number:05}.docx", number / 100),
                20_000,
                15_000,
            )
        })
        .collect();
    let plan_len = encode(&entries).len();
    assert!(plan_len < entries.len() * 32, "{plan_len} bytes");
}
