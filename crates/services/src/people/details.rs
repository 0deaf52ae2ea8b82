//! All there is to see of an account.

use super::UserView;
use crate::Failure;
use holdall_catalog::Tx;
use holdall_catalog::people::details::{self as rows, DetailsRow, PreferencesRow};
use holdall_model::{Timestamp, UserId, name_key};

/// When a user wishes to hear of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notification {
    /// Never.
    #[default]
    Never,
    /// At once.
    AtOnce,
    /// Once a day.
    Daily,
}

/// What a user prefers. Kept for clients, which follow it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a preference of its own")]
pub struct Preferences {
    /// The language; `English`.
    pub language: String,
    /// The page to begin with; none when it is empty.
    pub default_portal: String,
    /// Whether archived libraries are shown; no.
    pub show_archived: bool,
    /// Whether hidden libraries are shown; no.
    pub show_hidden: bool,
    /// When to tell of changes; never.
    pub notification: Notification,
    /// Whether mails are plain text; no.
    pub plain_text_email: bool,
    /// Whether mails carry the document they tell of; no.
    pub attach_documents: bool,
}

/// An account with all that may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDetails {
    /// Who it is.
    pub user: UserView,
    /// The name of a local user's library; empty for the others.
    pub library: String,
    /// Whether the user may at most read.
    pub read_only: bool,
    /// Where the password is checked.
    pub authentication_source: String,
    /// When the user logged in last; `None` for never.
    pub last_logon: Option<Timestamp>,
    /// When the password was set last; `None` for never.
    pub password_changed: Option<Timestamp>,
    /// What the user prefers.
    pub preferences: Preferences,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: "English".to_owned(),
            default_portal: String::new(),
            show_archived: false,
            show_hidden: false,
            notification: Notification::Never,
            plain_text_email: false,
            attach_documents: false,
        }
    }
}

impl From<PreferencesRow> for Preferences {
    fn from(row: PreferencesRow) -> Self {
        Self {
            language: row.language,
            default_portal: row.default_portal,
            show_archived: row.show_archived,
            show_hidden: row.show_hidden,
            notification: match row.notification {
                1 => Notification::AtOnce,
                2 => Notification::Daily,
                _ => Notification::Never,
            },
            plain_text_email: row.plain_text_email,
            attach_documents: row.attach_documents,
        }
    }
}

impl From<Preferences> for PreferencesRow {
    fn from(preferences: Preferences) -> Self {
        Self {
            language: preferences.language,
            default_portal: preferences.default_portal,
            show_archived: preferences.show_archived,
            show_hidden: preferences.show_hidden,
            notification: match preferences.notification {
                Notification::Never => 0,
                Notification::AtOnce => 1,
                Notification::Daily => 2,
            },
            plain_text_email: preferences.plain_text_email,
            attach_documents: preferences.attach_documents,
        }
    }
}

impl From<DetailsRow> for UserDetails {
    fn from(row: DetailsRow) -> Self {
        let DetailsRow {
            user,
            library_name,
            preferences,
        } = row;
        let ever = |instant: Timestamp| Some(instant).filter(|instant| instant.0 != 0);
        Self {
            library: library_name,
            read_only: user.read_only,
            authentication_source: user.authentication_source.clone(),
            last_logon: ever(user.last_logon),
            password_changed: ever(user.password_changed),
            preferences: preferences.map(Preferences::from).unwrap_or_default(),
            user: UserView::new(user),
        }
    }
}

/// The accounts of those ids by first, then last name, without regard to case; ids of none are left out.
pub(crate) fn details_of(tx: &mut Tx<'_>, users: &[UserId]) -> Result<Vec<UserDetails>, Failure> {
    let mut found: Vec<UserDetails> = rows::of_ids(tx, users)?
        .into_iter()
        .map(UserDetails::from)
        .collect();
    found.sort_by_cached_key(|details| {
        let user = &details.user;
        (name_key(&user.first_name), name_key(&user.last_name), user.id)
    });
    Ok(found)
}
