//! How much there is of everything.

use super::Settings;
use crate::access::Standing;
use crate::people::require_administrator;
use crate::{Caller, Failure};
use holdall_catalog::{Tx, statistics as rows};
use holdall_model::Timestamp;
use std::time::Duration;

const MONTH: Duration = Duration::from_hours(30 * 24);

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Accounts that may be used, without the built-in administrator.
    pub enabled_users: u64,
    /// Accounts that may not be used.
    pub disabled_users: u64,
    /// Documents that are stored, also those in recycle bins.
    pub documents: u64,
    /// The sum of the lengths of all their versions in bytes, however little of it takes up space.
    pub raw_len: u64,
    /// Documents that are locked.
    pub locked_documents: u64,
    /// Documents that were first uploaded in the last 30, 60 and 90 days.
    pub registered: [u64; 3],
}

impl Settings {
    /// Counts and sums over the whole house, as they are at one moment. For administrators.
    pub async fn statistics(&self, caller: &Caller) -> Result<Statistics, Failure> {
        let now = self.house.clock.now();
        let count = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let users = rows::users(tx)?;
            let documents = rows::documents(tx, [1, 2, 3].map(|months| before(now, months)))?;
            Ok(Statistics {
                enabled_users: users.enabled,
                disabled_users: users.total.saturating_sub(users.enabled),
                documents: documents.total,
                raw_len: documents.raw_len,
                locked_documents: documents.locked,
                registered: documents.registered_since,
            })
        };
        self.house.read_as(caller, count).await
    }
}

/// The instant so many times 30 days before another.
fn before(now: Timestamp, months: u32) -> Timestamp {
    let span = i64::try_from((MONTH * months).as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(span))
}
