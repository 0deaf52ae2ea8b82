//! Changes of accounts.

use super::details::PreferencesRow;
use crate::{CatalogError, Tx};
use holdall_model::UserId;

const SET_EMAIL: &str = "UPDATE users SET email = $2 WHERE id = $1";
const SET_PROFILE: &str = "UPDATE users SET login = $2, login_key = $3, first_name = $4, last_name = $5, \
     authentication_source = $6 WHERE id = $1";
const SET_PREFERENCES: &str = "INSERT INTO user_preferences (user_id, language, default_portal, show_archived, show_hidden, \
     notification, plain_text_email, attach_documents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (user_id) DO UPDATE SET language = $2, default_portal = $3, show_archived = $4, show_hidden = $5, \
     notification = $6, plain_text_email = $7, attach_documents = $8";

pub(crate) const STATEMENTS: &[&str] = &[SET_EMAIL, SET_PROFILE, SET_PREFERENCES];

/// What an account is to be called.
#[derive(Clone, Copy, Debug)]
pub struct NewProfile<'a> {
    /// The login name.
    pub login: &'a str,
    /// The key of the login name, which no other account may have.
    pub login_key: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Last name.
    pub last_name: &'a str,
    /// Where the password is checked.
    pub authentication_source: &'a str,
}

/// Sets an email address.
pub fn set_email(tx: &mut Tx<'_>, user: UserId, email: &str) -> Result<(), CatalogError> {
    tx.execute(SET_EMAIL, &[user.into(), email.into()])
        .map(|_changed| ())
}

/// Renames an account. [`CatalogError::Conflict`] when the login name is taken.
pub fn set_profile(tx: &mut Tx<'_>, user: UserId, profile: &NewProfile<'_>) -> Result<(), CatalogError> {
    let values = [
        user.into(),
        profile.login.into(),
        profile.login_key.into(),
        profile.first_name.into(),
        profile.last_name.into(),
        profile.authentication_source.into(),
    ];
    tx.execute(SET_PROFILE, &values).map(|_changed| ())
}

/// Sets all preferences of a user.
pub fn set_preferences(
    tx: &mut Tx<'_>,
    user: UserId,
    preferences: &PreferencesRow,
) -> Result<(), CatalogError> {
    let values = [
        user.into(),
        preferences.language.as_str().into(),
        preferences.default_portal.as_str().into(),
        preferences.show_archived.into(),
        preferences.show_hidden.into(),
        preferences.notification.into(),
        preferences.plain_text_email.into(),
        preferences.attach_documents.into(),
    ];
    tx.execute(SET_PREFERENCES, &values).map(|_changed| ())
}
