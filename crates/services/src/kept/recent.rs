//! The documents that each user used last. Noting one costs no write: what was noted is kept in memory until the list is
//! asked for or the chores run. A crash between loses it, which is no more than a convenience.

use crate::access::Standing;
use crate::documents::DocumentView;
use crate::house::House;
use crate::kept::show;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::kept as rows;
use holdall_model::{DocumentId, Timestamp, UserId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many documents the list shows.
const MOST_SHOWN: usize = 20;

/// How many are remembered of a user, as some of them may be deleted or no longer visible.
const MOST_KEPT: i64 = 100;

/// How many are held in memory; what comes on top is not noted.
const MOST_HELD: usize = 100_000;

/// What was used and is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<HashMap<(UserId, DocumentId), Timestamp>>);

impl Notes {
    /// Notes that a user stored or opened a document.
    pub(crate) fn note(&self, user: UserId, document: DocumentId, at: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() < MOST_HELD {
            held.insert((user, document), at);
        }
    }

    fn take(&self) -> Vec<(UserId, DocumentId, Timestamp)> {
        let held = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut taken: Vec<_> = held
            .into_iter()
            .map(|((user, document), at)| (user, document, at))
            .collect();
        taken.sort_unstable();
        taken
    }
}

/// Writes what was noted. Nothing is noted twice if that fails.
pub(crate) async fn keep_notes(house: &House) -> Result<(), Failure> {
    let notes = house.notes.take();
    if notes.is_empty() {
        return Ok(());
    }
    let keep = move |tx: &mut Tx<'_>| rows::see(tx, &notes, MOST_KEPT).map_err(Failure::from);
    house.catalog.write(keep).await
}

/// The documents that each user stored or opened last.
#[derive(Clone, Debug)]
pub struct Recent {
    house: Arc<House>,
}

impl Recent {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// The last 20 documents that the caller stored or opened by itself and may still see, the latest first.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<DocumentView>, Failure> {
        if let Err(failure) = keep_notes(&self.house).await {
            // A store that takes no writes can still be read.
            tracing::warn!(%failure, "the documents used last could not be written");
        }
        let user = caller.user();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let documents = rows::recent(tx, user)?;
            let mut shown = show(tx, standing, Vec::new(), documents)?.documents;
            shown.truncate(MOST_SHOWN);
            Ok(shown)
        };
        self.house.read_as(caller, list).await
    }
}
