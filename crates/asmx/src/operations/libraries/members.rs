//! Who belongs to libraries and who manages them.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Conflict, Failure};

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
        let libraries = &call.services.libraries;
        libraries
            .add_member(&caller, &self.library.0, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Takes a user's own membership of a library away, and the management with it. Membership by a group stays. Managers of the
/// library and system administrators may.
#[derive(Request)]
#[op("RemoveUserFromDomainMembership", group = "Libraries")]
pub(crate) struct RemoveUserFromDomainMembership {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The user's login name.
    #[wire("Username")]
    login: Given,
}

impl Operation for RemoveUserFromDomainMembership {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        libraries
            .remove_member(&caller, &self.library.0, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Makes all who are in a global group members of a library. Its managers and system administrators may. Local groups belong to
/// their library without it.
#[derive(Request)]
#[op("AddUserGroupAsDomainMember", group = "Libraries")]
pub(crate) struct AddUserGroupAsDomainMember {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The global group's name.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for AddUserGroupAsDomainMember {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        libraries
            .add_member_group(&caller, &self.library.0, &self.group.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::AlreadyMember))
            .then_some("User group is already a member of the domain.")
    }
}

/// Takes a global group's membership of a library away; the group itself stays. Managers of the library and system
/// administrators may.
#[derive(Request)]
#[op("RemoveUserGroupFromDomainMembership", group = "Libraries")]
pub(crate) struct RemoveUserGroupFromDomainMembership {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The global group's name.
    #[wire("GroupName")]
    group: Given,
}

impl Operation for RemoveUserGroupFromDomainMembership {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        libraries
            .remove_member_group(&caller, &self.library.0, &self.group.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::NotMember))
            .then_some("User group is not a member of the domain.")
    }
}

/// Makes a member of a library its manager, who may do everything in it. Only a system administrator may. A manager stays one.
#[derive(Request)]
#[op("AddManagerToDomain", group = "Libraries")]
pub(crate) struct AddManagerToDomain {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The member's login name.
    #[wire("UserName")]
    login: Given,
}

impl Operation for AddManagerToDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        libraries
            .add_manager(&caller, &self.library.0, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Leaves a manager of a library a mere member. Only a system administrator may.
#[derive(Request)]
#[op("RemoveManagerFromDomain", group = "Libraries")]
pub(crate) struct RemoveManagerFromDomain {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
    /// The manager's login name.
    #[wire("UserName")]
    login: Given,
}

impl Operation for RemoveManagerFromDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let libraries = &call.services.libraries;
        libraries
            .remove_manager(&caller, &self.library.0, &self.login.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
