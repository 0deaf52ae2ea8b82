//! The bearer token: every resource but the login asks for it.

use crate::problem::Problem;
use axum::extract::{FromRef, FromRequestParts};
use holdall_model::Guid;
use holdall_services::{Caller, Services};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;

/// A request with a live session.
#[derive(Debug)]
pub(crate) struct Signed {
    /// Who asks.
    pub caller: Caller,
    /// The session's token.
    pub ticket: Guid,
}

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    Services: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let services = Services::from_ref(state);
        let ticket = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let caller = services.sessions.authenticate(&ticket).await?;
        Ok(Self { caller, ticket })
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750 section 2.1); never from the query, where logs would keep it.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Guid> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Guid::parse(token))
        .flatten()
}
