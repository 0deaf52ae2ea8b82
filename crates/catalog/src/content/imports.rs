//! What is in many folders already, in one set query each, so that an import asks once and not once a file.

use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, Timestamp, VersionNumber};

/// A folder that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFolder {
    /// The folder it lies in.
    pub parent: FolderId,
    /// The key of its name.
    pub name_key: String,
    /// Its id.
    pub id: FolderId,
}

/// A document that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDocument {
    /// The folder it lies in.
    pub folder: FolderId,
    /// The key of its name.
    pub name_key: String,
    /// Its id.
    pub id: DocumentId,
    /// The raw length of its current version in bytes.
    pub raw_len: u64,
    /// When the current version's content was last modified.
    pub modified: Timestamp,
}

/// A version that is there already, or a document without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVersion {
    /// The folder that the document lies in.
    pub folder: FolderId,
    /// The key of the document's name.
    pub name_key: String,
    /// The document.
    pub document: DocumentId,
    /// The version's number; zero for a document without versions.
    pub number: VersionNumber,
    /// The raw length of its content in bytes.
    pub raw_len: u64,
    /// The CRC32 of its content.
    pub crc32: u32,
}

const FOLDERS_IN: &str =
    "SELECT f.parent_id, f.name_key, f.id FROM {wanted} w JOIN folders f ON f.parent_id = w.x";
const DOCUMENTS_IN: &str = "SELECT d.folder_id, d.name_key, d.id, d.raw_len, d.modified_at \
     FROM {wanted} w JOIN documents d ON d.folder_id = w.x";

const VERSIONS_IN: &str = "SELECT d.folder_id, d.name_key, d.id, COALESCE(v.number, 0), COALESCE(b.raw_len, 0), \
     COALESCE(b.crc32, 0) FROM {wanted} w JOIN documents d ON d.folder_id = w.x \
     LEFT JOIN versions v ON v.document_id = d.id LEFT JOIN blobs b ON b.id = v.blob_id";

pub(crate) const STATEMENTS: &[&str] = &[FOLDERS_IN, DOCUMENTS_IN, VERSIONS_IN];

/// The folders directly in any of `parents`.
pub fn folders_in(tx: &mut Tx<'_>, parents: &[FolderId]) -> Result<Vec<KnownFolder>, CatalogError> {
    tx.query_each_of(FOLDERS_IN, &[], parents, |row| {
        Ok(KnownFolder {
            parent: FolderId(row.integer(0)?),
            name_key: row.text(1)?.to_owned(),
            id: FolderId(row.integer(2)?),
        })
    })
}

/// The versions of the documents directly in any of `folders`, in no order; a document without any comes once.
pub fn versions_in(tx: &mut Tx<'_>, folders: &[FolderId]) -> Result<Vec<KnownVersion>, CatalogError> {
    tx.query_each_of(VERSIONS_IN, &[], folders, |row| {
        Ok(KnownVersion {
            folder: FolderId(row.integer(0)?),
            name_key: row.text(1)?.to_owned(),
            document: DocumentId(row.integer(2)?),
            number: VersionNumber(row.integer(3)?),
            raw_len: row.length(4)?,
            crc32: row.crc32(5)?,
        })
    })
}

/// The documents directly in any of `folders`.
pub fn documents_in(tx: &mut Tx<'_>, folders: &[FolderId]) -> Result<Vec<KnownDocument>, CatalogError> {
    tx.query_each_of(DOCUMENTS_IN, &[], folders, |row| {
        Ok(KnownDocument {
            folder: FolderId(row.integer(0)?),
            name_key: row.text(1)?.to_owned(),
            id: DocumentId(row.integer(2)?),
            raw_len: row.length(3)?,
            modified: row.timestamp(4)?,
        })
    })
}
