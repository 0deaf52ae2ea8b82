//! How many documents of a download were sent whole. What is known of a block of the plan is not looked at again.

use super::super::opened::{Content, Opened};
use super::Spans;
use crate::Failure;
use holdall_archive::{EntryKind, PlacedEntries};
use std::sync::{Mutex, PoisonError};

/// Documents in those blocks that were sent whole, by number; `None` for all others.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<Vec<Option<u16>>>);

/// How many documents of a download are wholly in `sent`. Reads the blocks that are in it in part, or for the first time.
pub(super) fn count_delivered(opened: &Opened, sent: &Spans) -> Result<u64, Failure> {
    let Content::Archive(plan) = &opened.facts.content else {
        return Ok(u64::from(sent.holds(&(0..opened.facts.content_len))));
    };
    let mut known = opened.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
    known.resize(usize::try_from(plan.block_count()).unwrap_or_default(), None);
    let mut count = 0_u64;
    for (number, known) in (0..).zip(known.iter_mut()) {
        let span = plan.block_span(number).unwrap_or_default();
        if !sent.meets(&span) {
            continue;
        }
        let whole = match *known {
            Some(whole) => whole,
            None => count_in(&plan.placed(number).map_err(Failure::internal)?, sent)?,
        };
        if sent.holds(&span) {
            *known = Some(whole);
        }
        count = count.saturating_add(u64::from(whole));
    }
    Ok(count)
}

/// A block has 256 entries at most.
fn count_in(block: &PlacedEntries, sent: &Spans) -> Result<u16, Failure> {
    let mut count = 0_u16;
    for entry in block.iter() {
        let entry = entry.map_err(Failure::internal)?;
        let all = entry.offset..entry.data.saturating_add(entry.stored_len);
        if entry.kind == EntryKind::Document && sent.holds(&all) {
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}
