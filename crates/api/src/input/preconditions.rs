//! `If-Match` and `If-None-Match` on changes (RFC 9110 section 13), against the entity tag of what is there now.

use crate::conditions;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;

/// What a request wants to be true before anything changes.
#[derive(Clone, Debug)]
pub(crate) struct Preconditions(HeaderMap);

impl<S: Sync> FromRequestParts<S> for Preconditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let mut wanted = HeaderMap::new();
        for name in [IF_MATCH, IF_NONE_MATCH] {
            for value in parts.headers.get_all(&name) {
                wanted.append(&name, value.clone());
            }
        }
        Ok(Self(wanted))
    }
}

impl Preconditions {
    /// Whether anything is wanted; if not, nothing need be looked up.
    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether they hold for what is there now, which has this entity tag; `None` when nothing is there.
    pub(crate) fn hold(&self, etag: Option<&str>) -> bool {
        conditions::change_allowed(&self.0, etag)
    }

    /// Fails with 412 unless they hold.
    pub(crate) fn require(&self, etag: Option<&str>) -> Result<(), Problem> {
        if self.hold(etag) {
            Ok(())
        } else {
            Err(Problem::precondition_failed())
        }
    }
}

/// The strong entity tag of a JSON representation, quoted.
pub(crate) fn tag_of(representation: &impl Serialize) -> String {
    tag_of_bytes(&serde_json::to_vec(representation).unwrap_or_default())
}

/// The strong entity tag of some bytes, quoted: 128 bits of their SHA-256.
pub(crate) fn tag_of_bytes(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let half: u128 = digest
        .iter()
        .take(16)
        .fold(0, |sum, byte| (sum << 8) | u128::from(*byte));
    format!("\"{half:032x}\"")
}
