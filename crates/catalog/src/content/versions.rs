//! The versions of documents: each names the blob that holds its content.

use crate::documents::Content;
use crate::{CatalogError, Row, Tx, Value};
use holdall_model::{BlobId, Digest, DocumentId, Timestamp, UserId, VersionNumber};

/// A version with the place of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// Its number, unique in the document.
    pub number: VersionNumber,
    /// Who uploaded it.
    pub author: UserId,
    /// The author's login name; empty when the account is gone.
    pub author_login: String,
    /// What the author said about it.
    pub comment: String,
    /// When it was uploaded.
    pub created: Timestamp,
    /// When it was published; `None` when it never was.
    pub published: Option<Timestamp>,
    /// Its content.
    pub content: Content,
    /// The SHA-256 of its content.
    pub digest: Digest,
}

/// A version to insert.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// The document it belongs to.
    pub document: DocumentId,
    /// Its number.
    pub number: VersionNumber,
    /// The blob that holds its content.
    pub blob: BlobId,
    /// Who uploads it.
    pub author: UserId,
    /// What the author says about it.
    pub comment: String,
    /// Whether readers get it at once.
    pub published: bool,
}

/// A version to insert with a past of its own.
#[derive(Clone, Debug)]
pub struct PastVersion {
    /// The version; whether it is published says `published` below.
    pub version: NewVersion,
    /// When it was uploaded.
    pub created: Timestamp,
    /// When it was published; `None` when it never was.
    pub published: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "SELECT v.number, v.author_id, COALESCE(u.login, ''), v.comment, v.created_at, v.published_at, b.id, b.raw_len, \
         b.stored_len, b.crc32, b.method, b.pack_id, b.pack_offset, b.digest"
    };
}
macro_rules! joined {
    () => {
        " JOIN blobs b ON b.id = v.blob_id LEFT JOIN users u ON u.id = v.author_id"
    };
}
macro_rules! select {
    ($condition:literal) => {
        concat!(
            columns!(),
            " FROM versions v",
            joined!(),
            " WHERE v.document_id = $1",
            $condition
        )
    };
}

const OF_DOCUMENT: &str = select!(" ORDER BY v.number");
const OF_DOCUMENTS: &str = concat!(
    columns!(),
    ", v.document_id FROM {wanted} w JOIN versions v ON v.document_id = w.x",
    joined!(),
    " ORDER BY v.document_id, v.number"
);
const BY_NUMBER: &str = select!(" AND v.number = $2");
const INSERT: &str =
    "INSERT INTO versions (document_id, number, blob_id, author_id, comment, created_at, published_at)";
const REMOVE: &str = "DELETE FROM versions WHERE document_id = $1 AND number IN {wanted}";
const SET_PUBLISHED: &str = "UPDATE versions SET published_at = $3 WHERE document_id = $1 AND number = $2";
const SET_COMMENT: &str = "UPDATE versions SET comment = $3 WHERE document_id = $1 AND number = $2";
const BY_AUTHOR: &str = "SELECT COUNT(*) FROM versions WHERE document_id = $1 AND author_id = $2";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    OF_DOCUMENT,
    OF_DOCUMENTS,
    BY_NUMBER,
    REMOVE,
    SET_PUBLISHED,
    SET_COMMENT,
    BY_AUTHOR,
];

fn read(row: &Row<'_>) -> Result<VersionRow, CatalogError> {
    let published = row.timestamp(5)?;
    Ok(VersionRow {
        number: VersionNumber(row.integer(0)?),
        author: UserId(row.integer(1)?),
        author_login: row.text(2)?.to_owned(),
        comment: row.text(3)?.to_owned(),
        created: row.timestamp(4)?,
        published: (published.0 != 0).then_some(published),
        content: Content::read(row, 6)?,
        digest: row.digest(13)?,
    })
}

/// All versions of a document, ascending.
pub fn of_document(tx: &mut Tx<'_>, document: DocumentId) -> Result<Vec<VersionRow>, CatalogError> {
    tx.query(OF_DOCUMENT, &[document.into()], read)
}

/// All versions of many documents, those of one document ascending.
pub fn of_documents(
    tx: &mut Tx<'_>,
    documents: &[DocumentId],
) -> Result<Vec<(DocumentId, VersionRow)>, CatalogError> {
    tx.query_each_of(OF_DOCUMENTS, &[], documents, |row| {
        Ok((DocumentId(row.integer(14)?), read(row)?))
    })
}

/// One version of a document.
pub fn version(
    tx: &mut Tx<'_>,
    document: DocumentId,
    number: VersionNumber,
) -> Result<Option<VersionRow>, CatalogError> {
    tx.query_one(BY_NUMBER, &[document.into(), number.into()], read)
}

/// Inserts versions; the documents' rows are the caller's to keep in step.
pub fn insert(tx: &mut Tx<'_>, versions: &[NewVersion], now: Timestamp) -> Result<(), CatalogError> {
    let rows = versions.iter().map(|version| {
        let published = if version.published { now } else { Timestamp(0) };
        values(version, now, published)
    });
    tx.insert_many(INSERT, 7, rows)
}

/// Inserts versions of the past; the documents' rows are the caller's to keep in step.
pub fn insert_past(tx: &mut Tx<'_>, versions: &[PastVersion]) -> Result<(), CatalogError> {
    let rows = versions.iter().map(|past| {
        let published = past.published.unwrap_or(Timestamp(0));
        values(&past.version, past.created, published)
    });
    tx.insert_many(INSERT, 7, rows)
}

fn values(version: &NewVersion, created: Timestamp, published: Timestamp) -> [Value<'_>; 7] {
    [
        version.document.into(),
        version.number.into(),
        version.blob.into(),
        version.author.into(),
        version.comment.as_str().into(),
        created.into(),
        published.into(),
    ]
}

/// Removes versions of a document. Their content stays for upkeep to drop, and the document's row is the caller's to keep in step.
pub fn remove(tx: &mut Tx<'_>, document: DocumentId, numbers: &[VersionNumber]) -> Result<(), CatalogError> {
    tx.execute_each_of(REMOVE, &[document.into()], numbers)
        .map(|_removed| ())
}

/// Notes when a version was published; the document's row is the caller's to keep in step.
pub fn set_published(
    tx: &mut Tx<'_>,
    document: DocumentId,
    number: VersionNumber,
    at: Timestamp,
) -> Result<(), CatalogError> {
    tx.execute(SET_PUBLISHED, &[document.into(), number.into(), at.into()])
        .map(|_changed| ())
}

/// Replaces what the author said about a version.
pub fn set_comment(
    tx: &mut Tx<'_>,
    document: DocumentId,
    number: VersionNumber,
    comment: &str,
) -> Result<(), CatalogError> {
    tx.execute(SET_COMMENT, &[document.into(), number.into(), comment.into()])
        .map(|_changed| ())
}

/// Whether a user uploaded one of the document's versions.
pub fn has_author(tx: &mut Tx<'_>, document: DocumentId, user: UserId) -> Result<bool, CatalogError> {
    let count = tx.query_one(BY_AUTHOR, &[document.into(), user.into()], |row| row.integer(0))?;
    Ok(count.unwrap_or_default() > 0)
}
