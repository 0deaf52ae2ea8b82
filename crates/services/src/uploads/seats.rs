//! Who fills an upload: one at a time, and whoever comes last, because a sender comes back before its broken line is noticed.

use crate::Failure;
use holdall_model::UploadId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How long a newcomer waits for the one before to keep what it has.
const PATIENCE: Duration = Duration::from_secs(10);

/// The seats of all uploads that somebody fills or looks at.
#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: Mutex<HashMap<UploadId, Weak<Shared>>>,
}

/// What those who want the same seat share.
#[derive(Debug)]
struct Shared {
    one: Arc<Semaphore>,
    waiting: AtomicUsize,
    called: Notify,
}

/// The right to change an upload, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

/// Somebody in the queue, also when its call is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Seats {
    /// Asks whoever has the seat to leave it and waits. [`Failure::UploadBusy`] when they do not within 10 seconds, because the
    /// document is being stored.
    pub(super) async fn take(&self, upload: UploadId) -> Result<Seat, Failure> {
        let shared = self.shared(upload);
        let permit = {
            shared.waiting.fetch_add(1, Ordering::SeqCst);
            let _waiting = Waiting(&shared.waiting);
            shared.called.notify_one();
            tokio::time::timeout(PATIENCE, Arc::clone(&shared.one).acquire_owned()).await
        };
        let permit = permit
            .map_err(|_elapsed| Failure::UploadBusy)?
            .map_err(Failure::internal)?;
        Ok(Seat {
            shared,
            _permit: permit,
        })
    }

    fn shared(&self, upload: UploadId) -> Arc<Shared> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = taken.get(&upload).and_then(Weak::upgrade) {
            return shared;
        }
        taken.retain(|_, shared| shared.strong_count() > 0);
        let shared = Arc::new(Shared {
            one: Arc::new(Semaphore::new(1)),
            waiting: AtomicUsize::new(0),
            called: Notify::new(),
        });
        taken.insert(upload, Arc::downgrade(&shared));
        shared
    }
}

impl Seat {
    /// Returns when somebody else wants the seat.
    pub(super) async fn wanted(&self) {
        while self.shared.waiting.load(Ordering::SeqCst) == 0 {
            self.shared.called.notified().await;
        }
    }
}
