//! Users.

mod users;

pub(crate) use users::CreateUser;
