//! Looking users up.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use crate::views::{user_details, user_groups, users};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Describes a user. Administrators and library managers see everybody, others who shares a library with them; for the rest
/// there is no such user.
#[derive(Request)]
#[op("GetUser", group = "Security")]
pub(crate) struct GetUser {
    /// The login name in any case, or `ID:` and the user's id; empty for the caller.
    #[wire("UserName")]
    login: String,
}

impl Operation for GetUser {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let login = Some(self.login.trim()).filter(|login| !login.is_empty());
        let found = call.services.people.details(&caller, login).await?;
        Ok(Element::success()
            .with("error", "")
            .containing(vec![user_details(&found, &call.dates)])
            .into())
    }
}

/// Describes the user who holds the ticket.
#[derive(Request)]
#[op("GetCurrentUser", group = "Auth", root = "root")]
pub(crate) struct GetCurrentUser;

impl Operation for GetCurrentUser {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let found = call.services.people.details(&caller, None).await?;
        // There are no tasks, so none are redirected.
        let user = user_details(&found, &call.dates).containing(vec![Element::named("TaskRedirection")]);
        Ok(Element::success().containing(vec![user]).into())
    }
}

/// Lists all users by login name. Only a system administrator may.
#[derive(Request)]
#[op("GetAllUsers", group = "Security")]
pub(crate) struct GetAllUsers;

impl Operation for GetAllUsers {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let found = call.services.people.all(&caller).await?;
        Ok(Element::success()
            .with("error", "")
            .containing(vec![users(&found, &call.dates)])
            .into())
    }
}

/// Tells whether there is a user of that login name.
#[derive(Request)]
#[op("UserExists", group = "Security")]
pub(crate) struct UserExists {
    /// The login name in any case.
    #[wire("UserName")]
    login: Given,
}

impl Operation for UserExists {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.people.exists(&caller, &self.login.0).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Lists the groups that a user is in: one's own, as administrator anybody's. A library's managers are told the global and their
/// own groups of its members.
#[derive(Request)]
#[op("GetGroupMembershipsOfUser", group = "Security", root = "root")]
pub(crate) struct GetGroupMembershipsOfUser {
    /// The login name in any case, or `ID:` and the user's id.
    #[wire("userName")]
    login: Given,
}

impl Operation for GetGroupMembershipsOfUser {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let groups = call
            .services
            .people
            .groups_of_user(&caller, &self.login.0)
            .await?;
        Ok(Element::success()
            .containing(vec![user_groups("UserGroups", groups)])
            .into())
    }
}
