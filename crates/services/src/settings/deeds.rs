//! Who did what.

use super::Settings;
use crate::access::Standing;
use crate::people::require_administrator;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, RecordedDeed};

impl Settings {
    /// At most so many recorded deeds with numbers below `before`, the latest first. For administrators.
    pub async fn deeds(&self, caller: &Caller, before: i64, most: u64) -> Result<Vec<RecordedDeed>, Failure> {
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            Ok(audit::latest(tx, before, most)?)
        };
        self.house.read_as(caller, list).await
    }
}
