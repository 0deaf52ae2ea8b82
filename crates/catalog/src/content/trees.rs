//! What the documents of many folders are and add up to.

use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, ScopeId, Timestamp, UserId};
use std::collections::HashMap;

/// A document in the catalog of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeDocument {
    /// The folder it lies in.
    pub folder: FolderId,
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// The access list in force.
    pub scope: ScopeId,
    /// The owner.
    pub owner: UserId,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// The length in bytes of the content that readers get.
    pub raw_len: u64,
    /// The CRC32 of that content.
    pub crc32: u32,
}

/// What documents add up to that one decision about rights covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeFigures {
    /// The access list in force.
    pub scope: ScopeId,
    /// Whether they belong to the user asked for.
    pub own: bool,
    /// How many they are.
    pub count: u64,
    /// The sum of the lengths in bytes that readers get.
    pub raw_len: u64,
    /// How many are locked.
    pub locked: u64,
    /// How many were registered at each of the three instants asked for or later.
    pub registered: [u64; 3],
}

const COUNTS: &str =
    "SELECT folder_id, COUNT(*) FROM documents WHERE folder_id IN {wanted} GROUP BY folder_id";
const DOCUMENTS: &str = "SELECT folder_id, id, name, scope_id, owner_id, modified_at, raw_len, crc32 FROM documents \
     WHERE folder_id IN {wanted} AND name_key > $1 ORDER BY folder_id, name_key LIMIT $2";
const FIGURES: &str = "SELECT scope_id, CASE WHEN owner_id = $1 THEN 1 ELSE 0 END, COUNT(*), \
     CAST(SUM(raw_len) AS BIGINT), CAST(SUM(CASE WHEN locked_by <> 0 THEN 1 ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN registered_at >= $2 THEN 1 ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN registered_at >= $3 THEN 1 ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN registered_at >= $4 THEN 1 ELSE 0 END) AS BIGINT) \
     FROM documents WHERE folder_id IN {wanted} GROUP BY 1, 2";

pub(crate) const STATEMENTS: &[&str] = &[COUNTS, DOCUMENTS, FIGURES];

/// How many documents lie directly in each of the folders; those without any do not come up.
pub fn counts(tx: &mut Tx<'_>, folders: &[FolderId]) -> Result<HashMap<FolderId, u64>, CatalogError> {
    let counts = tx.query_each_of(COUNTS, &[], folders, |row| {
        Ok((FolderId(row.integer(0)?), row.length(1)?))
    })?;
    Ok(counts.into_iter().collect())
}

/// The documents directly in at most 10,000 folders whose name key is behind `after`, those of one folder together and by name
/// key; at most `most`.
pub fn documents(
    tx: &mut Tx<'_>,
    folders: &[FolderId],
    (after, most): (&str, u64),
) -> Result<Vec<TreeDocument>, CatalogError> {
    tx.query_each_of(DOCUMENTS, &[after.into(), most.into()], folders, |row| {
        Ok(TreeDocument {
            folder: FolderId(row.integer(0)?),
            id: DocumentId(row.integer(1)?),
            name: row.text(2)?.to_owned(),
            scope: ScopeId(row.integer(3)?),
            owner: UserId(row.integer(4)?),
            modified: row.timestamp(5)?,
            raw_len: row.length(6)?,
            crc32: row.crc32(7)?,
        })
    })
}

/// What the documents directly in the folders add up to, by what decides the right of `user` on them. With more than 10,000
/// folders the same decision may come up more than once.
pub fn figures(
    tx: &mut Tx<'_>,
    folders: &[FolderId],
    user: UserId,
    since: [Timestamp; 3],
) -> Result<Vec<TreeFigures>, CatalogError> {
    let [first, second, third] = since;
    let values = [user.into(), first.into(), second.into(), third.into()];
    tx.query_each_of(FIGURES, &values, folders, |row| {
        Ok(TreeFigures {
            scope: ScopeId(row.integer(0)?),
            own: row.boolean(1)?,
            count: row.length(2)?,
            raw_len: row.length(3)?,
            locked: row.length(4)?,
            registered: [row.length(5)?, row.length(6)?, row.length(7)?],
        })
    })
}
