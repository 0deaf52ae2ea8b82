//! Who belongs to libraries, looked up.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use crate::views::{library_users, user_groups};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Lists the users and the groups that are members of a library by an entry of their own. Who is in the groups is not told, and
/// local groups, which belong to the library without an entry, are left out.
#[derive(Request)]
#[op("GetDomainMembers", group = "Libraries")]
pub(crate) struct GetDomainMembers {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for GetDomainMembers {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        let members = libraries.members(&caller, &self.library.0).await?;
        let users = library_users(members.users, &call.dates);
        Ok(answer(vec![users, user_groups("usergroups", members.groups)]))
    }
}

/// Lists everybody who is a member of a library, by an entry of their own or by a group, each once.
#[derive(Request)]
#[op("GetDomainUsers", group = "Libraries")]
pub(crate) struct GetDomainUsers {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for GetDomainUsers {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let users = call.services.libraries.users(&caller, &self.library.0).await?;
        Ok(answer(vec![library_users(users, &call.dates)]))
    }
}

/// Lists the managers of a library.
#[derive(Request)]
#[op("GetManagers", group = "Libraries")]
pub(crate) struct GetManagers {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for GetManagers {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        let managers = libraries.managers(&caller, &self.library.0).await?;
        Ok(answer(vec![library_users(managers, &call.dates)]))
    }
}

fn answer(children: Vec<Element>) -> Answer {
    Element::success().with("error", "").containing(children).into()
}
