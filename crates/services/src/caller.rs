//! Proof of who asks. Only `sessions` makes one, so a function that takes a caller cannot be reached by a stranger.

use crate::Failure;
use crate::access::Standing;
use holdall_catalog::Tx;
use holdall_model::{Digest, UserId};
use std::fmt;
use std::sync::Arc;

/// An authenticated user. Rights are never cached in it: each call looks them up for the present moment.
#[derive(Clone, Debug)]
pub struct Caller {
    user: UserId,
    login: String,
    full_name: String,
    session: Option<Digest>,
    condition: Option<Condition>,
}

/// What must hold in the transaction of a change, looked at first.
#[derive(Clone)]
pub(crate) struct Condition(Arc<Check>);

type Check = dyn Fn(&mut Tx<'_>, &Standing) -> Result<bool, Failure> + Send + Sync;

impl fmt::Debug for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Condition").finish_non_exhaustive()
    }
}

impl Caller {
    /// For `sessions` only: the user behind a live ticket, or the operator of the machine.
    pub(crate) fn new(user: UserId, login: String, full_name: String) -> Self {
        Self {
            user,
            login,
            full_name,
            session: None,
            condition: None,
        }
    }

    /// The same, known by the session of that ticket's digest.
    pub(crate) fn in_session(self, ticket: Digest) -> Self {
        Self {
            session: Some(ticket),
            ..self
        }
    }

    /// The same, whose next change happens only if `check` says so in its transaction; otherwise it is [`Failure::Changed`].
    pub(crate) fn provided(
        &self,
        check: impl Fn(&mut Tx<'_>, &Standing) -> Result<bool, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self {
            condition: Some(Condition(Arc::new(check))),
            ..self.clone()
        }
    }

    /// What must hold before this caller's change.
    pub(crate) fn condition(&self) -> Option<Condition> {
        self.condition.clone()
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

impl Condition {
    /// Fails unless it holds.
    pub(crate) fn require(&self, tx: &mut Tx<'_>, standing: &Standing) -> Result<(), Failure> {
        if (self.0)(tx, standing)? {
            Ok(())
        } else {
            Err(Failure::Changed)
        }
    }
}
