//! Looking groups up.

use super::groups::named;
use crate::protocol::{Answer, Call, Element, Given, GroupHome, Operation, Trouble};
use crate::views::{user_group, user_groups, users};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Lists the global groups by name.
#[derive(Request)]
#[op("GetGlobalGroups", group = "Security")]
pub(crate) struct GetGlobalGroups;

impl Operation for GetGlobalGroups {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        list(call, &caller, None).await
    }
}

/// Lists the local groups of a library by name.
#[derive(Request)]
#[op("GetLocalGroups", group = "Security")]
pub(crate) struct GetLocalGroups {
    /// The library's name, in any case.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for GetLocalGroups {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        list(call, &caller, Some(&self.library.0)).await
    }
}

/// Describes a group.
#[derive(Request)]
#[op("GetUserGroup", group = "Security")]
pub(crate) struct GetUserGroup {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, in any case.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for GetUserGroup {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        let found = call.services.people.group(&caller, &group).await?;
        Ok(Element::success()
            .with("error", "")
            .containing(vec![user_group(found)])
            .into())
    }
}

/// Lists who is in a group, by first, then last name. Members of a group that is not public are shown to system administrators
/// and the library's managers only; others get an empty list.
#[derive(Request)]
#[op("GetUserGroupMembers", group = "Security")]
pub(crate) struct GetUserGroupMembers {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, in any case.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for GetUserGroupMembers {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        let found = call.services.people.group_members(&caller, &group).await?;
        Ok(Element::success()
            .with("error", "")
            .containing(vec![users(&found, &call.dates)])
            .into())
    }
}

async fn list(call: &Call, caller: &Caller, library: Option<&str>) -> Result<Answer, Trouble> {
    let groups = call.services.people.groups(caller, library).await?;
    Ok(Element::success()
        .with("error", "")
        .containing(vec![user_groups("usergroups", groups)])
        .into())
}
