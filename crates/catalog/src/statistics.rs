//! How much there is of everything, by counting and summing.

use crate::{CatalogError, Tx};
use holdall_model::{Timestamp, UserId};

/// Accounts without the built-in administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCounts {
    /// All of them.
    pub total: u64,
    /// Those that may be used.
    pub enabled: u64,
}

/// All documents that are stored, also recycled ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentCounts {
    /// How many there are.
    pub total: u64,
    /// The sum of the lengths of all their versions in bytes.
    pub raw_len: u64,
    /// How many are locked.
    pub locked: u64,
    /// How many were first uploaded at or after each of the instants asked for.
    pub registered_since: [u64; 3],
}

const USERS: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(enabled), 0) AS BIGINT) FROM users WHERE id <> $1";
/// A document with one version repeats its length, so that most need no look at their versions.
const DOCUMENTS: &str = "SELECT COUNT(*), \
     CAST(COALESCE(SUM(CASE WHEN version_count = 1 THEN raw_len ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN locked_by <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN registered_at >= $1 THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN registered_at >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN registered_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM documents";
const OF_MANY_VERSIONS: &str = "SELECT CAST(COALESCE(SUM(b.raw_len), 0) AS BIGINT) FROM documents d \
     JOIN versions v ON v.document_id = d.id JOIN blobs b ON b.id = v.blob_id WHERE d.version_count <> 1";

pub(crate) const STATEMENTS: &[&str] = &[USERS, DOCUMENTS, OF_MANY_VERSIONS];

/// Counts the accounts.
pub fn users(tx: &mut Tx<'_>) -> Result<UserCounts, CatalogError> {
    let counts = tx.query_one(USERS, &[UserId::BUILT_IN_ADMINISTRATOR.into()], |row| {
        Ok(UserCounts {
            total: row.length(0)?,
            enabled: row.length(1)?,
        })
    })?;
    counts.ok_or_else(no_row)
}

/// Counts the documents, and of them those that were first uploaded at or after each of three instants.
pub fn documents(tx: &mut Tx<'_>, since: [Timestamp; 3]) -> Result<DocumentCounts, CatalogError> {
    let counts = tx.query_one(DOCUMENTS, &since.map(Into::into), |row| {
        Ok(DocumentCounts {
            total: row.length(0)?,
            raw_len: row.length(1)?,
            locked: row.length(2)?,
            registered_since: [row.length(3)?, row.length(4)?, row.length(5)?],
        })
    })?;
    let mut counts = counts.ok_or_else(no_row)?;
    let more = tx.query_one(OF_MANY_VERSIONS, &[], |row| row.length(0))?;
    counts.raw_len = counts.raw_len.saturating_add(more.unwrap_or(0));
    Ok(counts)
}

fn no_row() -> CatalogError {
    CatalogError::inconsistent("an aggregate without a row")
}
