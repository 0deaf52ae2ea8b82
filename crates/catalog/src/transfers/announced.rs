//! What was said of an upload when it began: how long it will be, and which document it becomes.

use crate::transfers::uploads::{self, UploadRow};
use crate::{CatalogError, Row, Tx};
use holdall_model::{Digest, DocumentId, FolderId, Timestamp, UploadId, VersionNumber};

/// What was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// How many bytes there will be.
    pub total_len: u64,
    /// The folder that the document goes to.
    pub folder: FolderId,
    /// The document's name.
    pub name: String,
    /// What the author says about the version.
    pub comment: String,
    /// When the content was last modified, if that was said.
    pub modified: Option<Timestamp>,
    /// What the sender wants back.
    pub note: String,
}

/// An announced upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedRow {
    /// What has arrived. It is complete when the document is stored.
    pub upload: UploadRow,
    /// What was announced.
    pub announced: Announced,
    /// What it became.
    pub stored: Option<(DocumentId, VersionNumber)>,
}

const INSERT: &str = "INSERT INTO announced_uploads (upload_id, total_len, folder_id, name, comment, modified_given, modified_at, \
     note, document_id, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)";
const BY_HANDLE: &str = "SELECT u.id, u.user_id, u.chunk_len, u.received_len, u.crc32, u.complete, u.expires_at, a.total_len, \
     a.folder_id, a.name, a.comment, a.modified_given, a.modified_at, a.note, a.document_id, a.version \
     FROM uploads u JOIN announced_uploads a ON a.upload_id = u.id WHERE u.handle_digest = $1";
const SET_STORED: &str =
    "UPDATE announced_uploads SET document_id = $2, version = $3 WHERE upload_id = $1 AND document_id = 0";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, BY_HANDLE, SET_STORED];

fn read(row: &Row<'_>) -> Result<AnnouncedRow, CatalogError> {
    let (modified, document) = (row.timestamp(12)?, row.integer(14)?);
    let version = VersionNumber(row.integer(15)?);
    Ok(AnnouncedRow {
        upload: uploads::read(row)?,
        announced: Announced {
            total_len: row.length(7)?,
            folder: FolderId(row.integer(8)?),
            name: row.text(9)?.to_owned(),
            comment: row.text(10)?.to_owned(),
            modified: row.boolean(11)?.then_some(modified),
            note: row.text(13)?.to_owned(),
        },
        stored: (document != 0).then_some((DocumentId(document), version)),
    })
}

/// Keeps what is announced of an upload that has begun.
pub fn insert(tx: &mut Tx<'_>, upload: UploadId, announced: &Announced) -> Result<(), CatalogError> {
    let values = [
        upload.into(),
        announced.total_len.into(),
        announced.folder.into(),
        (&announced.name).into(),
        (&announced.comment).into(),
        announced.modified.is_some().into(),
        announced.modified.unwrap_or(Timestamp(0)).into(),
        (&announced.note).into(),
    ];
    tx.execute(INSERT, &values).map(|_one| ())
}

/// The announced upload with that handle, also when it has expired or belongs to somebody else.
pub fn by_handle(tx: &mut Tx<'_>, handle: &Digest) -> Result<Option<AnnouncedRow>, CatalogError> {
    tx.query_one(BY_HANDLE, &[(*handle).into()], read)
}

/// Records what an upload became; `false` when it had become something before or has ended.
pub fn set_stored(
    tx: &mut Tx<'_>,
    upload: UploadId,
    (document, version): (DocumentId, VersionNumber),
) -> Result<bool, CatalogError> {
    Ok(tx.execute(SET_STORED, &[upload.into(), document.into(), version.into()])? == 1)
}
