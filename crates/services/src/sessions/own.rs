//! A user's own sessions: which there are, and their end.

use super::Sessions;
use crate::{Caller, Failure, Thing};
use holdall_catalog::{CatalogError, Tx, sessions as rows};
use holdall_model::{Digest, Timestamp};

/// A live session of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// What names it: 32 hexadecimal digits of the digest of its ticket, which do not open it.
    pub id: String,
    /// When it began.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl Sessions {
    /// The caller's live sessions, oldest first.
    pub async fn own(&self, caller: &Caller) -> Result<Vec<OwnSession>, Failure> {
        let current = caller.session();
        let found = self.digests(caller).await?.into_iter();
        let session = |(digest, created, expires)| OwnSession {
            id: id_of(&digest),
            created,
            expires,
            current: current == Some(digest),
        };
        Ok(found.map(session).collect())
    }

    /// Ends the caller's session of that id at once. One that is not there, or somebody else's, is not found.
    pub async fn end(&self, caller: &Caller, id: &str) -> Result<(), Failure> {
        let user = caller.user();
        let mut found = self.digests(caller).await?.into_iter();
        let (digest, ..) = found
            .find(|(digest, ..)| id_of(digest) == id)
            .ok_or(Failure::NotFound(Thing::Session))?;
        let ended = self
            .house
            .catalog
            .write(move |tx| rows::remove_own(tx, &digest, user))
            .await;
        self.house.live_sessions.forget(&digest);
        ended.map_err(Failure::from)
    }

    async fn digests(&self, caller: &Caller) -> Result<Vec<(Digest, Timestamp, Timestamp)>, Failure> {
        let (user, now) = (caller.user(), self.house.clock.now());
        let read = move |tx: &mut Tx<'_>| rows::of_user(tx, user, now);
        let found: Result<_, CatalogError> = self.house.catalog.read(read).await;
        found.map_err(Failure::from)
    }
}

fn id_of(digest: &Digest) -> String {
    let mut id = digest.to_string();
    id.truncate(32);
    id
}
