//! Tickets and handles: 128 random bits for their owner, a digest for the catalog, which is all that is ever stored.

use crate::Failure;
use holdall_model::{Digest, Guid};
use sha2::{Digest as _, Sha256};

/// A new secret; all 128 bits are random.
pub(crate) fn new_secret() -> Result<Guid, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Failure::internal)?;
    Ok(Guid::from_bytes(bytes))
}

/// What is stored in a secret's place.
pub(crate) fn digest_of(secret: &Guid) -> Digest {
    sha256(secret.as_bytes())
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}
