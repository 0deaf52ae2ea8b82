//! The standings of recent users, each good for the epoch of the access lists that it was computed in.

use super::standing::Standing;
use holdall_catalog::{CatalogError, Tx};
use holdall_model::UserId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Users remembered.
const MOST_USERS: usize = 10_000;

/// Rights by list remembered for all users together, about 32 bytes each.
const MOST_RIGHTS: usize = 1_000_000;

/// Remembers standings. Only readers put any in: what a writer sees may be rolled back, and its epoch used again.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    by_user: Mutex<HashMap<UserId, (i64, Arc<Standing>)>>,
    rights: Arc<AtomicUsize>,
    only_own_libraries: bool,
}

impl Standings {
    /// Of users who learn of all libraries, or only of their own and open ones.
    pub(crate) fn new(only_own_libraries: bool) -> Self {
        Self {
            only_own_libraries,
            ..Self::default()
        }
    }

    /// A user's standing in the snapshot of a read transaction.
    pub(crate) fn of(&self, tx: &mut Tx<'_>, user: UserId) -> Result<Arc<Standing>, CatalogError> {
        let epoch = tx.authz_epoch()?;
        if let Some(standing) = self.find(user, epoch) {
            return Ok(standing);
        }
        let standing = Arc::new(self.load(tx, user, Arc::clone(&self.rights))?);
        self.put(user, epoch, &standing);
        Ok(standing)
    }

    /// A user's standing in a write transaction, as it is at this moment of it.
    pub(crate) fn in_write(&self, tx: &mut Tx<'_>, user: UserId) -> Result<Standing, CatalogError> {
        let epoch = tx.authz_epoch()?;
        match self.find(user, epoch) {
            Some(standing) => Ok(standing.for_writer()),
            None => Ok(self.load(tx, user, Arc::default())?.for_writer()),
        }
    }

    fn load(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        rights: Arc<AtomicUsize>,
    ) -> Result<Standing, CatalogError> {
        let standing = Standing::load(tx, user, rights)?;
        Ok(standing.knowing_only_own(self.only_own_libraries))
    }

    fn find(&self, user: UserId, epoch: i64) -> Option<Arc<Standing>> {
        let (computed_in, standing) = self.lock().get(&user).cloned()?;
        (computed_in == epoch).then_some(standing)
    }

    fn put(&self, user: UserId, epoch: i64, standing: &Arc<Standing>) {
        let mut by_user = self.lock();
        if by_user.len() >= MOST_USERS || self.rights.load(Ordering::Relaxed) > MOST_RIGHTS {
            by_user.clear();
            self.rights.store(0, Ordering::Relaxed);
        }
        let outdated = by_user.get(&user).is_some_and(|(known, _)| *known > epoch);
        if !outdated {
            by_user.insert(user, (epoch, Arc::clone(standing)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, (i64, Arc<Standing>)>> {
        self.by_user.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
