//! The way in: a password is proven, a session begins.

use super::attempts::{self, Attempt, Delay};
use super::{Profile, Sessions, SignedIn};
use crate::Failure;
use crate::sessions::secrets::{digest_of, new_secret};
use holdall_catalog::Tx;
use holdall_catalog::people::{self, UserRow};
use holdall_catalog::sessions::{self as rows, NewSession};
use holdall_model::{Guid, UserId, name_key};
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
        let turn = self.house.passwords.wait().await?;
        // Again, now that it is this attempt's turn: those before it may have used the last ones up.
        self.admit(&attempt).await?;
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
        let fits = turn.verify(password.to_owned(), hash).await?;
        match user.filter(|user| fits && user.enabled) {
            None => {
                let now = self.house.clock.now();
                let note = move |tx: &mut Tx<'_>| attempt.note_failure(tx, now);
                self.house.catalog.write(note).await.map_err(Failure::from)?;
                Err(Failure::NotAuthenticated)
            }
            Some(user) if user.id == UserId::BUILT_IN_ADMINISTRATOR => Err(Failure::TicketNotAllowed),
            Some(user) => Ok(user),
        }
    }

    async fn admit(&self, attempt: &Attempt) -> Result<Delay, Failure> {
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
            let language = language.as_str();
            rows::insert(
                tx,
                &NewSession {
                    ticket: digest,
                    user: user.id,
                    language,
                    created: now,
                    expires,
                },
            )?;
            people::note_logon(tx, user.id, now)?;
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
