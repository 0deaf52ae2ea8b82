//! Tickets that another server gets for its users, without their passwords.

use super::attempts::{self, Attempt};
use super::secrets::{digest_of, new_secret, sha256};
use super::{Sessions, log_in};
use crate::people::is_administrator;
use crate::{Failure, people};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_model::{Digest, Guid, Timestamp};
use std::fmt;
use std::net::IpAddr;

/// The lengths of a trusted password in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=1024;

/// The secret for which a server gets tickets for users. Only its digest is kept, and nothing shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustedPassword(Digest);

impl TrustedPassword {
    /// A secret of 16 to 1,024 characters; others are [`Failure::Invalid`].
    pub fn new(text: &str) -> Result<Self, Failure> {
        if LENGTHS.contains(&text.chars().count()) {
            return Ok(Self(sha256(text.as_bytes())));
        }
        let (least, most) = (LENGTHS.start(), LENGTHS.end());
        let problem = format!("it must have {least} to {most} characters");
        Err(Failure::invalid("trusted password", problem))
    }

    /// How long the comparison takes tells about the digests only.
    fn fits(&self, text: &str) -> bool {
        self.0 == sha256(text.as_bytes())
    }
}

impl fmt::Debug for TrustedPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TrustedPassword")
    }
}

impl Sessions {
    /// Begins a session for an enabled user on behalf of who knows the trusted password, and records it.
    /// [`Failure::NotAuthenticated`] when there is no such user, or the password is wrong or none was set up; repeated failures
    /// of an address are slowed down, then [`Failure::TooManyAttempts`]. Administrators are [`Failure::TicketNotAllowed`]: who
    /// knows the trusted password must not become one.
    pub async fn create_for(
        &self,
        address: Option<IpAddr>,
        trusted_password: &str,
        login: &str,
    ) -> Result<Guid, Failure> {
        let origin = self.prove_trust(address, trusted_password).await?;
        let (login, ticket) = (login.to_owned(), new_secret()?);
        let (now, digest) = (self.house.clock.now(), digest_of(&ticket));
        let expires = now.plus(self.house.options.session_idle);
        let begin = move |tx: &mut Tx<'_>| {
            let user = match people::find_user(tx, &login) {
                Ok(user) if user.enabled => user,
                Ok(_) | Err(Failure::NotFound(_)) => return Err(Failure::NotAuthenticated),
                Err(failure) => return Err(failure),
            };
            if is_administrator(tx, user.id)? {
                return Err(Failure::TicketNotAllowed);
            }
            log_in::insert(tx, user.id, (digest, ""), (now, expires))?;
            attempts::forgive(tx, &origin)?;
            let deed = Deed {
                at: now,
                user: user.id,
                action: "ticket made with the trusted password",
                subject: &user.login,
                detail: &address.map(|address| address.to_string()).unwrap_or_default(),
            };
            audit::record(tx, deed)?;
            Ok(())
        };
        self.house.catalog.write(begin).await?;
        Ok(ticket)
    }

    /// Checks the trusted password; gives what stands for the origin among failed attempts.
    async fn prove_trust(&self, address: Option<IpAddr>, password: &str) -> Result<String, Failure> {
        let expected = self.house.options.trusted_password.as_ref();
        let expected = expected.ok_or(Failure::NotAuthenticated)?;
        // Counted for each address: strangers must not keep the trusted server out. No login name's key has capitals.
        let origin = format!("TRUSTED PASSWORD {address:?}");
        let attempt = Attempt::new(&origin, address);
        self.admit(&attempt).await?.wait().await;
        if expected.fits(password) {
            return Ok(origin);
        }
        self.note_failure(attempt, self.house.clock.now()).await?;
        Err(Failure::NotAuthenticated)
    }

    /// Counts a failed attempt.
    pub(super) async fn note_failure(&self, attempt: Attempt, now: Timestamp) -> Result<(), Failure> {
        metrics::counter!("holdall_sign_in_failures_total").increment(1);
        let note = move |tx: &mut Tx<'_>| attempt.note_failure(tx, now);
        self.house.catalog.write(note).await.map_err(Failure::from)
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedPassword;
    use crate::Failure;

    #[test]
    fn l10_a_trusted_password_is_long_and_shows_nowhere() {
        let secret = TrustedPassword::new("a secret of servers").unwrap();
        assert!(secret.fits("a secret of servers") && !secret.fits("a secret of Servers"));
        assert_eq!(format!("{secret:?}"), "TrustedPassword");
        assert!(matches!(
            TrustedPassword::new("fifteen letters"),
            Err(Failure::Invalid { .. })
        ));
    }
}
