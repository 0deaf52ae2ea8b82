//! Viewings on their way into the catalog. Reading a document does not wait for that: what gathers while one transaction runs
//! goes into the next one together.

use crate::house::House;
use holdall_catalog::Tx;
use holdall_catalog::viewings::{self, Viewing};
use holdall_model::{DocumentId, UserId, VersionNumber};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The most that wait at a time; when the catalog takes none for so long, further ones are lost.
const MOST_WAITING: usize = 100_000;

/// Viewings that are not in the catalog yet.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    waiting: Mutex<Vec<Viewing>>,
    writing: tokio::sync::Mutex<()>,
}

impl Noted {
    fn waiting(&self) -> MutexGuard<'_, Vec<Viewing>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one; whether it is the first to wait.
    fn add(&self, viewing: Viewing) -> bool {
        let mut waiting = self.waiting();
        if waiting.len() < MOST_WAITING {
            waiting.push(viewing);
        }
        waiting.len() == 1
    }
}

impl House {
    /// Notes that a user was given the content of a version. It is among the documents used last at once, in the catalog a moment
    /// later, and in every log that is asked for from now on.
    pub(crate) fn note_viewing(self: &Arc<Self>, user: UserId, document: DocumentId, version: VersionNumber) {
        let at = self.clock.now();
        self.notes.note(user, document, at);
        let is_first = self.noted.add(Viewing {
            document,
            version,
            user,
            at,
        });
        if is_first {
            tokio::spawn(write(Arc::clone(&self.noted), Arc::downgrade(self)));
        }
    }

    /// Returns when all that was noted so far is in the catalog. A store that takes no writes can still be read.
    pub(crate) async fn write_viewings(self: &Arc<Self>) {
        write(Arc::clone(&self.noted), Arc::downgrade(self)).await;
    }
}

/// Writes what waits, after who writes already. Keeps the house open while it writes, not while it waits. Nothing is noted twice
/// if that fails.
async fn write(noted: Arc<Noted>, house: Weak<House>) {
    let alone = noted.writing.lock().await;
    let viewings = std::mem::take(&mut *noted.waiting());
    if let Some(house) = house.upgrade().filter(|_| !viewings.is_empty()) {
        let insert = move |tx: &mut Tx<'_>| viewings::insert(tx, &viewings);
        if let Err(failure) = house.catalog.write(insert).await {
            tracing::error!(%failure, "viewings could not be noted");
        }
    }
    drop(alone);
}
