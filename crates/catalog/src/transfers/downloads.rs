//! Staged downloads: who may fetch which bytes until when. Only the SHA-256 of a handle is stored.

pub mod ended;

use crate::{CatalogError, Counter, Row, Tx, Value, blobs};
use holdall_model::{BlobId, Digest, DocumentId, DownloadId, PackId, Timestamp, UserId, VersionNumber};

const INSERT: &str = "INSERT INTO downloads (id, handle_digest, user_id, kind, file_name, content_len, entry_count, \
    plan_digest, document_id, blob_id, pack_id, pack_offset, authz_epoch, created_at, expires_at, ends_at, version, \
    document_count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

const BY_HANDLE: &str = "SELECT downloads.id, user_id, kind, file_name, content_len, entry_count, plan_digest, \
    document_id, authz_epoch, downloads.created_at, expires_at, ends_at, downloads.pack_id, downloads.pack_offset, \
    COALESCE(stored_len, 0), COALESCE(method, 0), COALESCE(digest, plan_digest), COALESCE(crc32, 0), version, document_count FROM downloads \
    LEFT JOIN blobs ON blobs.id = downloads.blob_id WHERE handle_digest = $1";

const COUNT_LIVE: &str = "SELECT COUNT(*) FROM downloads WHERE user_id = $1 AND expires_at > $2";

const SLIDE: &str = "UPDATE downloads SET expires_at = $2 WHERE id = $1 AND expires_at < $2";

const LISTED: &str = "SELECT d.id, d.file_name, d.content_len, d.entry_count, d.created_at, d.expires_at, d.ends_at, \
    COALESCE(v.sent_len, 0), COALESCE(v.delivered_count, 0) FROM downloads d \
    LEFT JOIN deliveries v ON v.download_id = d.id WHERE d.user_id = $1 AND d.expires_at > $2 AND d.id < $3 \
    ORDER BY d.id DESC LIMIT $4";

const PLANS_IN_USE: &str = "SELECT DISTINCT plan_digest FROM downloads WHERE kind = 0";

const BLOB_AT: &str = "SELECT pack_offset FROM blobs WHERE pack_id = $1 AND pack_offset <= $2 AND pack_offset + stored_len > $2";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    BY_HANDLE,
    BLOB_AT,
    COUNT_LIVE,
    SLIDE,
    LISTED,
    PLANS_IN_USE,
];

/// What a download hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownloadKind {
    /// An archive: the digest of its plan.
    Archive(Digest),
    /// One version of a document.
    Document {
        /// The document.
        document: DocumentId,
        /// Which version.
        version: VersionNumber,
        /// The version's content.
        blob: BlobId,
    },
}

/// A download to remember.
#[derive(Clone, Debug)]
pub struct NewDownload {
    /// The SHA-256 of the handle that opens it.
    pub handle: Digest,
    /// Whose it is.
    pub user: UserId,
    /// What it hands out.
    pub kind: DownloadKind,
    /// The file name to save it under.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Entries in the archive; 1 for a document.
    pub entry_count: u64,
    /// Documents among them.
    pub document_count: u64,
    /// The epoch of the access lists in which all of it could be read.
    pub authz_epoch: i64,
    /// When it was staged.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// When it ends for good.
    pub ends: Timestamp,
    /// The pack of a document's content; zero for an archive.
    pub pack: PackId,
    /// The content's first byte in the pack.
    pub pack_offset: u64,
}

/// A remembered download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadRow {
    /// Its id.
    pub id: DownloadId,
    /// Whose it is.
    pub user: UserId,
    /// What it hands out.
    pub content: DownloadContent,
    /// The file name to save it under.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Entries in the archive; 1 for a document.
    pub entry_count: u64,
    /// Documents among them.
    pub document_count: u64,
    /// The epoch of the access lists in which all of it could be read.
    pub authz_epoch: i64,
    /// When it was staged.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// When it ends for good.
    pub ends: Timestamp,
}

/// What a remembered download hands out, and where its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownloadContent {
    /// An archive: the digest of its plan.
    Archive(Digest),
    /// One version of a document.
    Document(KeptDocument),
}

/// One version of a document, and where its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptDocument {
    /// The document.
    pub document: DocumentId,
    /// Which version; zero when it is not known.
    pub version: VersionNumber,
    /// The CRC-32 of its raw bytes.
    pub crc32: u32,
    /// The SHA-256 of its raw bytes.
    pub digest: Digest,
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub pack_offset: u64,
    /// Bytes in the pack.
    pub stored_len: u64,
    /// How it is stored: zip's method number.
    pub method: u8,
}

/// A live download as its owner sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRow {
    /// Its id.
    pub id: DownloadId,
    /// The file name to save it under.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Entries in the archive; 1 for a document.
    pub entry_count: u64,
    /// When it was staged.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// When it ends for good.
    pub ends: Timestamp,
    /// Bytes that were ever sent.
    pub sent_len: u64,
    /// Documents of which every byte was sent.
    pub delivered: u64,
}

/// Remembers a download.
pub fn insert(tx: &mut Tx<'_>, download: &NewDownload) -> Result<DownloadId, CatalogError> {
    let id = tx.next_ids(Counter::Downloads, 1)?;
    let none = (DocumentId(0), VersionNumber(0), BlobId(0));
    let (kind, plan, (document, version, blob)) = match &download.kind {
        DownloadKind::Archive(plan) => (0, plan.0.as_slice(), none),
        DownloadKind::Document {
            document,
            version,
            blob,
        } => (1, [].as_slice(), (*document, *version, *blob)),
    };
    let values: [Value<'_>; 18] = [
        id.into(),
        download.handle.into(),
        download.user.into(),
        kind.into(),
        Value::from(&download.file_name),
        download.content_len.into(),
        download.entry_count.into(),
        plan.into(),
        document.into(),
        blob.into(),
        download.pack.into(),
        download.pack_offset.into(),
        download.authz_epoch.into(),
        download.created.into(),
        download.expires.into(),
        download.ends.into(),
        version.into(),
        download.document_count.into(),
    ];
    tx.execute(INSERT, &values)?;
    Ok(DownloadId(id))
}

/// The download that a handle of this digest opens.
pub fn by_handle(tx: &mut Tx<'_>, handle: &Digest) -> Result<Option<DownloadRow>, CatalogError> {
    tx.query_one(BY_HANDLE, &[(*handle).into()], |row| {
        Ok(DownloadRow {
            id: DownloadId(row.integer(0)?),
            user: UserId(row.integer(1)?),
            content: content(row)?,
            file_name: row.text(3)?.to_owned(),
            content_len: row.length(4)?,
            entry_count: row.length(5)?,
            document_count: row.length(19)?,
            authz_epoch: row.integer(8)?,
            created: row.timestamp(9)?,
            expires: row.timestamp(10)?,
            ends: row.timestamp(11)?,
        })
    })
}

fn content(row: &Row<'_>) -> Result<DownloadContent, CatalogError> {
    if !row.boolean(2)? {
        return Ok(DownloadContent::Archive(row.digest(6)?));
    }
    Ok(DownloadContent::Document(KeptDocument {
        document: DocumentId(row.integer(7)?),
        version: VersionNumber(row.integer(18)?),
        crc32: row.crc32(17)?,
        digest: row.digest(16)?,
        pack: PackId(row.integer(12)?),
        pack_offset: row.length(13)?,
        stored_len: row.length(14)?,
        method: u8::try_from(row.integer(15)?)
            .map_err(|_beyond| CatalogError::inconsistent("a blob's method"))?,
    }))
}

/// How many downloads of a user have not expired at `now`.
pub fn count_live(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<u64, CatalogError> {
    Ok(tx
        .query_one(COUNT_LIVE, &[user.into(), now.into()], |row| row.length(0))?
        .unwrap_or_default())
}

/// Lets a download last until `expires`, if that is later; `false` if it is gone or lasts longer already.
pub fn slide(tx: &mut Tx<'_>, id: DownloadId, expires: Timestamp) -> Result<bool, CatalogError> {
    Ok(tx.execute(SLIDE, &[id.into(), expires.into()])? > 0)
}

/// The downloads of a user that have not expired at `now`, with numbers below `before`, the latest first.
pub fn listed(
    tx: &mut Tx<'_>,
    (user, now): (UserId, Timestamp),
    before: DownloadId,
    most: u64,
) -> Result<Vec<ListedRow>, CatalogError> {
    tx.query(
        LISTED,
        &[user.into(), now.into(), before.into(), most.into()],
        |row| {
            Ok(ListedRow {
                id: DownloadId(row.integer(0)?),
                file_name: row.text(1)?.to_owned(),
                content_len: row.length(2)?,
                entry_count: row.length(3)?,
                created: row.timestamp(4)?,
                expires: row.timestamp(5)?,
                ends: row.timestamp(6)?,
                sent_len: row.length(7)?,
                delivered: row.length(8)?,
            })
        },
    )
}

/// The digests of all plans that a download refers to.
pub fn plans_in_use(tx: &mut Tx<'_>) -> Result<Vec<Digest>, CatalogError> {
    tx.query(PLANS_IN_USE, &[], |row| row.digest(0))
}

/// Quarantines the blob that has the pack's byte `offset` in it, and the documents that readers get it from. Says how many
/// blobs that were: one or none.
pub fn quarantine_at(tx: &mut Tx<'_>, pack: PackId, offset: u64) -> Result<usize, CatalogError> {
    let starts = tx.query(BLOB_AT, &[pack.into(), offset.into()], |row| row.length(0))?;
    for start in &starts {
        blobs::quarantine(tx, pack, *start)?;
    }
    Ok(starts.len())
}
