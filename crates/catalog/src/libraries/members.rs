//! Who belongs to a library by an entry of its own: users, some of whom manage it, and groups.

use crate::people::{GroupRow, read_group};
use crate::{CatalogError, Tx, Value};
use holdall_model::{GroupId, LibraryId, UserId};

/// A member by an entry of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A user.
    User(UserId),
    /// All who are in a group.
    Group(GroupId),
}

impl Member {
    /// The user's and the group's id, one of which is zero.
    fn columns(self) -> (UserId, GroupId) {
        match self {
            Self::User(user) => (user, GroupId(0)),
            Self::Group(group) => (UserId(0), group),
        }
    }
}

const ADD: &str = "INSERT INTO library_members (library_id, user_id, group_id, manager) VALUES ($1, $2, $3, 0) \
     ON CONFLICT DO NOTHING";
const ADD_MANY: &str =
    "INSERT INTO library_members (library_id, user_id, group_id, manager) {rows} ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM library_members WHERE library_id = $1 AND user_id = $2 AND group_id = $3";
const APPOINT: &str = "INSERT INTO library_members (library_id, user_id, group_id, manager) VALUES ($1, $2, 0, 1) \
     ON CONFLICT (library_id, user_id, group_id) DO UPDATE SET manager = 1";
const DISMISS: &str = "UPDATE library_members SET manager = 0 WHERE library_id = $1 AND user_id = $2 AND group_id = 0 AND manager = 1";
const USERS: &str = "SELECT user_id FROM library_members WHERE library_id = $1 AND user_id <> 0";
const MANAGERS: &str =
    "SELECT user_id FROM library_members WHERE library_id = $1 AND user_id <> 0 AND manager = 1";
/// By an entry of their own, by a group with one, by a local group, and local users.
const ALL_USERS: &str = "SELECT user_id FROM library_members WHERE library_id = $1 AND user_id <> 0 \
     UNION SELECT g.user_id FROM library_members m JOIN group_members g ON g.group_id = m.group_id \
     WHERE m.library_id = $1 AND m.user_id = 0 \
     UNION SELECT m.user_id FROM groups g JOIN group_members m ON m.group_id = g.id WHERE g.library_id = $1 \
     UNION SELECT id FROM users WHERE library_id = $1";
const GROUPS: &str = "SELECT g.id, g.name, g.library_id, g.public, g.role FROM library_members m \
     JOIN groups g ON g.id = m.group_id WHERE m.library_id = $1 AND m.user_id = 0 ORDER BY g.name_key";

pub(crate) const STATEMENTS: &[&str] = &[
    ADD, ADD_MANY, REMOVE, APPOINT, DISMISS, USERS, MANAGERS, ALL_USERS, GROUPS,
];

/// Makes a user or a group a member; `false` when it is one already.
pub fn add(tx: &mut Tx<'_>, library: LibraryId, member: Member) -> Result<bool, CatalogError> {
    let (user, group) = member.columns();
    Ok(tx.execute(ADD, &[library.into(), user.into(), group.into()])? == 1)
}

/// Makes users and groups members; those who are already stay what they are.
pub fn add_many(tx: &mut Tx<'_>, library: LibraryId, members: &[Member]) -> Result<(), CatalogError> {
    let rows = members.iter().map(|member| {
        let (user, group) = member.columns();
        [library.into(), user.into(), group.into(), Value::from(0_i64)]
    });
    tx.insert_many(ADD_MANY, 4, rows)
}

/// Takes a user's or a group's own entry away, for a user the management with it; `false` when there is none.
pub fn remove(tx: &mut Tx<'_>, library: LibraryId, member: Member) -> Result<bool, CatalogError> {
    let (user, group) = member.columns();
    Ok(tx.execute(REMOVE, &[library.into(), user.into(), group.into()])? == 1)
}

/// Makes a user a manager by an entry of its own.
pub fn appoint(tx: &mut Tx<'_>, library: LibraryId, user: UserId) -> Result<(), CatalogError> {
    tx.execute(APPOINT, &[library.into(), user.into()])
        .map(|_changed| ())
}

/// Leaves a manager a mere member; `false` when the user is no manager.
pub fn dismiss(tx: &mut Tx<'_>, library: LibraryId, user: UserId) -> Result<bool, CatalogError> {
    Ok(tx.execute(DISMISS, &[library.into(), user.into()])? == 1)
}

/// The users who are members by an entry of their own, in no order.
pub fn users(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<UserId>, CatalogError> {
    user_ids(tx, USERS, library)
}

/// The managers, in no order.
pub fn managers(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<UserId>, CatalogError> {
    user_ids(tx, MANAGERS, library)
}

/// Everybody who is a member in any way, each once and in no order.
pub fn all_users(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<UserId>, CatalogError> {
    user_ids(tx, ALL_USERS, library)
}

fn user_ids(tx: &mut Tx<'_>, sql: &str, library: LibraryId) -> Result<Vec<UserId>, CatalogError> {
    tx.query(sql, &[library.into()], |row| Ok(UserId(row.integer(0)?)))
}

/// The groups that are members by an entry of their own, by name.
pub fn groups(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<GroupRow>, CatalogError> {
    tx.query(GROUPS, &[library.into()], read_group)
}
