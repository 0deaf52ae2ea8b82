//! What a user is to the whole house.

use holdall_catalog::access::UserGroup;
use holdall_model::UserId;

/// The system role of those who administer the house.
pub(crate) const ADMINISTRATORS: &str = "administrators";

/// The system role of those who see to the passwords of users.
pub(crate) const USER_MANAGERS: &str = "user managers";

/// What a user is to the whole house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::access) enum Office {
    #[default]
    None,
    /// In a group of user managers; no right on any item by that.
    UserManager,
    /// In a group of administrators; no right on any item by that.
    Administrator,
    BuiltInAdministrator,
}

impl Office {
    /// The highest that the user's groups confer.
    pub(super) fn of(user: UserId, groups: &[UserGroup]) -> Self {
        let has = |role| groups.iter().any(|group| group.role == role);
        if user == UserId::BUILT_IN_ADMINISTRATOR {
            Self::BuiltInAdministrator
        } else if has(ADMINISTRATORS) {
            Self::Administrator
        } else if has(USER_MANAGERS) {
            Self::UserManager
        } else {
            Self::None
        }
    }
}
