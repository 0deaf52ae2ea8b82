//! Users and groups.

mod groups;
mod users;

pub(crate) use groups::{AddUsergroupMember, CreateUserGroup};
pub(crate) use users::CreateUser;
