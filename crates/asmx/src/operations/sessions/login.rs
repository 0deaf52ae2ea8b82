//! From a password to a ticket.

use crate::protocol::{Answer, Call, Guest, OldTicket, Operation, Secret, Trouble};
use crate::views::signed_in;
use holdall_asmx_derive::Request;
use holdall_services::Failure;

/// The text of `[902]` where a ticket is asked for a given user.
pub(super) const NOT_FOR_THIS_USER: &str = "[902] Ticket generation are not allowed for this user.";

/// Answers a ticket for a login name and a password. The ticket lives 30 days from its last use.
#[derive(Request)]
#[op("AuthenticateUser", group = "Auth", root = "root", public)]
pub(crate) struct AuthenticateUser {
    /// The login name, in any case.
    #[wire("UID")]
    login: String,
    /// The password.
    #[wire("PWD")]
    password: Secret,
}

impl Operation for AuthenticateUser {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let sessions = &call.services.sessions;
        let session = sessions
            .log_in(call.address, &self.login, self.password.reveal(), "")
            .await?;
        Ok(signed_in(&session).into())
    }
}

/// Answers a ticket as `AuthenticateUser` does, and chooses the language of the session.
#[derive(Request)]
#[op("AuthenticateUser1", group = "Auth", root = "root", public)]
pub(crate) struct AuthenticateUser1 {
    /// The login name, in any case.
    #[wire("UID")]
    login: String,
    /// The password.
    #[wire("PWD")]
    password: Secret,
    /// The language of the session; one that is not known means the server's default.
    #[wire("Lang")]
    language: String,
}

impl Operation for AuthenticateUser1 {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let sessions = &call.services.sessions;
        let session = sessions
            .log_in(call.address, &self.login, self.password.reveal(), &self.language)
            .await?;
        Ok(signed_in(&session).into())
    }
}

/// Checks the password again and answers a ticket: the old one while it lives, else a new one.
#[derive(Request)]
#[op("RenewTicket", group = "Auth", root = "root", public)]
pub(crate) struct RenewTicket {
    /// The login name, in any case.
    #[wire("UID")]
    login: String,
    /// The password.
    #[wire("PWD")]
    password: Secret,
    /// The language of the session; one that is not known means the server's default.
    #[wire("Lang")]
    language: String,
    /// The ticket to renew; when it is absent, that of the cookie `ticket`, and without either a new one is made.
    #[wire("OldTicket", malformed = "invalid ticket format")]
    old: OldTicket,
}

impl Operation for RenewTicket {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let sessions = &call.services.sessions;
        let password = self.password.reveal();
        let session = sessions
            .renew(call.address, (&self.login, password), &self.language, self.old.0)
            .await?;
        Ok(signed_in(&session).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::TicketNotAllowed).then_some(NOT_FOR_THIS_USER)
    }
}
