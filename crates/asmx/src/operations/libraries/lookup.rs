//! Which libraries there are.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use crate::views::flag;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Library};

/// Lists all libraries, also hidden and archived ones.
#[derive(Request)]
#[op("GetDomains", group = "Libraries")]
pub(crate) struct GetDomains;

impl Operation for GetDomains {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        Ok(domains(call.services.libraries.list(&caller).await?).into())
    }
}

/// Lists the libraries that the caller is a member of, also by groups, also hidden and archived ones.
#[derive(Request)]
#[op("GetMemberDomains", group = "Libraries")]
pub(crate) struct GetMemberDomains;

impl Operation for GetMemberDomains {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        Ok(domains(call.services.libraries.joined(&caller).await?).into())
    }
}

/// Answers what a library is called and how it is set. Nobody needs to be its member for that.
#[derive(Request)]
#[op("GetDomain", group = "Libraries")]
pub(crate) struct GetDomain {
    /// The library's name in any case.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for GetDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let library = call.services.libraries.library(&caller, &self.library.0).await?;
        Ok(listing(vec![domain(library)]).into())
    }
}

/// Tells whether there is a library of a name, also when it is hidden or archived: it succeeds when there is.
#[derive(Request)]
#[op("DomainExists", group = "Libraries")]
pub(crate) struct DomainExists {
    /// The library's name in any case.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for DomainExists {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.libraries.library(&caller, &self.library.0).await?;
        Ok(listing(Vec::new()).into())
    }
}

fn domains(libraries: Vec<Library>) -> Element {
    let domains = libraries.into_iter().map(domain).collect();
    listing(vec![Element::named("domains").containing(domains)])
}

fn listing(children: Vec<Element>) -> Element {
    Element::success().with("error", "").containing(children)
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
