//! Limits: how much one archive may hold, and how many stagings one user may run.

use super::selection::Selection;
use crate::{Failure, Skip};
use holdall_model::UserId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::OnTrouble;

/// Stagings that one user may have running at once.
const MOST_AT_ONCE: u64 = 4;

/// What administrators allow in one archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Whether archives may be staged at all.
    pub enabled: bool,
    /// The most documents; zero is unlimited.
    pub max_count: u64,
    /// The most raw bytes; zero is unlimited.
    pub max_len: u64,
}

/// What administrators allow in one archive, as those who stage are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StagingLimits {
    /// The most documents; `None` is unlimited.
    pub documents: Option<u64>,
    /// The most raw bytes; `None` is unlimited.
    pub raw_len: Option<u64>,
}

/// What an admitted selection comes to.
#[derive(Debug)]
pub(super) struct Admitted {
    /// Documents that are included.
    pub documents: u64,
    /// The sum of their raw lengths in bytes.
    pub raw_len: u64,
    /// What was allowed.
    pub allowed: StagingLimits,
    /// What is left out.
    pub skips: Vec<Skip>,
}

impl Limits {
    /// Fails if the selection is too large, or holds what it must not. Zero documents are fine only if nothing had to be
    /// left out: then the folders are empty.
    pub(super) fn admit(&self, selection: &Selection, on_trouble: OnTrouble) -> Result<Admitted, Failure> {
        let (documents, raw_len) = selection.included();
        let exceeds = |value: u64, max: u64| max > 0 && value > max;
        if exceeds(documents, self.max_count) || exceeds(raw_len, self.max_len) {
            return Err(Failure::OverStagingLimits {
                count: documents,
                raw_len,
                max_count: self.max_count,
                max_len: self.max_len,
            });
        }
        let skips = selection.skips();
        if !skips.is_empty() && (documents == 0 || on_trouble == OnTrouble::Fail) {
            return Err(Failure::Incomplete(skips));
        }
        Ok(Admitted {
            documents,
            raw_len,
            allowed: self.shown(),
            skips,
        })
    }

    fn shown(&self) -> StagingLimits {
        let shown = |max: u64| (max > 0).then_some(max);
        StagingLimits {
            documents: shown(self.max_count),
            raw_len: shown(self.max_len),
        }
    }
}

/// Who is staging at the moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    running: Arc<Mutex<HashMap<UserId, u64>>>,
}

/// A running staging; over when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Turns,
    user: UserId,
}

impl Turns {
    /// Lets a user stage, or fails with [`Failure::QuotaReached`].
    pub(super) fn take(&self, user: UserId) -> Result<Turn, Failure> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(user).or_default();
        if *count >= MOST_AT_ONCE {
            return Err(Failure::QuotaReached {
                what: "stagings at once",
                most: MOST_AT_ONCE,
            });
        }
        *count += 1;
        Ok(Turn {
            turns: self.clone(),
            user,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.turns.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = running.entry(self.user) {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_AT_ONCE, Turns};
    use crate::Failure;
    use holdall_model::UserId;

    #[test]
    fn s19_a_user_has_four_turns_and_gets_them_back() {
        let turns = Turns::default();
        let mut held: Vec<_> = (0..MOST_AT_ONCE)
            .map(|_| turns.take(UserId(100)).unwrap())
            .collect();
        assert!(matches!(
            turns.take(UserId(100)),
            Err(Failure::QuotaReached {
                most: MOST_AT_ONCE,
                ..
            })
        ));
        assert!(turns.take(UserId(101)).is_ok());
        held.pop();
        assert!(turns.take(UserId(100)).is_ok());
        held.clear();
        assert!(turns.running.lock().unwrap().is_empty());
    }
}
