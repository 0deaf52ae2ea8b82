//! Tickets, and what the server says of itself.

mod login;
mod server;
mod tickets;

pub(crate) use login::{AuthenticateUser, AuthenticateUser1, RenewTicket};
pub(crate) use server::ServerInfo;
pub(crate) use tickets::{IsValidTicket, LogOut};
