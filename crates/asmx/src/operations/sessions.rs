//! Tickets, and what the server says of itself.

mod login;
mod server;
mod tickets;
mod trusted;

pub(crate) use login::{AuthenticateUser, AuthenticateUser1, RenewTicket};
pub(crate) use server::ServerInfo;
pub(crate) use tickets::{IsValidTicket, LogOut};
pub(crate) use trusted::CreateTicketforUser;
