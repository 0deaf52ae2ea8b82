//! Passwords that were proven a moment ago, so that a script that logs in for each call costs one slow hash and not hundreds.
//!
//! What is kept is a digest under a key that never leaves this process, of the password and of its stored hash: a changed
//! password is another hash and so never found, and failed attempts are never kept (docs/decisions/0009).

use holdall_model::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a proof counts.
const LASTS: Duration = Duration::from_mins(10);
/// Proofs kept at most; all are forgotten when there are more.
const MOST: usize = 10_000;

/// A proof: the keyed digest of a password and its stored hash.
type Proof = [u8; 32];

/// The proofs of the last minutes.
pub(super) struct Proven {
    key: Option<[u8; 32]>,
    until: Mutex<HashMap<Proof, Timestamp>>,
}

impl fmt::Debug for Proven {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Proven")
    }
}

impl Default for Proven {
    fn default() -> Self {
        let mut key = [0; 32];
        let drawn = getrandom::fill(&mut key).is_ok();
        Self {
            // Without randomness nothing is remembered.
            key: drawn.then_some(key),
            until: Mutex::default(),
        }
    }
}

impl Proven {
    /// Whether the password was proven against that hash in the last ten minutes.
    pub(super) fn knows(&self, password: &str, hash: &str, now: Timestamp) -> bool {
        let Some(proof) = self.proof(password, hash) else {
            return false;
        };
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.get(&proof).is_some_and(|until| now < *until)
    }

    /// Remembers that the password has that hash.
    pub(super) fn remember(&self, password: &str, hash: &str, now: Timestamp) {
        let Some(proof) = self.proof(password, hash) else {
            return;
        };
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= MOST {
            until.clear();
        }
        until.insert(proof, now.plus(LASTS));
    }

    /// The key is as long as a half block and the hash has no NUL, so that no two pairs give the same bytes.
    fn proof(&self, password: &str, hash: &str) -> Option<Proof> {
        let mut hasher = Sha256::new();
        hasher.update(self.key?);
        hasher.update(hash.as_bytes());
        hasher.update([0]);
        hasher.update(password.as_bytes());
        Some(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::{LASTS, MOST, Proven};
    use holdall_model::Timestamp;

    const NOW: Timestamp = Timestamp(1_000);

    #[test]
    fn s5_a_proof_counts_for_its_password_its_hash_and_ten_minutes() {
        let proven = Proven::default();
        assert!(!proven.knows("word", "$hash", NOW));
        proven.remember("word", "$hash", NOW);
        assert!(proven.knows("word", "$hash", NOW));
        for (password, hash) in [
            ("Word", "$hash"),
            ("", "$hash"),
            ("word", "$other"),
            ("word", ""),
            ("h", "$has"),
        ] {
            assert!(!proven.knows(password, hash, NOW), "{password} {hash}");
        }
        assert!(!proven.knows("word", "$hash", NOW.plus(LASTS)));
        assert!(!Proven::default().knows("word", "$hash", NOW));
    }

    #[test]
    fn l9_proofs_are_bounded() {
        let proven = Proven::default();
        for number in 0..=MOST {
            proven.remember(&number.to_string(), "$hash", NOW);
        }
        assert!(proven.until.lock().unwrap().len() <= MOST);
    }
}
