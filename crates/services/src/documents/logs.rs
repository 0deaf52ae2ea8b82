//! Logs for people: who viewed documents, and what came in (CONTRACT section 16).

mod checkins;
mod noted;
mod views;

pub(crate) use checkins::require_auditor;
pub use checkins::{CheckInView, LogPeriod};
pub(crate) use noted::Noted;
pub use views::{UserViewing, VersionViewing};

use crate::house::House;
use std::sync::Arc;

/// The most entries of one answer; of more, the latest are shown.
pub(crate) const MOST_ENTRIES: u64 = 10_000;

/// The logs of the house.
#[derive(Clone, Debug)]
pub struct Logs {
    pub(crate) house: Arc<House>,
}

impl Logs {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Returns when every viewing so far, and what was sent of downloads, is in the catalog. To be called before the house closes, so
    /// that none is lost.
    pub async fn settle(&self) {
        self.house.write_deliveries().await;
        self.house.write_viewings().await;
    }
}
