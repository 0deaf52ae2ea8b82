//! The sessions used within the last second, so that a busy one costs no database call.

use crate::Caller;
use holdall_model::{Digest, Timestamp, UserId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Sessions remembered; when there are more, all are looked up again.
const MOST: usize = 100_000;

/// A session that was live when it was looked up.
#[derive(Debug)]
pub(super) struct Live {
    caller: Caller,
    looked_up: Timestamp,
    trusted_until: Timestamp,
}

impl Live {
    pub(super) fn new(caller: Caller, looked_up: Timestamp, trusted_until: Timestamp) -> Self {
        Self {
            caller,
            looked_up,
            trusted_until,
        }
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whether it may be taken for live without looking; not when the clock was set back.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        (self.looked_up..self.trusted_until).contains(&now)
    }
}

/// The live sessions by the digest of their ticket.
#[derive(Debug, Default)]
pub(crate) struct LiveSessions(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    by_ticket: HashMap<Digest, Arc<Live>>,
    /// Counts endings: what was looked up before one of them may be that very session.
    generation: u64,
}

impl LiveSessions {
    pub(super) fn find(&self, ticket: &Digest) -> Option<Arc<Live>> {
        self.read().by_ticket.get(ticket).cloned()
    }

    /// To be taken before a session is looked up, and given to [`Self::put`].
    pub(super) fn generation(&self) -> u64 {
        self.read().generation
    }

    /// Remembers a session, unless any has ended since `generation`.
    pub(super) fn put(&self, ticket: Digest, live: Live, generation: u64) {
        let mut state = self.write();
        if state.generation != generation {
            return;
        }
        if state.by_ticket.len() >= MOST {
            state.by_ticket.clear();
        }
        state.by_ticket.insert(ticket, Arc::new(live));
    }

    /// To be called after the end of a session is committed.
    pub(crate) fn forget(&self, ticket: &Digest) {
        let mut state = self.write();
        state.generation += 1;
        state.by_ticket.remove(ticket);
    }

    /// To be called after the end of all sessions of a user is committed.
    pub(crate) fn forget_user(&self, user: UserId) {
        let mut state = self.write();
        state.generation += 1;
        state.by_ticket.retain(|_, live| live.caller.user() != user);
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Live, LiveSessions};
    use crate::Caller;
    use holdall_model::{Digest, Timestamp, UserId};

    fn live(user: i64) -> Live {
        Live::new(
            Caller::new(UserId(user), String::new(), String::new()),
            Timestamp(10),
            Timestamp(20),
        )
    }

    #[test]
    fn s4_a_session_looked_up_before_an_ending_is_not_remembered_after_it() {
        let sessions = LiveSessions::default();
        let seen = sessions.generation();
        sessions.forget(&Digest([1; 32]));
        sessions.put(Digest([1; 32]), live(7), seen);
        assert!(sessions.find(&Digest([1; 32])).is_none());
        sessions.put(Digest([1; 32]), live(7), sessions.generation());
        assert!(sessions.find(&Digest([1; 32])).is_some());
    }

    #[test]
    fn s4_a_user_is_forgotten_whole_and_alone() {
        let sessions = LiveSessions::default();
        for (ticket, user) in [(1, 7), (2, 7), (3, 8)] {
            sessions.put(Digest([ticket; 32]), live(user), sessions.generation());
        }
        sessions.forget_user(UserId(7));
        let found = [1, 2, 3].map(|ticket| sessions.find(&Digest([ticket; 32])).is_some());
        assert_eq!(found, [false, false, true]);
    }

    #[test]
    fn trust_ends_and_does_not_reach_back() {
        let trusted = [9, 10, 19, 20].map(|now| live(7).is_fresh(Timestamp(now)));
        assert_eq!(trusted, [false, true, true, false]);
    }
}
