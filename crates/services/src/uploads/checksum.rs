//! What the sender says of the bytes of one call, and whether they are those.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// How a checksum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChecksumMethod {
    /// CRC-32, four bytes, the highest first.
    Crc32,
    /// SHA-1, against accidents only.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// The checksum that the bytes of one call must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// How it is computed.
    pub method: ChecksumMethod,
    /// What comes out.
    pub expected: Vec<u8>,
}

/// A checksum in the making.
pub(super) struct Proof {
    state: State,
    expected: Vec<u8>,
}

enum State {
    Crc32(crc32fast::Hasher),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Proof {
    pub(super) fn of(checksum: Checksum) -> Self {
        let state = match checksum.method {
            ChecksumMethod::Crc32 => State::Crc32(crc32fast::Hasher::new()),
            ChecksumMethod::Sha1 => State::Sha1(Sha1::new()),
            ChecksumMethod::Sha256 => State::Sha256(Sha256::new()),
        };
        Self {
            state,
            expected: checksum.expected,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc32(hasher) => hasher.update(bytes),
            State::Sha1(hasher) => hasher.update(bytes),
            State::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// Whether the bytes seen are those that were meant.
    pub(super) fn holds(self) -> bool {
        let found = match self.state {
            State::Crc32(hasher) => hasher.finalize().to_be_bytes().to_vec(),
            State::Sha1(hasher) => hasher.finalize().to_vec(),
            State::Sha256(hasher) => hasher.finalize().to_vec(),
        };
        found == self.expected
    }
}
