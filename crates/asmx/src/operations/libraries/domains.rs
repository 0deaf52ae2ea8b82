//! Libraries, which the wire calls domains.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use crate::views::flag;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Library, NewLibrary};

/// Makes a library. Only a system administrator may.
#[derive(Request)]
#[op("CreateDomain", group = "Libraries")]
pub(crate) struct CreateDomain {
    /// The library's name, which no other has in any case.
    #[wire("DomainName")]
    library: Given,
    /// Whether strangers may read where its access lists let them.
    #[wire("Anonymous")]
    anonymous: bool,
    /// Whether normal listings leave it out.
    #[wire("Hidden")]
    hidden: bool,
    /// A text that greets its visitors.
    #[wire("WelcomeMessage")]
    welcome_message: String,
}

impl Operation for CreateDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let library = NewLibrary {
            name: self.library.0,
            anonymous: self.anonymous,
            hidden: self.hidden,
            welcome_message: self.welcome_message,
        };
        call.services.libraries.create(&caller, library).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Lists all libraries, also hidden and archived ones.
#[derive(Request)]
#[op("GetDomains", group = "Libraries")]
pub(crate) struct GetDomains;

impl Operation for GetDomains {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = call.services.libraries.list(&caller).await?;
        let domains = Element::named("domains").containing(libraries.into_iter().map(domain).collect());
        Ok(Element::success()
            .with("error", "")
            .containing(vec![domains])
            .into())
    }
}

fn domain(library: Library) -> Element {
    Element::named("domain")
        .with_number("DomainID", &library.id)
        .with("DomainName", library.name)
        .with("AnonymousDomain", flag(library.anonymous))
        .with("IsArchive", flag(library.archived))
        .with("IsHidden", flag(library.hidden))
        .with("WelcomeMessage", library.welcome_message)
}

/// Makes a user a member of a library. Its managers and system administrators may.
#[derive(Request)]
#[op("AddUserAsDomainMember", group = "Libraries")]
pub(crate) struct AddUserAsDomainMember {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The user's login name.
    #[wire("UserName")]
    login: Given,
}

impl Operation for AddUserAsDomainMember {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .libraries
            .add_member(&caller, &self.library.0, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
