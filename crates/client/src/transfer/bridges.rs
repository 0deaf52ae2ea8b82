//! Few requests instead of many short ones: where only little that is held already lies between two stretches to fetch, it is
//! fetched along with them.

use super::donor::Donor;
use super::plan_file::{DiskPlan, unusable};
use crate::Failure;
use std::ops::Range;

/// Held bytes between two stretches that are never worth another request.
const LONGEST: u64 = 256 << 10;
/// All bridges together take at most this share of the archive.
const SHARE: u64 = 200;

/// Some entries that are held, between two that are not.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    entries: Range<u64>,
    len: u64,
}

/// Numbers of entries that are fetched although they are held, in order: the shortest gaps first, in all at most what has to be
/// fetched anyway and a small share of the archive.
pub(super) fn bridges(plan: &DiskPlan, donors: &[Donor]) -> Result<Vec<Range<u64>>, Failure> {
    if donors.is_empty() {
        return Ok(Vec::new());
    }
    let (mut gaps, mut missing_len) = (Vec::new(), 0);
    let mut open: Option<Gap> = None;
    for (number, entry) in (0..).zip(plan.entries()) {
        let entry = entry.map_err(unusable)?;
        let len = holdall_archive::local_len(&entry).map_err(|error| Failure::InTheWay(error.to_string()))?;
        if entry.stored_len > 0 && !donors.iter().any(|donor| donor.has(&entry)) {
            missing_len += len;
            gaps.extend(open.take().filter(|gap| !gap.entries.is_empty()));
            open = Some(Gap {
                entries: number + 1..number + 1,
                len: 0,
            });
        } else if let Some(gap) = &mut open {
            gap.entries.end = number + 1;
            gap.len += len;
        }
    }
    Ok(choose(gaps, missing_len.min(plan.zip_len() / SHARE)))
}

fn choose(mut gaps: Vec<Gap>, budget: u64) -> Vec<Range<u64>> {
    gaps.retain(|gap| gap.len <= LONGEST);
    gaps.sort_by_key(|gap| gap.len);
    let mut spent = 0;
    let affordable = gaps.into_iter().take_while(|gap| {
        spent += gap.len;
        spent <= budget
    });
    let mut chosen: Vec<Range<u64>> = affordable.map(|gap| gap.entries).collect();
    chosen.sort_by_key(|entries| entries.start);
    chosen
}

#[cfg(test)]
mod tests {
    use super::{Gap, choose};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bridges_cost_no_more_than_they_may(lens in proptest::collection::vec(1_u64..400_000, 0..60), budget in 0_u64..2_000_000) {
            let gaps: Vec<Gap> = (0..).zip(&lens).map(|(number, len)| Gap { entries: 2 * number..2 * number + 1, len: *len }).collect();
            let chosen = choose(gaps.clone(), budget);
            let is_chosen = |gap: &Gap| chosen.contains(&gap.entries);
            let cost: u64 = gaps.iter().filter(|gap| is_chosen(gap)).map(|gap| gap.len).sum();
            prop_assert!(cost <= budget);
            prop_assert!(chosen.is_sorted_by_key(|entries| entries.start));
            let longest = gaps.iter().filter(|gap| is_chosen(gap)).map(|gap| gap.len).max();
            let left = gaps.iter().filter(|gap| !is_chosen(gap)).map(|gap| gap.len).min();
            prop_assert!(longest.is_none() || left.is_none() || longest <= left);
        }
    }
}
