//! Users and groups.

mod accounts;
mod group_lookup;
mod groups;
mod lookup;
mod users;

pub(crate) use accounts::{
    ChangeUserPassword, ChangeUserStatus, DeleteUser, UpdateUserEmail, UpdateUserProfile,
};
pub(crate) use group_lookup::{GetGlobalGroups, GetLocalGroups, GetUserGroup, GetUserGroupMembers};
pub(crate) use groups::{AddUsergroupMember, CreateUserGroup, DeleteUsergroup, RemoveUsergroupMember};
pub(crate) use lookup::{GetAllUsers, GetCurrentUser, GetGroupMembershipsOfUser, GetUser, UserExists};
pub(crate) use users::CreateUser;
