//! Which groups there are and who is in them.

use super::{GroupRow, read_group};
use crate::{CatalogError, Row, Tx};
use holdall_model::{GroupId, LibraryId, UserId};

/// A group with the name of its library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedGroupRow {
    /// The group.
    pub group: GroupRow,
    /// The name of a local group's library; empty for a global one.
    pub library_name: String,
}

const IN_LIBRARY: &str = "SELECT g.id, g.name, g.library_id, g.public, g.role, COALESCE(l.name, '') FROM groups g \
     LEFT JOIN libraries l ON l.id = g.library_id WHERE g.library_id = $1 ORDER BY g.name_key";
const OF_USER: &str = "SELECT g.id, g.name, g.library_id, g.public, g.role, COALESCE(l.name, '') FROM group_members m \
     JOIN groups g ON g.id = m.group_id LEFT JOIN libraries l ON l.id = g.library_id \
     WHERE m.user_id = $1 ORDER BY COALESCE(l.name_key, ''), g.name_key";
const MEMBERS: &str = "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id";
const REMOVE_MEMBER: &str = "DELETE FROM group_members WHERE group_id = $1 AND user_id = $2";

pub(crate) const STATEMENTS: &[&str] = &[IN_LIBRARY, OF_USER, MEMBERS, REMOVE_MEMBER];

fn read_named(row: &Row<'_>) -> Result<NamedGroupRow, CatalogError> {
    Ok(NamedGroupRow {
        group: read_group(row)?,
        library_name: row.text(5)?.to_owned(),
    })
}

/// The groups of a library by name; with zero the global ones.
pub fn in_library(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<NamedGroupRow>, CatalogError> {
    tx.query(IN_LIBRARY, &[library.into()], read_named)
}

/// The groups that a user is in: global ones by name, then those of each library.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<NamedGroupRow>, CatalogError> {
    tx.query(OF_USER, &[user.into()], read_named)
}

/// Who is in a group.
pub fn members(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<UserId>, CatalogError> {
    tx.query(MEMBERS, &[group.into()], |row| Ok(UserId(row.integer(0)?)))
}

/// Takes a user out of a group; `false` when the user is not in it.
pub fn remove_member(tx: &mut Tx<'_>, group: GroupId, user: UserId) -> Result<bool, CatalogError> {
    Ok(tx.execute(REMOVE_MEMBER, &[group.into(), user.into()])? == 1)
}
