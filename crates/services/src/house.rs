//! What all services share: the stores, the clock and what is remembered between calls.

use crate::access::{Standing, Standings};
use crate::documents::logs::Noted;
use crate::downloads::Ledger;
use crate::kept::recent::Notes;
use crate::people::Passwords;
use crate::sessions::LiveSessions;
use crate::{Caller, Failure, TrustedPassword};
use holdall_blobs::Blobs;
use holdall_catalog::{Catalog, Tx};
use holdall_model::Clock;
use std::fmt;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// How the services behave; not what administrators set while they run, which is [`crate::GeneralSettings`].
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// Where unfinished uploads are kept. The folder must exist.
    pub directory: PathBuf,
    /// How long a session lasts without use: 30 days (CONTRACT section 2).
    pub session_idle: Duration,
    /// How long a session lasts at most, used or not: 90 days.
    pub session_cap: Duration,
    /// How long a download lasts without use: 24 hours.
    pub download_idle: Duration,
    /// How long a download lasts at most, used or not: 7 days.
    pub download_cap: Duration,
    /// How many live downloads a user may have: 100.
    pub downloads_per_user: u64,
    /// How many downloads are sent to one user at the same time: 64.
    pub downloads_at_once: usize,
    /// How many bytes in a second all downloads share, each user alike; without it as many as go.
    pub egress_limit: Option<NonZeroU64>,
    /// How many bytes of the disk should be free: 256 MiB.
    pub least_free_len: u64,
    /// For what password a server gets tickets for users; for none.
    pub trusted_password: Option<TrustedPassword>,
    /// Whether users learn only of libraries that they are members of or that are open to everybody: no. What is in the others
    /// they never see.
    pub only_own_libraries: bool,
}

impl ServiceOptions {
    /// The defaults, with unfinished uploads below `directory`.
    pub fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            session_idle: 30 * DAY,
            session_cap: 90 * DAY,
            download_idle: DAY,
            download_cap: 7 * DAY,
            downloads_per_user: 100,
            downloads_at_once: 64,
            egress_limit: None,
            least_free_len: 256 << 20,
            trusted_password: None,
            only_own_libraries: false,
        }
    }
}

/// The shared state behind every service.
pub(crate) struct House {
    pub(crate) catalog: Catalog,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: ServiceOptions,
    /// Where unfinished uploads are kept.
    pub(crate) directory: PathBuf,
    pub(crate) standings: Arc<Standings>,
    pub(crate) live_sessions: LiveSessions,
    pub(crate) passwords: Passwords,
    pub(crate) notes: Notes,
    pub(crate) noted: Arc<Noted>,
    pub(crate) ledger: Arc<Ledger>,
}

impl fmt::Debug for House {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("House")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl House {
    pub(crate) fn new(
        catalog: Catalog,
        blobs: Blobs,
        clock: Arc<dyn Clock>,
        options: ServiceOptions,
    ) -> Self {
        Self {
            catalog,
            blobs,
            clock,
            directory: options.directory.clone(),
            standings: Arc::new(Standings::new(options.only_own_libraries)),
            options,
            live_sessions: LiveSessions::default(),
            passwords: Passwords::default(),
            notes: Notes::default(),
            noted: Arc::default(),
            ledger: Arc::default(),
        }
    }

    /// Runs `work` in one snapshot, with what the caller may do in that snapshot.
    pub(crate) async fn read_as<T: Send + 'static>(
        &self,
        caller: &Caller,
        work: impl FnOnce(&mut Tx<'_>, &Standing) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (standings, user) = (Arc::clone(&self.standings), caller.user());
        let work = move |tx: &mut Tx<'_>| {
            let standing = standings.of(tx, user)?;
            work(tx, &standing)
        };
        self.catalog.read(work).await
    }

    /// Runs `work` in one transaction, with what the caller may do at its start.
    pub(crate) async fn write_as<T: Send + 'static>(
        &self,
        caller: &Caller,
        work: impl FnOnce(&mut Tx<'_>, &Standing) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (standings, user, condition) = (Arc::clone(&self.standings), caller.user(), caller.condition());
        let work = move |tx: &mut Tx<'_>| {
            let standing = standings.in_write(tx, user)?;
            if let Some(condition) = condition {
                condition.require(tx, &standing)?;
            }
            work(tx, &standing)
        };
        self.catalog.write(work).await
    }

    /// As [`Self::write_as`], for a thread outside the runtime.
    pub(crate) fn write_as_blocking<T: Send + 'static>(
        &self,
        caller: &Caller,
        work: impl FnOnce(&mut Tx<'_>, &Standing) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (standings, user, condition) = (Arc::clone(&self.standings), caller.user(), caller.condition());
        let work = move |tx: &mut Tx<'_>| {
            let standing = standings.in_write(tx, user)?;
            if let Some(condition) = condition {
                condition.require(tx, &standing)?;
            }
            work(tx, &standing)
        };
        self.catalog.write_blocking(work)
    }
}
