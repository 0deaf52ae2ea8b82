//! Users, groups and the members of libraries: `/api/v1/users`, `/api/v1/groups` and `/api/v1/libraries/{library}/members`.

use crate::User;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// An account, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The positive id.
    pub id: i64,
    /// The login name as it was registered.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The mail address; may be empty.
    pub email: String,
    /// Whether the account may be used.
    pub enabled: bool,
    /// Whether the user may at most read.
    pub read_only: bool,
    /// The library of a local user; absent for the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// When the user logged in last; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub last_login: Option<String>,
    /// When the password was set last; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub password_changed: Option<String>,
}

/// The body of `POST /api/v1/users`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The login name, unique without regard to case.
    pub login: String,
    /// 8 to 1,024 characters; without one nobody can log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(write_only)]
    pub password: Option<String>,
    /// First name.
    #[serde(default)]
    pub first_name: String,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// The mail address.
    #[serde(default)]
    pub email: String,
    /// Whether the user may at most read.
    #[serde(default)]
    pub read_only: bool,
    /// A library to be a member of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
}

impl fmt::Debug for NewAccount {
    /// Leaves the password out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewAccount")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// The body of `PATCH /api/v1/users/{login}`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// The new login name; for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The new first name; for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The new last name; for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The new mail address; also one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// The body of `PUT /api/v1/users/{login}/password`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 8 to 1,024 characters, other than the present one.
    #[schema(write_only)]
    pub password: String,
}

impl fmt::Debug for NewPassword {
    /// Leaves the password out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NewPassword").finish_non_exhaustive()
    }
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// The positive id.
    pub id: i64,
    /// Its name, unique in its library or among the global ones without regard to case.
    pub name: String,
    /// The library of a local group; absent for a global one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// Whether its members are shown to everybody.
    pub public: bool,
}

/// The body of `POST /api/v1/groups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
}

/// Who belongs to a library by an entry of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LibraryMembers {
    /// The users, by first, then last name.
    pub users: Vec<User>,
    /// The global groups, by name; local ones belong to their library without an entry.
    pub groups: Vec<Group>,
    /// Those of the users who manage it.
    pub managers: Vec<User>,
}
