//! Logging in and out: `/api/v1/sessions`.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// The body of `POST /api/v1/sessions`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The login name; case does not matter.
    pub login: String,
    /// The password in clear, so TLS belongs around it.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// A live session.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The bearer token for the `Authorization` header: a secret.
    pub token: String,
    /// When it ends unless it is used before.
    pub expires: String,
    /// Whose session it is.
    pub user: User,
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Session");
        fields
            .field("expires", &self.expires)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// A user as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The positive id.
    pub id: i64,
    /// The login name as it was registered.
    pub login: String,
    /// First and last name.
    pub full_name: String,
    /// The mail address; may be empty.
    pub email: String,
}

/// A session of the caller, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionInfo {
    /// Its id: 32 hexadecimal digits that do not open it.
    pub id: String,
    /// When it began.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it ends unless it is used before.
    #[schema(format = DateTime)]
    pub expires: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The session that asks, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CurrentSession {
    /// The session.
    #[serde(flatten)]
    pub session: SessionInfo,
    /// Whose it is.
    pub user: User,
}
