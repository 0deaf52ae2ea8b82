//! The locks of many documents.

use crate::documents::{DocumentRow, columns, read};
use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, Timestamp, UserId};

const LOCKED_BY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM documents d WHERE d.locked_by = $1 AND d.locked_by <> 0 ORDER BY d.name_key, d.id"
);
const LOCK_ALL: &str =
    "UPDATE documents SET locked_by = $1, locked_at = $2 WHERE locked_by = 0 AND id IN {wanted}";
const UNLOCK_ALL: &str = "UPDATE documents SET locked_by = 0, locked_at = 0 WHERE id IN {wanted}";

pub(crate) const STATEMENTS: &[&str] = &[LOCKED_BY, LOCK_ALL, UNLOCK_ALL];

/// The documents whose lock `user` holds, by name.
pub fn locked_by(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query(LOCKED_BY, &[user.into()], read)
}

/// Gives `user` the locks of those documents that nobody holds.
pub fn lock_all(
    tx: &mut Tx<'_>,
    ids: &[DocumentId],
    user: UserId,
    at: Timestamp,
) -> Result<(), CatalogError> {
    tx.execute_each_of(LOCK_ALL, &[user.into(), at.into()], ids)
        .map(|_changed| ())
}

/// Takes the locks of those documents from whoever holds them.
pub fn unlock_all(tx: &mut Tx<'_>, ids: &[DocumentId]) -> Result<(), CatalogError> {
    tx.execute_each_of(UNLOCK_ALL, &[], ids).map(|_changed| ())
}
