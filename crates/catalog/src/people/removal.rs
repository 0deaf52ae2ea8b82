//! The end of accounts and groups. What they own or wrote stays; rows that refer to them with a foreign key go with them.

use crate::access::{self, Principal};
use crate::{CatalogError, Tx};
use holdall_model::{GroupId, UserId};

const HOLDS_LOCKS: &str = "SELECT id FROM documents WHERE locked_by = $1 AND locked_by <> 0 LIMIT 1";
/// Nobody else looks into the bin of a user; the system's bin is for administrators.
const GIVE_UP_BIN: &str = "UPDATE recycled SET status = 1 WHERE deleted_by = $1 AND status = 0";
const LEAVE_LIBRARIES: &str = "DELETE FROM library_members WHERE user_id = $1";
const FORGET_RECENT: &str = "DELETE FROM recent_documents WHERE user_id = $1";
const REMOVE_USER: &str = "DELETE FROM users WHERE id = $1";
const GROUP_LEAVES_LIBRARIES: &str = "DELETE FROM library_members WHERE user_id = 0 AND group_id = $1";
const REMOVE_GROUP: &str = "DELETE FROM groups WHERE id = $1";

pub(crate) const STATEMENTS: &[&str] = &[
    HOLDS_LOCKS,
    GIVE_UP_BIN,
    LEAVE_LIBRARIES,
    FORGET_RECENT,
    REMOVE_USER,
    GROUP_LEAVES_LIBRARIES,
    REMOVE_GROUP,
];

/// Whether the user has locked any document.
pub fn holds_locks(tx: &mut Tx<'_>, user: UserId) -> Result<bool, CatalogError> {
    let found = tx.query_one(HOLDS_LOCKS, &[user.into()], |_row| Ok(()))?;
    Ok(found.is_some())
}

/// Deletes an account with its memberships and its entries in access lists. The user's recycle bin becomes the system's.
pub fn remove_user(tx: &mut Tx<'_>, user: UserId) -> Result<(), CatalogError> {
    tx.execute(GIVE_UP_BIN, &[user.into()])?;
    tx.execute(LEAVE_LIBRARIES, &[user.into()])?;
    tx.execute(FORGET_RECENT, &[user.into()])?;
    access::forget(tx, Principal::User(user))?;
    tx.execute(REMOVE_USER, &[user.into()]).map(|_removed| ())
}

/// Deletes a group with its memberships and its entries in access lists.
pub fn remove_group(tx: &mut Tx<'_>, group: GroupId) -> Result<(), CatalogError> {
    tx.execute(GROUP_LEAVES_LIBRARIES, &[group.into()])?;
    access::forget(tx, Principal::Group(group))?;
    tx.execute(REMOVE_GROUP, &[group.into()]).map(|_removed| ())
}
