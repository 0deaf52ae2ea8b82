//! What lies in recycle bins for longer than administrators set goes on its way by itself.

use super::{purge, record};
use crate::house::House;
use crate::{Failure, settings};
use holdall_catalog::deletions::DeletionAction;
use holdall_catalog::recycled::{self as rows, RecycledItem};
use holdall_catalog::{Tx, purging};
use holdall_model::{Timestamp, UserId};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
/// The longest month, so that nothing goes early.
const MONTH: Duration = Duration::from_hours(31 * 24);
/// Items that change their bin in one transaction.
const MOVED_AT_ONCE: u64 = 1_000;
/// Items that are purged in one transaction; each may be a large folder.
const PURGED_AT_ONCE: u64 = 20;
/// Transactions of each kind in one run, so that other chores get their turn.
const MOST_BATCHES: usize = 100;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aged {
    /// Items that left a user's bin for the system's.
    pub(crate) moved: u64,
    /// Items that were purged.
    pub(crate) purged: u64,
}

/// Moves and purges what is due. May be killed anywhere, and goes on with the next run.
pub(crate) async fn age(house: &House) -> Result<Aged, Failure> {
    let now = house.clock.now();
    let settings = house.catalog.read(settings::current).await?;
    let mut aged = Aged::default();
    if let Some(before) = before(now, DAY, settings.recycled_move_days) {
        aged.moved = in_batches(house, MOVED_AT_ONCE, move |tx: &mut Tx<'_>| {
            move_on(tx, before, now)
        })
        .await?;
    }
    if let Some(before) = before(now, MONTH, settings.recycled_purge_months) {
        aged.purged = in_batches(house, PURGED_AT_ONCE, move |tx: &mut Tx<'_>| end(tx, before, now)).await?;
    }
    // No download lasts longer, so nobody asks any more.
    let ended = minus(now, house.options.download_cap.saturating_add(DAY));
    house
        .catalog
        .write(move |tx: &mut Tx<'_>| purging::forget(tx, ended))
        .await?;
    Ok(aged)
}

/// The instant before which something is due; `None` when it never is.
fn before(now: Timestamp, unit: Duration, count: u64) -> Option<Timestamp> {
    let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
    Some(minus(now, unit.saturating_mul(count)))
}

fn minus(now: Timestamp, duration: Duration) -> Timestamp {
    let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(milliseconds))
}

/// Repeats `step` until it has less to do than it may.
async fn in_batches(
    house: &House,
    most: u64,
    step: impl Fn(&mut Tx<'_>) -> Result<u64, Failure> + Copy + Send + 'static,
) -> Result<u64, Failure> {
    let mut total = 0;
    for _ in 0..MOST_BATCHES {
        let done = house.catalog.write(step).await?;
        total += done;
        if done < most {
            break;
        }
    }
    Ok(total)
}

fn move_on(tx: &mut Tx<'_>, before: Timestamp, now: Timestamp) -> Result<u64, Failure> {
    let found = rows::oldest(tx, false, before, MOVED_AT_ONCE)?;
    let items: Vec<RecycledItem> = found.iter().map(|row| row.noted.item).collect();
    rows::move_to_system(tx, &items, now)?;
    let who = (UserId::BUILT_IN_ADMINISTRATOR, now);
    record(tx, &found, DeletionAction::Emptied, who)?;
    u64::try_from(found.len()).map_err(Failure::internal)
}

fn end(tx: &mut Tx<'_>, before: Timestamp, now: Timestamp) -> Result<u64, Failure> {
    let found = rows::oldest(tx, true, before, PURGED_AT_ONCE)?;
    if !found.is_empty() {
        purge(tx, &found, (UserId::BUILT_IN_ADMINISTRATOR, now))?;
    }
    u64::try_from(found.len()).map_err(Failure::internal)
}
