//! What a ticket stands for, and its end. The state of a dead ticket is always `[901]` here (CONTRACT section 1.5).

use crate::protocol::{Answer, Call, Element, Guest, Operation, OwnTicket, Trouble};
use crate::views::with_profile;
use holdall_asmx_derive::Request;
use holdall_services::Failure;

/// Tells whose ticket it is and when it ends. Asking does not prolong it.
#[derive(Request)]
#[op("isValidTicket", group = "Auth", root = "root", public)]
pub(crate) struct IsValidTicket {
    /// The ticket to look at; when it is absent, that of the cookie `ticket`.
    #[wire("AuthenticationTicket")]
    ticket: OwnTicket,
}

impl Operation for IsValidTicket {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let ticket = self.ticket.0.ok_or(Failure::SessionExpired)?;
        let (profile, expires) = call.services.sessions.peek(&ticket).await?;
        Ok(with_profile(Element::success(), &profile, expires).into())
    }
}

/// Ends the session of a ticket. A ticket that is dead already is refused.
#[derive(Request)]
#[op("LogOut", group = "Auth", root = "root", public)]
pub(crate) struct LogOut {
    /// The ticket to end; when it is absent, that of the cookie `ticket`.
    #[wire("AuthenticationTicket")]
    ticket: OwnTicket,
}

impl Operation for LogOut {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let ticket = self.ticket.0.ok_or(Failure::SessionExpired)?;
        call.services.sessions.log_out(&ticket).await?;
        Ok(Element::success().into())
    }
}
