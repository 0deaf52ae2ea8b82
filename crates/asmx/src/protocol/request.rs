//! One operation: its declaration, who may ask, and what it does.

use super::{Answer, Args, Dates, Meta, Parameter, Trouble};
use holdall_model::{Clock, Guid};
use holdall_services::{Caller, Failure, Services};
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

/// A declared request; `#[derive(Request)]` writes it.
pub(crate) trait Request: Sized + Send {
    /// [`Caller`] behind a ticket, or [`Guest`].
    type Who: Admit;
    /// The declaration.
    const META: Meta;
    /// Reads the parameters.
    fn decode(args: &Args) -> Result<Self, Trouble>;
}

/// Parameters that several operations have, as one field of each; `#[derive(Parameters)]` writes it.
pub(crate) trait Parameters: Sized + Send {
    /// In wire order.
    const PARAMETERS: &'static [Parameter];
    /// Reads them.
    fn read(args: &Args) -> Result<Self, Trouble>;
}

/// What a request does.
pub(crate) trait Operation: Request {
    /// Does it, on behalf of who was admitted.
    fn run(self, who: Self::Who, call: &Call) -> impl Future<Output = Result<Answer, Trouble>> + Send;

    /// The text that only this operation's page has for a failure.
    fn literal(_failure: &Failure) -> Option<&'static str> {
        None
    }
}

/// What operations may use.
#[derive(Clone)]
pub(crate) struct Call {
    /// The product.
    pub(crate) services: Services,
    /// How instants are spelled.
    pub(crate) dates: Dates,
    /// The present instant.
    pub(crate) clock: Arc<dyn Clock>,
    /// What the installation says of itself.
    pub(crate) names: Arc<Names>,
    /// Where the request came from, to slow down guessing.
    pub(crate) address: Option<IpAddr>,
}

/// How the installation presents itself.
pub(crate) struct Names {
    /// The name of the organisation.
    pub(crate) company: String,
    /// The name of the server.
    pub(crate) server: String,
    /// The address that clients reach it by, or empty.
    pub(crate) url: String,
}

/// Anyone at all.
pub(crate) struct Guest;

/// Decides from the arguments whether a call may go on.
pub(crate) trait Admit: Sized + Send {
    /// Who asks; `[900]` or `[901]` when that cannot be established.
    fn admit(
        meta: &Meta,
        args: &Args,
        services: &Services,
    ) -> impl Future<Output = Result<Self, Trouble>> + Send;
}

impl Admit for Guest {
    async fn admit(_: &Meta, _: &Args, _: &Services) -> Result<Self, Trouble> {
        Ok(Self)
    }
}

impl Admit for Caller {
    /// An empty or malformed ticket is `[900]`, an unknown one `[901]`.
    async fn admit(meta: &Meta, args: &Args, services: &Services) -> Result<Self, Trouble> {
        let text = meta.ticket.and_then(|name| args.text(name));
        let ticket = text.and_then(Guid::parse).ok_or(Failure::NotAuthenticated)?;
        Ok(services.sessions.authenticate(&ticket).await?)
    }
}
