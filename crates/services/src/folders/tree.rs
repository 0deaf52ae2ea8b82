//! Everything below a folder: as a catalog that is read piece by piece, and in figures. What the caller may not see is left out,
//! with all that lies in it.

mod pages;
mod walk;

pub use pages::TreePage;
pub use walk::{TreeStep, TreeWalk};

use super::Folders;
use super::listing::Sight;
use super::resolve::{Place, resolve_folder};
use crate::access::Standing;
use crate::{Caller, Failure};
use holdall_catalog::{Tx, staging, trees};
use holdall_model::{FolderId, ItemRef, Timestamp, UserId};
use std::collections::HashMap;

/// 30, 60 and 90 days in milliseconds.
const PERIODS: [i64; 3] = [30 * DAY, 60 * DAY, 90 * DAY];
const DAY: i64 = 86_400_000;

/// What a tree adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeStatistics {
    /// The folder at the top.
    pub folder: FolderId,
    /// Its name.
    pub name: String,
    /// The folders directly in it.
    pub folders: u64,
    /// The documents in the whole tree.
    pub documents: u64,
    /// How many of them are locked.
    pub locked: u64,
    /// The sum of their lengths in bytes.
    pub raw_len: u64,
    /// How many of them were registered in the last 30, 60 and 90 days.
    pub registered: [u64; 3],
}

/// A folder of a tree and the numbers of those directly in it.
struct Branch {
    id: FolderId,
    name: String,
    below: Vec<usize>,
}

impl Folders {
    /// What everything below a folder adds up to.
    pub async fn statistics(&self, caller: &Caller, item: &ItemRef) -> Result<TreeStatistics, Failure> {
        let (item, now) = (item.clone(), self.house.clock.now());
        let add = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &item)?.place;
            statistics(tx, standing, place, now)
        };
        self.house.read_as(caller, add).await
    }
}

/// The folder and all below it that are seen, each behind the one it lies in; a statement for each level.
fn branches(tx: &mut Tx<'_>, standing: &Standing, top: &Place) -> Result<Vec<Branch>, Failure> {
    let mut sight = Sight::new(standing, top.row.library, false);
    let mut branches = vec![Branch {
        id: top.row.id,
        name: top.row.name.clone(),
        below: Vec::new(),
    }];
    let mut numbers = HashMap::from([(top.row.id, 0)]);
    let mut level = vec![top.row.id];
    while !level.is_empty() {
        let rows = staging::subfolders(tx, &level)?;
        level.clear();
        for row in sight.only_seen(tx, rows, |row| (row.scope, row.owner))? {
            let number = branches.len();
            let above = numbers
                .get(&row.parent)
                .and_then(|above| branches.get_mut(*above));
            if let Some(above) = above {
                above.below.push(number);
            }
            numbers.insert(row.id, number);
            level.push(row.id);
            branches.push(Branch {
                id: row.id,
                name: row.name,
                below: Vec::new(),
            });
        }
    }
    Ok(branches)
}

fn statistics(
    tx: &mut Tx<'_>,
    standing: &Standing,
    top: Place,
    now: Timestamp,
) -> Result<TreeStatistics, Failure> {
    let branches = branches(tx, standing, &top)?;
    let ids: Vec<FolderId> = branches.iter().map(|branch| branch.id).collect();
    let direct = branches.first().map_or(0, |branch| branch.below.len());
    let mut sum = TreeStatistics {
        folder: top.row.id,
        name: top.row.name,
        folders: u64::try_from(direct).unwrap_or(u64::MAX),
        documents: 0,
        locked: 0,
        raw_len: 0,
        registered: [0; 3],
    };
    let since = PERIODS.map(|period| Timestamp(now.0.saturating_sub(period)));
    let mut sight = Sight::new(standing, top.row.library, false);
    for part in trees::figures(tx, &ids, standing.user(), since)? {
        let owner = if part.own { standing.user() } else { UserId(0) };
        if sight.sees(tx, part.scope, owner)? {
            sum.documents += part.count;
            sum.locked += part.locked;
            sum.raw_len += part.raw_len;
            let registered = sum.registered.iter_mut().zip(part.registered);
            registered.for_each(|(sum, part)| *sum += part);
        }
    }
    Ok(sum)
}
