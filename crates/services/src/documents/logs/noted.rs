//! Viewings on their way into the catalog. Reading a document does not wait for that: what gathers while one transaction runs
//! goes into the next one together.

use crate::Failure;
use crate::house::House;
use holdall_catalog::viewings::{self, Viewing};
use holdall_catalog::{Catalog, Tx};
use holdall_model::{DocumentId, UserId, VersionNumber};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

impl Noted {
    /// Returns when all that was noted so far is in the catalog. Nothing is noted twice if that fails.
    async fn write(&self, catalog: &Catalog) -> Result<(), Failure> {
        let alone = self.writing.lock().await;
        let noted = std::mem::take(&mut *self.waiting());
        if !noted.is_empty() {
            let insert = move |tx: &mut Tx<'_>| viewings::insert(tx, &noted);
            catalog.write(insert).await?;
        }
        drop(alone);
        Ok(())
    }

    /// As [`Self::write`], for when there is nobody to tell that it failed.
    async fn try_write(&self, catalog: &Catalog) {
        if let Err(failure) = self.write(catalog).await {
            tracing::error!(%failure, "viewings could not be noted");
        }
    }
}

impl House {
    /// Notes that a user was given the content of a version. It is among the documents used last at once, in the catalog a moment
    /// later, and in every log that is asked for from now on.
    pub(crate) fn note_viewing(&self, user: UserId, document: DocumentId, version: VersionNumber) {
        let at = self.clock.now();
        self.notes.note(user, document, at);
        let is_first = self.noted.add(Viewing {
            document,
            version,
            user,
            at,
        });
        if is_first {
            // The house itself must be free to close meanwhile.
            let (noted, catalog) = (Arc::clone(&self.noted), self.catalog.clone());
            tokio::spawn(async move { noted.try_write(&catalog).await });
        }
    }

    /// Returns when all that was noted so far is in the catalog. A store that takes no writes can still be read.
    pub(crate) async fn write_viewings(&self) {
        self.noted.try_write(&self.catalog).await;
    }
}
