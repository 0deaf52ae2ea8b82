//! What others may see of an account.

use holdall_catalog::people::UserRow;
use holdall_model::UserId;

/// An account as it is shown: no password, no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserView {
    /// Its id.
    pub id: UserId,
    /// The login name.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email address, or empty.
    pub email: String,
    /// Whether the account may be used.
    pub enabled: bool,
}

impl UserView {
    pub(crate) fn new(row: UserRow) -> Self {
        let UserRow {
            id,
            login,
            first_name,
            last_name,
            email,
            enabled,
            ..
        } = row;
        Self {
            id,
            login,
            first_name,
            last_name,
            email,
            enabled,
        }
    }
}
