//! A second connection in the very snapshot of the first, so that one long scan can use two cores.
//!
//! SQLite has no way to share a snapshot between connections. But all commits to a file are made by one thread of one
//! process (the lock in [`super::place`] sees to that), so two snapshots are the same if no commit was under way from before
//! the first until after the second.

use crate::engine::drivers::{Connection, Purpose};
use crate::engine::worker::Link;
use crate::{CatalogError, CatalogOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many commits there were, counted at their begin and at their end: odd while one is under way.
#[derive(Debug, Default)]
pub(crate) struct Commits(AtomicU64);

impl Commits {
    /// Counts a commit around `commit`.
    pub(crate) fn around<T>(&self, commit: impl FnOnce() -> T) -> T {
        self.0.fetch_add(1, Ordering::SeqCst);
        let outcome = commit();
        self.0.fetch_add(1, Ordering::SeqCst);
        outcome
    }

    /// The count, unless a commit is under way.
    fn settled(&self) -> Option<u64> {
        Some(self.0.load(Ordering::SeqCst)).filter(|count| count.is_multiple_of(2))
    }
}

/// A reader's second connection, opened when it is needed first.
pub(crate) struct Twin {
    link: Link,
    commits: Arc<Commits>,
    /// The count before the first connection took its snapshot.
    before: Option<u64>,
    is_possible: bool,
}

impl Twin {
    pub(crate) fn new(options: CatalogOptions, commits: Arc<Commits>) -> Self {
        Self {
            is_possible: matches!(options, CatalogOptions::Sqlite { .. }),
            link: Link::new(options, Purpose::Read),
            commits,
            before: None,
        }
    }

    /// To be called before the first connection begins its transaction.
    pub(crate) fn prepare(&mut self) {
        self.before = self.commits.settled();
    }

    /// The second connection in a transaction with the snapshot of the first; `None` when there was a commit since.
    pub(crate) fn begin(&mut self, first: &mut Connection) -> Result<Option<&mut Connection>, CatalogError> {
        // A snapshot is taken by the first read, which may be still to come.
        take_snapshot(first)?;
        if !self.is_possible || self.before.is_none() || self.commits.settled() != self.before {
            return Ok(None);
        }
        let connection = self.link.begin()?;
        let taken = take_snapshot(connection);
        if taken.is_ok() && self.commits.settled() == self.before {
            return Ok(self.link.connection());
        }
        self.end();
        taken.map(|()| None)
    }

    /// Ends the second connection's transaction.
    pub(crate) fn end(&mut self) {
        self.link.end();
    }
}

/// Makes a connection take its snapshot now, unless it did.
fn take_snapshot(connection: &mut Connection) -> Result<(), CatalogError> {
    connection.scan("SELECT value FROM counters LIMIT 1", &[], &mut |_row| false)
}
