//! Sessions: who is who. The only maker of [`Caller`]s.
//!
//! A ticket is 128 random bits of which only the digest is stored. A session is looked up at most once a second; what ends it
//! takes effect at once in this process and within that second in others.

pub(crate) mod answers;
mod attempts;
mod live;
mod log_in;
mod own;
pub(crate) mod secrets;
mod trusted;

pub(crate) use live::LiveSessions;
pub use own::OwnSession;
pub use trusted::TrustedPassword;

use crate::access::ADMINISTRATORS;
use crate::house::House;
use crate::{Caller, Failure, Thing};
use holdall_catalog::people::{self, UserRow};
use holdall_catalog::sessions::{self as rows, SessionRow};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{Digest, Guid, Timestamp, UserId, name_key};
use live::Live;
use secrets::digest_of;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// How often a use of a session is written down (CONTRACT section 18).
const SLIDE_EVERY: Duration = Duration::from_mins(1);

/// How long a session is taken for live without looking: what other processes may lag behind.
const TRUST_FOR: Duration = Duration::from_secs(1);

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The id.
    pub user: UserId,
    /// The login name as it was registered.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email address, or empty.
    pub email: String,
}

impl Profile {
    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }

    fn of(user: &UserRow) -> Self {
        Self {
            user: user.id,
            login: user.login.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
        }
    }

    fn caller(&self) -> Caller {
        Caller::new(self.user, self.login.clone(), self.full_name())
    }
}

impl From<SessionRow> for Profile {
    fn from(row: SessionRow) -> Self {
        let SessionRow {
            user,
            login,
            first_name,
            last_name,
            email,
            ..
        } = row;
        Self {
            user,
            login,
            first_name,
            last_name,
            email,
        }
    }
}

/// A session that began.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The secret that stands for it.
    pub ticket: Guid,
    /// Whose it is.
    pub profile: Profile,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
}

/// The sessions of all users.
#[derive(Clone, Debug)]
pub struct Sessions {
    house: Arc<House>,
}

/// Names the user in the present span of the log, by number.
fn told(caller: Caller) -> Caller {
    tracing::Span::current().record("user", caller.user().0);
    caller
}

impl Sessions {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Begins a session for who knows the password of an enabled account; otherwise [`Failure::NotAuthenticated`], whatever the
    /// cause. Repeated failures of an account or an address are slowed down, then [`Failure::TooManyAttempts`].
    pub async fn log_in(
        &self,
        address: Option<IpAddr>,
        login: &str,
        password: &str,
        language: &str,
    ) -> Result<SignedIn, Failure> {
        let user = self.prove(address, login, password).await?;
        self.begin(user, language, None).await
    }

    /// As [`Self::log_in`]; the user's `old` session ends if it is live. Somebody else's stays.
    pub async fn renew(
        &self,
        address: Option<IpAddr>,
        (login, password): (&str, &str),
        language: &str,
        old: Option<Guid>,
    ) -> Result<SignedIn, Failure> {
        let user = self.prove(address, login, password).await?;
        self.begin(user, language, old).await
    }

    /// Who holds the ticket. The session's end moves later, which is written down at most once a minute.
    pub async fn authenticate(&self, ticket: &Guid) -> Result<Caller, Failure> {
        let (ticket, now) = (digest_of(ticket), self.house.clock.now());
        if let Some(live) = self.house.live_sessions.find(&ticket)
            && live.is_fresh(now)
        {
            return Ok(told(live.caller().clone()));
        }
        self.look_up(ticket, now).await.map(told)
    }

    /// Whose session it is and when it ends. Does not move its end.
    pub async fn peek(&self, ticket: &Guid) -> Result<(Profile, Timestamp), Failure> {
        let (ticket, now) = (digest_of(ticket), self.house.clock.now());
        let found = self
            .house
            .catalog
            .read(move |tx| rows::by_ticket(tx, &ticket, now))
            .await;
        let row = found.map_err(Failure::from)?.ok_or(Failure::SessionExpired)?;
        let expires = row.expires;
        Ok((row.into(), expires))
    }

    /// Ends a session at once. [`Failure::SessionExpired`] when it is not live.
    pub async fn log_out(&self, ticket: &Guid) -> Result<(), Failure> {
        let (ticket, now) = (digest_of(ticket), self.house.clock.now());
        let removed = self
            .house
            .catalog
            .write(move |tx| rows::remove(tx, &ticket, now))
            .await;
        self.house.live_sessions.forget(&ticket);
        if removed.map_err(Failure::from)? {
            Ok(())
        } else {
            Err(Failure::SessionExpired)
        }
    }

    /// Ends all sessions of a user at once.
    pub async fn end_all(&self, user: UserId) -> Result<(), Failure> {
        let ended = self
            .house
            .catalog
            .write(move |tx| rows::remove_of_user(tx, user))
            .await;
        self.house.live_sessions.forget_user(user);
        ended.map(|_count| ()).map_err(Failure::from)
    }

    /// Acts for an enabled account without its password: for the operator of the machine, never for an edge.
    pub async fn operator(&self, login: &str) -> Result<Caller, Failure> {
        let key = name_key(login.trim());
        let found = self
            .house
            .catalog
            .read(move |tx| people::by_login(tx, &key))
            .await;
        let user = found.map_err(Failure::from)?.filter(|user| user.enabled);
        user.map(|user| caller_of(&user))
            .ok_or(Failure::NotFound(Thing::User))
    }

    /// Acts for the first enabled administrator that can hold tickets: for the operator of the machine, never for an edge.
    pub async fn first_administrator(&self) -> Result<Option<Caller>, Failure> {
        let found = self
            .house
            .catalog
            .read(|tx| people::first_of_role(tx, ADMINISTRATORS))
            .await;
        Ok(found.map_err(Failure::from)?.map(|user| caller_of(&user)))
    }

    /// Drops ended sessions and old failures to log in.
    pub(crate) async fn expire(&self) -> Result<(), Failure> {
        let now = self.house.clock.now();
        let expire = move |tx: &mut Tx<'_>| {
            rows::remove_expired(tx, now)?;
            attempts::expire(tx, now)
        };
        self.house.catalog.write(expire).await.map_err(Failure::from)
    }

    /// Asks the catalog for a session, moves its end and remembers it.
    async fn look_up(&self, ticket: Digest, now: Timestamp) -> Result<Caller, Failure> {
        let seen = self.house.live_sessions.generation();
        let found = self
            .house
            .catalog
            .read(move |tx| rows::by_ticket(tx, &ticket, now))
            .await;
        let Some(row) = found.map_err(Failure::from)? else {
            self.house.live_sessions.forget(&ticket);
            return Err(Failure::SessionExpired);
        };
        let options = &self.house.options;
        let expires = now
            .plus(options.session_idle)
            .min(row.created.plus(options.session_cap));
        let slides = expires >= row.expires.plus(SLIDE_EVERY);
        if slides {
            self.slide(ticket, expires).await;
        }
        let ends = if slides { expires } else { row.expires };
        let caller = Profile::from(row).caller().in_session(ticket);
        let live = Live::new(caller, now, now.plus(TRUST_FOR).min(ends));
        let caller = live.caller().clone();
        self.house.live_sessions.put(ticket, live, seen);
        Ok(caller)
    }

    /// Writes the later end down. A catalog that cannot write now must not keep users from reading.
    async fn slide(&self, ticket: Digest, expires: Timestamp) {
        let slid: Result<(), CatalogError> = self
            .house
            .catalog
            .write(move |tx| rows::slide(tx, &ticket, expires))
            .await;
        if let Err(error) = slid {
            tracing::warn!(%error, "the end of a session was not moved");
        }
    }
}

fn caller_of(user: &UserRow) -> Caller {
    Profile::of(user).caller()
}
