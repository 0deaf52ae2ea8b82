//! Blobs, each stored once however often it is used, and the packs that hold them.

pub mod places;

use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{BlobId, Digest, PackId, Timestamp};
use std::collections::HashMap;

/// Stored content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRow {
    /// Its id.
    pub id: BlobId,
    /// The SHA-256 of the raw bytes.
    pub digest: Digest,
    /// Bytes before compression.
    pub raw_len: u64,
    /// Bytes in the pack.
    pub stored_len: u64,
    /// CRC-32 of the raw bytes.
    pub crc32: u32,
    /// How it is stored: zip's method number.
    pub method: u16,
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub pack_offset: u64,
    /// Whether it failed verification and must not be served.
    pub quarantined: bool,
}

/// Content that a pack on disk holds and the catalog may not know yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBlob {
    /// The SHA-256 of the raw bytes.
    pub digest: Digest,
    /// Bytes before compression.
    pub raw_len: u64,
    /// Bytes in the pack.
    pub stored_len: u64,
    /// CRC-32 of the raw bytes.
    pub crc32: u32,
    /// How it is stored: zip's method number.
    pub method: u16,
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub pack_offset: u64,
}

const BY_DIGESTS: &str = "SELECT b.id, b.digest, b.raw_len, b.stored_len, b.crc32, b.method, b.pack_id, \
     b.pack_offset, b.quarantined FROM {wanted} w JOIN blobs b ON b.digest = w.x";
const BY_ID: &str = "SELECT id, digest, raw_len, stored_len, crc32, method, pack_id, pack_offset, quarantined \
     FROM blobs WHERE id = $1";
const DIGESTS_OF_IDS: &str = "SELECT b.id, b.digest FROM {wanted} w JOIN blobs b ON b.id = w.x";
const IDS_BY_DIGESTS: &str = "SELECT b.digest, b.id FROM {wanted} w JOIN blobs b ON b.digest = w.x";
const INSERT: &str = "INSERT INTO blobs (id, digest, raw_len, stored_len, crc32, method, pack_id, pack_offset, \
     created_at, condemned_at, quarantined) {rows}";
const INSERT_PACK: &str =
    "INSERT INTO packs (id, stored_len, blob_count, created_at) VALUES ($1, $2, $3, $4)";
const QUARANTINE: &str = "UPDATE blobs SET quarantined = 1 WHERE pack_id = $1 AND pack_offset = $2";
const QUARANTINE_DOCUMENTS: &str = "UPDATE documents SET quarantined = 1 WHERE blob_id IN \
     (SELECT id FROM blobs WHERE pack_id = $1 AND pack_offset = $2)";

const CONDEMN: &str = "UPDATE blobs SET condemned_at = $1 WHERE condemned_at = 0 AND id IN {wanted} \
     AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.blob_id = blobs.id)";

pub(crate) const STATEMENTS: &[&str] = &[
    BY_DIGESTS,
    BY_ID,
    DIGESTS_OF_IDS,
    IDS_BY_DIGESTS,
    INSERT,
    INSERT_PACK,
    CONDEMN,
    QUARANTINE,
    QUARANTINE_DOCUMENTS,
];

fn blob_row(row: &Row<'_>) -> Result<BlobRow, CatalogError> {
    Ok(BlobRow {
        id: BlobId(row.integer(0)?),
        digest: row.digest(1)?,
        raw_len: row.length(2)?,
        stored_len: row.length(3)?,
        crc32: row.crc32(4)?,
        method: u16::try_from(row.integer(5)?)
            .map_err(|_other| CatalogError::inconsistent("a blob's method"))?,
        pack: PackId(row.integer(6)?),
        pack_offset: row.length(7)?,
        quarantined: row.boolean(8)?,
    })
}

/// The blob of each digest in the given order, `None` where there is none.
pub fn by_digests(tx: &mut Tx<'_>, digests: &[Digest]) -> Result<Vec<Option<BlobRow>>, CatalogError> {
    let found = tx.query_each_of(BY_DIGESTS, &[], digests, blob_row)?;
    let found: HashMap<Digest, BlobRow> = found.into_iter().map(|row| (row.digest, row)).collect();
    Ok(digests.iter().map(|digest| found.get(digest).cloned()).collect())
}

/// The SHA-256 of each of the blobs that are there.
pub fn digests_of(tx: &mut Tx<'_>, ids: &[BlobId]) -> Result<HashMap<BlobId, Digest>, CatalogError> {
    let found = tx.query_each_of(DIGESTS_OF_IDS, &[], ids, |row| {
        Ok((BlobId(row.integer(0)?), row.digest(1)?))
    })?;
    Ok(found.into_iter().collect())
}

/// The blob of an id.
pub fn blob(tx: &mut Tx<'_>, id: BlobId) -> Result<Option<BlobRow>, CatalogError> {
    tx.query_one(BY_ID, &[id.into()], blob_row)
}

/// The id of each blob in the given order. One whose digest is known, or comes twice in the list, is not inserted
/// again: its place in the new pack stays unused.
pub fn insert(tx: &mut Tx<'_>, blobs: &[NewBlob], now: Timestamp) -> Result<Vec<BlobId>, CatalogError> {
    let digests: Vec<Digest> = blobs.iter().map(|blob| blob.digest).collect();
    let known = tx.query_each_of(IDS_BY_DIGESTS, &[], &digests, |row| {
        Ok((row.digest(0)?, BlobId(row.integer(1)?)))
    })?;
    let mut ids: HashMap<Digest, BlobId> = known.into_iter().collect();
    let mut next = tx.next_ids(Counter::Blobs, u64::try_from(blobs.len()).unwrap_or(u64::MAX))?;
    let mut fresh = Vec::new();
    for blob in blobs {
        ids.entry(blob.digest).or_insert_with(|| {
            let id = BlobId(next);
            next += 1;
            fresh.push((id, blob));
            id
        });
    }
    tx.insert_many(INSERT, 11, fresh.iter().map(|(id, blob)| values(*id, blob, now)))?;
    Ok(digests
        .iter()
        .filter_map(|digest| ids.get(digest).copied())
        .collect())
}

fn values(id: BlobId, blob: &NewBlob, now: Timestamp) -> [Value<'static>; 11] {
    let none = Value::Integer(0);
    [
        id.into(),
        blob.digest.into(),
        blob.raw_len.into(),
        blob.stored_len.into(),
        blob.crc32.into(),
        blob.method.into(),
        blob.pack.into(),
        blob.pack_offset.into(),
        now.into(),
        none.clone(),
        none,
    ]
}

/// Records a pack that is on disk. Its id comes from [`Counter::Packs`].
pub fn insert_pack(
    tx: &mut Tx<'_>,
    id: PackId,
    stored_len: u64,
    blob_count: u64,
    now: Timestamp,
) -> Result<(), CatalogError> {
    tx.execute(
        INSERT_PACK,
        &[id.into(), stored_len.into(), blob_count.into(), now.into()],
    )?;
    Ok(())
}

/// Stops the serving of the blob at `offset` of a pack, and marks the documents whose readers get it. `false` when no
/// blob begins there.
pub fn quarantine(tx: &mut Tx<'_>, pack: PackId, offset: u64) -> Result<bool, CatalogError> {
    let changed = tx.execute(QUARANTINE, &[pack.into(), offset.into()])?;
    tx.execute(QUARANTINE_DOCUMENTS, &[pack.into(), offset.into()])?;
    Ok(changed > 0)
}

/// Marks those of the blobs that no version has any more; a sweep looks again before it takes anything away. Says how many.
pub fn condemn(tx: &mut Tx<'_>, blobs: &[BlobId], now: Timestamp) -> Result<u64, CatalogError> {
    tx.execute_each_of(CONDEMN, &[now.into()], blobs)
}
