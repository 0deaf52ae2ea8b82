//! How many downloads are sent to each user at this moment.

use crate::Failure;
use holdall_model::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The counts of all users.
#[derive(Debug, Default)]
pub(crate) struct Running {
    counts: Mutex<HashMap<UserId, usize>>,
}

/// A download that is being sent, until this is dropped.
#[derive(Debug)]
pub(super) struct RunningDownload {
    running: Arc<Running>,
    user: UserId,
}

impl Running {
    /// Counts one more. [`Failure::TooManyRunning`] when there are `most` already.
    pub(super) fn enter(self: &Arc<Self>, user: UserId, most: usize) -> Result<RunningDownload, Failure> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&user).copied().unwrap_or_default();
        if count >= most {
            return Err(Failure::TooManyRunning { most });
        }
        counts.insert(user, count + 1);
        Ok(RunningDownload {
            running: Arc::clone(self),
            user,
        })
    }
}

impl Drop for RunningDownload {
    fn drop(&mut self) {
        let mut counts = self.running.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
    }
}
