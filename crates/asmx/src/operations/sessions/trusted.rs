//! Tickets for users of another server.

use crate::protocol::{Answer, Call, Element, Guest, Operation, Secret, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::Failure;

/// Answers a ticket for a user to a server that knows the trusted password, and records it. Without a trusted password in the
/// server's configuration nobody gets one. No ticket is made for system administrators.
#[derive(Request)]
#[op("CreateTicketforUser", group = "Auth", root = "root", public)]
pub(crate) struct CreateTicketforUser {
    /// The trusted password of the server's configuration.
    #[wire("TrustedUserPwd")]
    trusted_password: Secret,
    /// The login name of the user, in any case.
    #[wire("UserName")]
    login: String,
}

impl Operation for CreateTicketforUser {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let sessions = &call.services.sessions;
        let ticket = sessions
            .create_for(call.address, self.trusted_password.reveal(), &self.login)
            .await?;
        Ok(Element::success().with("ticket", ticket.reveal()).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::TicketNotAllowed).then_some(super::login::NOT_FOR_THIS_USER)
    }
}
