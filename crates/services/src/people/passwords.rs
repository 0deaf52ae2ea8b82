//! Passwords: Argon2id with 19 MiB, two passes and one lane, a few at a time so that logins cannot starve downloads.

use super::proven::Proven;
use crate::Failure;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use holdall_model::Timestamp;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hashes computed at once.
const AT_ONCE: usize = 2;

/// Hashes that may wait for their turn; more are [`Failure::Busy`].
const MOST_WAITING: usize = 64;

/// The shortest password in characters.
pub const SHORTEST_PASSWORD: usize = 8;

/// The lengths of a password in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = SHORTEST_PASSWORD..=1024;

/// Costs what a real hash costs, and no password has it.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The one gate to password hashing.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    proven: Arc<Proven>,
}

/// The right to compute one hash.
pub(crate) struct Turn {
    permit: OwnedSemaphorePermit,
    proven: Arc<Proven>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            proven: Arc::default(),
        }
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Turn")
    }
}

impl Passwords {
    /// Whether the password was proven to have that hash in the last ten minutes; costs nothing.
    pub(crate) fn knows(&self, password: &str, hash: &str, now: Timestamp) -> bool {
        self.proven.knows(password, hash, now)
    }

    /// The hash of a new password, which is refused when it is too short or too long.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        check(&password)?;
        self.wait().await?.hash(password).await
    }

    /// Waits for a turn, unless too many do already.
    pub(crate) async fn wait(&self) -> Result<Turn, Failure> {
        let _place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.turns).acquire_owned().await;
        Ok(Turn {
            permit: permit.map_err(Failure::internal)?,
            proven: Arc::clone(&self.proven),
        })
    }
}

/// A place in the queue, given up when the wait ends, however it ends.
struct Place<'q>(&'q AtomicUsize);

impl<'q> Place<'q> {
    fn take(waiting: &'q AtomicUsize) -> Result<Self, Failure> {
        let place = Self(waiting);
        if place.0.fetch_add(1, Ordering::SeqCst) >= AT_ONCE + MOST_WAITING {
            return Err(Failure::Busy);
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Turn {
    /// Whether a password has that hash, which is remembered for ten minutes if it does. An empty hash costs the same time and
    /// fits no password.
    pub(crate) async fn verify(
        self,
        password: String,
        hash: String,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let proven = Arc::clone(&self.proven);
        let verify = move || {
            let parsed = PasswordHash::new(if hash.is_empty() { NOBODYS } else { &hash });
            let parsed = parsed.map_err(Failure::internal)?;
            let proof = Argon2::default().verify_password(password.as_bytes(), &parsed);
            if proof.is_ok() {
                proven.remember(&password, &hash, now);
            }
            Ok(proof.is_ok())
        };
        self.compute(verify).await
    }

    /// The hash of a new password, which needs 8 to 1,024 characters.
    pub(crate) async fn hash(self, password: String) -> Result<String, Failure> {
        let hash = move || {
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(Failure::internal)
        };
        self.compute(hash).await
    }

    async fn compute<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = self.permit;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Failure::internal)?
    }
}

/// Fails when a new password is too short or too long.
pub(crate) fn check(password: &str) -> Result<(), Failure> {
    if LENGTHS.contains(&password.chars().count()) {
        return Ok(());
    }
    let (least, most) = (LENGTHS.start(), LENGTHS.end());
    Err(Failure::invalid(
        "password",
        format!("it must have {least} to {most} characters"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, MOST_WAITING, NOBODYS, Passwords, check};
    use crate::Failure;
    use argon2::Params;
    use argon2::password_hash::phc::PasswordHash;
    use holdall_model::Timestamp;

    const NOW: Timestamp = Timestamp(0);

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords
            .wait()
            .await
            .unwrap()
            .hash("correct horse".to_owned())
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        for (password, fits) in [("correct horse", true), ("Correct horse", false), ("", false)] {
            let turn = passwords.wait().await.unwrap();
            assert_eq!(
                turn.verify(password.to_owned(), hash.clone(), NOW).await.unwrap(),
                fits,
                "{password}"
            );
        }
    }

    #[tokio::test]
    async fn s5_an_empty_hash_costs_the_same_and_fits_nothing() {
        let parsed = PasswordHash::new(NOBODYS).unwrap();
        let (nobodys, real) = (Params::try_from(&parsed).unwrap(), Params::default());
        let costs = [&nobodys, &real].map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
        assert_eq!(costs[0], costs[1]);
        assert_eq!(parsed.hash.unwrap().as_ref().len(), Params::DEFAULT_OUTPUT_LEN);
        let turn = Passwords::default().wait().await.unwrap();
        assert!(!turn.verify(String::new(), String::new(), NOW).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_and_empties_again() {
        let passwords = Passwords::default();
        let turns = [passwords.wait().await.unwrap(), passwords.wait().await.unwrap()];
        let mut waits: Vec<_> = (0..AT_ONCE + MOST_WAITING)
            .map(|_| Box::pin(passwords.wait()))
            .collect();
        for wait in &mut waits {
            assert!(poll_once(wait).is_none());
        }
        assert!(matches!(passwords.wait().await, Err(Failure::Busy)));
        drop(waits);
        drop(turns);
        assert!(passwords.wait().await.is_ok());
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(future).poll(&mut context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn new_passwords_have_a_length() {
        assert!(check("12345678").is_ok() && check(&"ü".repeat(1024)).is_ok());
        for bad in ["", "1234567", &"x".repeat(1025)] {
            assert!(matches!(
                check(bad),
                Err(Failure::Invalid {
                    field: "password",
                    ..
                })
            ));
        }
    }
}
