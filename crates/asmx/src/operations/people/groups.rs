//! Groups of users and who is in them.

use crate::protocol::{Answer, Call, Element, Given, GroupHome, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Conflict, Failure, GroupName};

/// Makes a group without members, which are hidden. Only a system administrator may make a global group; a library's managers
/// may make its local groups.
#[derive(Request)]
#[op(
    "CreateUserGroup",
    group = "Security",
    root = "root",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct CreateUserGroup {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, which no other group of the library, or no other global one, has in any case.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for CreateUserGroup {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        call.services.people.create_group(&caller, &group).await?;
        Ok(Element::success().into())
    }
}

/// Puts a user into a group. System administrators may, and a library's managers for its local groups. Members of a local group
/// are members of its library.
#[derive(Request)]
#[op("AddUsergroupMember", group = "Security")]
pub(crate) struct AddUsergroupMember {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, in any case.
    #[wire("GroupName")]
    group: Given,
    /// The user's login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
}

impl Operation for AddUsergroupMember {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        call.services
            .people
            .add_group_member(&caller, &group, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::AlreadyMember))
            .then_some("User is already a member of the user group.")
    }
}

/// Takes a user out of a group. System administrators may, and a library's managers for its local groups.
#[derive(Request)]
#[op("RemoveUsergroupMember", group = "Security")]
pub(crate) struct RemoveUsergroupMember {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, in any case.
    #[wire("GroupName")]
    group: Given,
    /// The user's login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
}

impl Operation for RemoveUsergroupMember {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        call.services
            .people
            .remove_group_member(&caller, &group, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::NotMember))
            .then_some("User is not a member of the user group.")
    }
}

/// Deletes a group, which vanishes from all access lists and libraries. System administrators may, and a library's managers for
/// its local groups. Groups that confer a role, such as Administrators, stay.
#[derive(Request)]
#[op("DeleteUsergroup", group = "Security")]
pub(crate) struct DeleteUsergroup {
    /// The library of a local group; the group is global when it is empty or `*`.
    #[wire("DomainName")]
    library: GroupHome,
    /// The group's name, in any case.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for DeleteUsergroup {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let group = named(self.library, self.group);
        call.services.people.delete_group(&caller, &group).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// The group that two parameters name.
pub(super) fn named(library: GroupHome, group: Given) -> GroupName {
    GroupName {
        library: library.0,
        name: group.0,
    }
}
