//! Accounts with the names of their libraries and what their users prefer.

use super::{UserRow, read};
use crate::{CatalogError, Row, Tx};
use holdall_model::UserId;

/// What a user prefers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a preference of its own")]
pub struct PreferencesRow {
    /// The language.
    pub language: String,
    /// The page to begin with, or empty.
    pub default_portal: String,
    /// Whether archived libraries are shown.
    pub show_archived: bool,
    /// Whether hidden libraries are shown.
    pub show_hidden: bool,
    /// 0 none, 1 at once, 2 once a day.
    pub notification: i64,
    /// Whether mails are plain text.
    pub plain_text_email: bool,
    /// Whether mails carry the document they tell of.
    pub attach_documents: bool,
}

/// An account with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsRow {
    /// The account.
    pub user: UserRow,
    /// The name of a local user's library; empty for the others.
    pub library_name: String,
    /// What the user prefers; `None` for the defaults.
    pub preferences: Option<PreferencesRow>,
}

macro_rules! columns {
    () => {
        "u.id, u.login, u.first_name, u.last_name, u.email, u.password_hash, u.library_id, u.enabled, u.read_only, \
         u.authentication_source, u.created_at, u.last_logon_at, u.password_changed_at, COALESCE(l.name, ''), \
         COALESCE(p.user_id, 0), COALESCE(p.language, ''), COALESCE(p.default_portal, ''), COALESCE(p.show_archived, 0), \
         COALESCE(p.show_hidden, 0), COALESCE(p.notification, 0), COALESCE(p.plain_text_email, 0), \
         COALESCE(p.attach_documents, 0)"
    };
}
macro_rules! joins {
    () => {
        " LEFT JOIN libraries l ON l.id = u.library_id LEFT JOIN user_preferences p ON p.user_id = u.id"
    };
}

const OF_IDS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM {wanted} w JOIN users u ON u.id = w.x",
    joins!()
);
const ALL: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users u",
    joins!(),
    " ORDER BY u.login_key"
);

pub(crate) const STATEMENTS: &[&str] = &[OF_IDS, ALL];

fn read_details(row: &Row<'_>) -> Result<DetailsRow, CatalogError> {
    let preferences = if row.integer(14)? == 0 {
        None
    } else {
        Some(PreferencesRow {
            language: row.text(15)?.to_owned(),
            default_portal: row.text(16)?.to_owned(),
            show_archived: row.boolean(17)?,
            show_hidden: row.boolean(18)?,
            notification: row.integer(19)?,
            plain_text_email: row.boolean(20)?,
            attach_documents: row.boolean(21)?,
        })
    };
    Ok(DetailsRow {
        user: read(row)?,
        library_name: row.text(13)?.to_owned(),
        preferences,
    })
}

/// The accounts of those ids, in no order; ids of none are left out.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<DetailsRow>, CatalogError> {
    tx.query_each_of(OF_IDS, &[], ids, read_details)
}

/// All accounts by login name.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<DetailsRow>, CatalogError> {
    tx.query(ALL, &[], read_details)
}
