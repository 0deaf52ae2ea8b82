//! `If-Match` and `If-None-Match` on changes (RFC 9110 section 13), against the entity tag of what is there now.

use crate::conditions;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::{IntoParams, PartialSchema as _};

/// What a request wants to be true before anything changes.
#[derive(Clone, Debug)]
pub(crate) struct Preconditions(HeaderMap);

/// Their description.
impl IntoParams for Preconditions {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let described = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .schema(Some(String::schema()))
            .description(Some(
                "The entity tag that it must have now; otherwise nothing changes and the answer is 412.",
            ));
        vec![described.build()]
    }
}

impl<S: Sync> FromRequestParts<S> for Preconditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl Preconditions {
    /// Those of some headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut wanted = HeaderMap::new();
        for name in [IF_MATCH, IF_NONE_MATCH] {
            for value in headers.get_all(&name) {
                wanted.append(&name, value.clone());
            }
        }
        Self(wanted)
    }

    /// Whether anything is wanted; if not, nothing need be looked up.
    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether they hold for what is there now, which has this entity tag; `None` when nothing is there.
    pub(crate) fn hold(&self, etag: Option<&str>) -> bool {
        conditions::change_allowed(&self.0, etag)
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
