//! The end of downloads, and what is remembered of it for a while so that their owners are told.

use crate::{CatalogError, Tx};
use holdall_model::{Digest, DownloadId, Timestamp, UserId};

const REMEMBER: &str = "INSERT INTO ended_downloads (handle_digest, user_id, lost, ended_at) \
     SELECT handle_digest, user_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM downloads WHERE id = $1 ON CONFLICT DO NOTHING";
const REMEMBER_EXPIRED: &str = "INSERT INTO ended_downloads (handle_digest, user_id, lost, ended_at) \
     SELECT handle_digest, user_id, 0, CAST($1 AS BIGINT) FROM downloads WHERE expires_at <= $1 ON CONFLICT DO NOTHING";
const BY_HANDLE: &str = "SELECT user_id, lost FROM ended_downloads WHERE handle_digest = $1";
const DELETE: &str = "DELETE FROM downloads WHERE id = $1";
const DELETE_EXPIRED: &str = "DELETE FROM downloads WHERE expires_at <= $1";
const FORGET: &str = "DELETE FROM ended_downloads WHERE ended_at <= $1";

pub(crate) const STATEMENTS: &[&str] = &[
    REMEMBER,
    REMEMBER_EXPIRED,
    BY_HANDLE,
    DELETE,
    DELETE_EXPIRED,
    FORGET,
];

/// A download that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedDownload {
    /// Whose it was.
    pub user: UserId,
    /// How many of its documents could no longer be read, if that ended it; else zero.
    pub lost: u64,
}

/// Ends a download and remembers it; `false` if it is gone already. `lost` is why: so many documents that may no longer be read.
pub fn end(tx: &mut Tx<'_>, id: DownloadId, lost: u64, now: Timestamp) -> Result<bool, CatalogError> {
    tx.execute(REMEMBER, &[id.into(), lost.into(), now.into()])?;
    Ok(tx.execute(DELETE, &[id.into()])? > 0)
}

/// Ends the downloads that have expired at `now`, and says how many they were.
pub fn end_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(REMEMBER_EXPIRED, &[now.into()])?;
    tx.execute(DELETE_EXPIRED, &[now.into()])
}

/// The ended download that a handle of this digest opened.
pub fn by_handle(tx: &mut Tx<'_>, handle: &Digest) -> Result<Option<EndedDownload>, CatalogError> {
    tx.query_one(BY_HANDLE, &[(*handle).into()], |row| {
        Ok(EndedDownload {
            user: UserId(row.integer(0)?),
            lost: row.length(1)?,
        })
    })
}

/// Forgets the downloads that ended at `until` or before.
pub fn forget(tx: &mut Tx<'_>, until: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(FORGET, &[until.into()])
}
