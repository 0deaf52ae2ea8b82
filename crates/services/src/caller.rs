//! Proof of who asks. Only `sessions` makes one, so a function that takes a caller cannot be reached by a stranger.

use holdall_model::{Digest, UserId};

/// An authenticated user. Rights are never cached in it: each call looks them up for the present moment.
#[derive(Clone, Debug)]
pub struct Caller {
    user: UserId,
    login: String,
    full_name: String,
    session: Option<Digest>,
}

impl Caller {
    /// For `sessions` only: the user behind a live ticket, or the operator of the machine.
    pub(crate) fn new(user: UserId, login: String, full_name: String) -> Self {
        Self {
            user,
            login,
            full_name,
            session: None,
        }
    }

    /// The same, known by the session of that ticket's digest.
    pub(crate) fn in_session(self, ticket: Digest) -> Self {
        Self {
            session: Some(ticket),
            ..self
        }
    }

    /// The digest of the ticket that the call came with; `None` for the operator of the machine.
    pub(crate) fn session(&self) -> Option<Digest> {
        self.session
    }

    /// Who asks.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The login name as it was registered.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// First and last name.
    pub fn full_name(&self) -> &str {
        &self.full_name
    }
}
