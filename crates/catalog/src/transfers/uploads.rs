//! Uploads under way: how much of each is durable in its spool, and until when it may go on.

use crate::{CatalogError, Counter, Row, Tx};
use holdall_model::{Digest, Timestamp, UploadId, UserId};

/// An upload under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Its id, which also names its spool.
    pub id: UploadId,
    /// Who uploads.
    pub user: UserId,
    /// How long chunks should be, in bytes.
    pub chunk_len: u64,
    /// How many bytes of the spool are durable and count.
    pub received_len: u64,
    /// The CRC32 of those bytes.
    pub crc32: u32,
    /// Whether the last chunk arrived.
    pub complete: bool,
    /// When it ends by itself.
    pub expires: Timestamp,
}

/// An upload to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewUpload {
    /// The SHA-256 of its handle.
    pub handle: Digest,
    /// Who uploads.
    pub user: UserId,
    /// How long chunks should be, in bytes.
    pub chunk_len: u64,
    /// When it begins.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
}

const INSERT: &str = "INSERT INTO uploads (id, handle_digest, user_id, chunk_len, received_len, crc32, complete, created_at, \
     expires_at) VALUES ($1, $2, $3, $4, 0, 0, 0, $5, $6)";
const BY_HANDLE: &str = "SELECT id, user_id, chunk_len, received_len, crc32, complete, expires_at FROM uploads \
     WHERE handle_digest = $1 AND NOT EXISTS (SELECT 1 FROM announced_uploads a WHERE a.upload_id = uploads.id)";
const COUNT: &str = "SELECT COUNT(*) FROM uploads WHERE user_id = $1 AND expires_at > $2 AND NOT EXISTS \
     (SELECT 1 FROM announced_uploads a WHERE a.upload_id = uploads.id AND a.document_id <> 0)";
const ADVANCE: &str = "UPDATE uploads SET received_len = $3, crc32 = $4, complete = $5, expires_at = $6 \
     WHERE id = $1 AND received_len = $2 AND complete = 0";
const REMOVE: &str = "DELETE FROM uploads WHERE id = $1";
const REMOVE_EXPIRED: &str = "DELETE FROM uploads WHERE expires_at <= $1";
const IDS: &str = "SELECT id FROM uploads ORDER BY id";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, BY_HANDLE, COUNT, ADVANCE, REMOVE, REMOVE_EXPIRED, IDS];

pub(crate) fn read(row: &Row<'_>) -> Result<UploadRow, CatalogError> {
    Ok(UploadRow {
        id: UploadId(row.integer(0)?),
        user: UserId(row.integer(1)?),
        chunk_len: row.length(2)?,
        received_len: row.length(3)?,
        crc32: row.crc32(4)?,
        complete: row.boolean(5)?,
        expires: row.timestamp(6)?,
    })
}

/// Begins an upload and gives its id.
pub fn insert(tx: &mut Tx<'_>, upload: &NewUpload) -> Result<UploadId, CatalogError> {
    let id = UploadId(tx.next_ids(Counter::Uploads, 1)?);
    let values = [
        id.into(),
        upload.handle.into(),
        upload.user.into(),
        upload.chunk_len.into(),
        upload.created.into(),
        upload.expires.into(),
    ];
    tx.execute(INSERT, &values)?;
    Ok(id)
}

/// The upload of unknown length with that handle, also when it has expired or belongs to somebody else.
pub fn by_handle(tx: &mut Tx<'_>, handle: &Digest) -> Result<Option<UploadRow>, CatalogError> {
    tx.query_one(BY_HANDLE, &[(*handle).into()], read)
}

/// How many uploads of a user have neither ended at `now` nor become documents.
pub fn count(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<u64, CatalogError> {
    Ok(tx
        .query_one(COUNT, &[user.into(), now.into()], |row| row.length(0))?
        .unwrap_or(0))
}

/// Records what `upload` holds now, if until this moment `received_before` bytes counted and it was not complete; `false` when
/// another chunk came first or it has ended.
pub fn advance(tx: &mut Tx<'_>, upload: &UploadRow, received_before: u64) -> Result<bool, CatalogError> {
    let values = [
        upload.id.into(),
        received_before.into(),
        upload.received_len.into(),
        upload.crc32.into(),
        upload.complete.into(),
        upload.expires.into(),
    ];
    Ok(tx.execute(ADVANCE, &values)? == 1)
}

/// Ends an upload; `false` when it had ended before.
pub fn remove(tx: &mut Tx<'_>, id: UploadId) -> Result<bool, CatalogError> {
    Ok(tx.execute(REMOVE, &[id.into()])? == 1)
}

/// Ends all uploads that expired at `now` or before; gives how many.
pub fn remove_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(REMOVE_EXPIRED, &[now.into()])
}

/// The ids of all uploads under way, ascending.
pub fn ids(tx: &mut Tx<'_>) -> Result<Vec<UploadId>, CatalogError> {
    tx.query(IDS, &[], |row| Ok(UploadId(row.integer(0)?)))
}
