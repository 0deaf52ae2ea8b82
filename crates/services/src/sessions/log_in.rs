//! The way in: a password is proven, a session begins.

use super::attempts::{self, Attempt, Delay};
use super::{Profile, Sessions, SignedIn};
use crate::Failure;
use crate::sessions::secrets::{digest_of, new_secret};
use holdall_catalog::people::{self, UserRow};
use holdall_catalog::sessions::{self as rows, NewSession};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{Digest, Guid, Timestamp, UserId, name_key};
use std::net::IpAddr;

impl Sessions {
    /// The user that has this login name and password.
    pub(super) async fn prove(
        &self,
        address: Option<IpAddr>,
        login: &str,
        password: &str,
    ) -> Result<UserRow, Failure> {
        let key = name_key(login.trim());
        let attempt = Attempt::new(&key, address);
        self.admit(&attempt).await?.wait().await;
        let found = self
            .house
            .catalog
            .read(move |tx| people::by_login(tx, &key))
            .await;
        let user = found.map_err(Failure::from)?;
        let hash = user
            .as_ref()
            .map(|user| user.password_hash.clone())
            .unwrap_or_default();
        let known = self
            .house
            .passwords
            .knows(password, &hash, self.house.clock.now());
        let fits = known || self.prove_slowly(&attempt, password, hash).await?;
        match user.filter(|user| fits && user.enabled) {
            None => {
                self.note_failure(attempt, self.house.clock.now()).await?;
                Err(Failure::NotAuthenticated)
            }
            Some(user) if user.id == UserId::BUILT_IN_ADMINISTRATOR => Err(Failure::TicketNotAllowed),
            Some(user) => Ok(user),
        }
    }

    async fn prove_slowly(&self, attempt: &Attempt, password: &str, hash: String) -> Result<bool, Failure> {
        let turn = self.house.passwords.wait().await?;
        // Again, now that it is this attempt's turn: those before it may have used the last ones up.
        self.admit(attempt).await?;
        turn.verify(password.to_owned(), hash, self.house.clock.now())
            .await
    }

    /// Whether a password has that hash, guarded against guessing as a login is. `subject` stands for what it opens, and must be no
    /// login name.
    pub(crate) async fn prove_secret(
        &self,
        subject: &str,
        address: Option<IpAddr>,
        password: &str,
        hash: &str,
    ) -> Result<bool, Failure> {
        let attempt = Attempt::new(subject, address);
        self.admit(&attempt).await?.wait().await;
        let now = self.house.clock.now();
        let known = self.house.passwords.knows(password, hash, now);
        let fits = known || self.prove_slowly(&attempt, password, hash.to_owned()).await?;
        if !fits {
            self.note_failure(attempt, self.house.clock.now()).await?;
        }
        Ok(fits)
    }

    /// How long an attempt has to wait.
    pub(super) async fn admit(&self, attempt: &Attempt) -> Result<Delay, Failure> {
        let (attempt, now) = (attempt.clone(), self.house.clock.now());
        self.house.catalog.read(move |tx| attempt.admit(tx, now)).await
    }

    /// Begins a session for a proven user, in place of an `old` one of the same user.
    pub(super) async fn begin(
        &self,
        user: UserRow,
        language: &str,
        old: Option<Guid>,
    ) -> Result<SignedIn, Failure> {
        let ticket = new_secret()?;
        let (now, digest, language) = (self.house.clock.now(), digest_of(&ticket), language.to_owned());
        let expires = now.plus(self.house.options.session_idle);
        let old = old.map(|old| digest_of(&old));
        let profile = Profile::of(&user);
        let insert = move |tx: &mut Tx<'_>| {
            // What the password was checked against may have changed meanwhile.
            let same = |row: &UserRow| row.enabled && row.password_hash == user.password_hash;
            people::user(tx, user.id)?
                .filter(same)
                .ok_or(Failure::NotAuthenticated)?;
            if let Some(old) = old {
                rows::remove_own(tx, &old, user.id)?;
            }
            insert(tx, user.id, (digest, &language), (now, expires))?;
            attempts::forgive(tx, &name_key(&user.login))?;
            Ok::<_, Failure>(())
        };
        let begun = self.house.catalog.write(insert).await;
        if let Some(old) = old {
            self.house.live_sessions.forget(&old);
        }
        begun?;
        Ok(SignedIn {
            ticket,
            profile,
            expires,
        })
    }
}

/// Inserts the session of a ticket's digest in a language, from its beginning to its end.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    user: UserId,
    (ticket, language): (Digest, &str),
    (created, expires): (Timestamp, Timestamp),
) -> Result<(), CatalogError> {
    let session = NewSession {
        ticket,
        user,
        language,
        created,
        expires,
    };
    rows::insert(tx, &session)?;
    people::note_logon(tx, user, created)
}
