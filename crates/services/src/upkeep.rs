//! Chores on the clock: what has expired goes. And whether the house is well.

mod health;

pub use health::{Ailment, Health};

use crate::downloads::{Downloads, PLANS};
use crate::folders::recycling::aging;
use crate::house::House;
use crate::kept::recent::keep_notes;
use crate::sessions::Sessions;
use crate::uploads::Uploads;
use crate::{Answers, Failure};
use holdall_catalog::downloads::ended;
use holdall_catalog::{CatalogError, Tx, deliveries, downloads, links};
use holdall_model::{Digest, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a plan must have been without a download before it goes: longer than any node takes from keeping a plan to
/// committing its row.
const GRACE: Duration = Duration::from_hours(1);

/// How long it is known of a download that it has ended.
const ENDED_KEPT: Duration = Duration::from_hours(24);

/// How long it is known what was sent of a download: 400 days.
const RECEIPTS_KEPT: Duration = Duration::from_hours(400 * 24);

/// What one run of the chores removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Downloads that were not used for too long.
    pub downloads: u64,
    /// Plans that no download refers to.
    pub plans: u64,
    /// Uploads that were not continued, or what was left of them.
    pub uploads: u64,
    /// Items that left users' recycle bins for the system's.
    pub recycled: u64,
    /// Items of the system's recycle bin that are gone for good.
    pub purged: u64,
}

/// The chores.
#[derive(Clone, Debug)]
pub struct Upkeep {
    house: Arc<House>,
    downloads: Downloads,
    uploads: Uploads,
    sessions: Sessions,
    /// Plans without a download, and since when that is known.
    unused: Arc<Mutex<HashMap<Digest, Timestamp>>>,
}

impl Upkeep {
    pub(crate) fn new(house: Arc<House>, downloads: Downloads, uploads: Uploads, sessions: Sessions) -> Self {
        Self {
            house,
            downloads,
            uploads,
            sessions,
            unused: Arc::default(),
        }
    }

    /// Removes everything transient that has expired. May be killed anywhere and run by several nodes at once.
    pub async fn expire(&self) -> Result<Expired, Failure> {
        let now = self.house.clock.now();
        let downloads = self
            .house
            .catalog
            .write(move |tx: &mut Tx<'_>| {
                ended::forget(tx, back(now, ENDED_KEPT))?;
                deliveries::forget(tx, back(now, RECEIPTS_KEPT))?;
                let ended = ended::end_expired(tx, now)?;
                links::expire(tx, now)?;
                Ok::<u64, CatalogError>(ended)
            })
            .await?;
        let plans = self.remove_unused_plans(now).await?;
        let uploads = self.uploads.expire().await?;
        self.sessions.expire().await?;
        Answers::new(Arc::clone(&self.house)).expire().await?;
        keep_notes(&self.house).await?;
        let aged = aging::age(&self.house).await?;
        Ok(Expired {
            downloads,
            plans,
            uploads,
            recycled: aged.moved,
            purged: aged.purged,
        })
    }

    /// Removes the plans that have had no download for the grace. Nobody stages meanwhile, because a plan that is about to
    /// go may not be shared.
    async fn remove_unused_plans(&self, now: Timestamp) -> Result<u64, Failure> {
        let blobs = self.house.blobs.clone();
        let kept = blocking(move || blobs.list_objects(PLANS)).await?;
        let held = self.downloads.hold_plans().await;
        let used = self
            .house
            .catalog
            .read(|tx: &mut Tx<'_>| downloads::plans_in_use(tx))
            .await?;
        let condemned = self.condemn(&kept, used, now);
        let blobs = self.house.blobs.clone();
        let remove = move || {
            condemned.iter().try_fold(0_u64, |removed, plan| {
                Ok(removed + u64::from(blobs.remove_object(PLANS, plan)?))
            })
        };
        let removed = blocking(remove).await?;
        drop(held);
        Ok(removed)
    }

    /// The plans whose grace is over; starts the grace of others.
    fn condemn(&self, kept: &[Digest], used: Vec<Digest>, now: Timestamp) -> Vec<Digest> {
        let used: HashSet<Digest> = used.into_iter().collect();
        let mut known = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        let unused: HashMap<Digest, Timestamp> = kept
            .iter()
            .filter(|plan| !used.contains(plan))
            .map(|plan| (*plan, known.get(plan).copied().unwrap_or(now)))
            .collect();
        *known = unused;
        known
            .iter()
            .filter(|(_, since)| now >= since.plus(GRACE))
            .map(|(plan, _)| *plan)
            .collect()
    }
}

/// The instant so long before another one.
fn back(now: Timestamp, duration: Duration) -> Timestamp {
    let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(milliseconds))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, holdall_blobs::BlobError> + Send + 'static,
) -> Result<T, Failure> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .map_err(Failure::internal)??)
}
