//! What is in an archive, entry by entry: `GET /api/v1/downloads/{id}/manifest`, one JSON object a line.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The first line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManifestHead {
    /// The archive as a whole.
    pub archive: ManifestArchive,
}

/// The archive that a manifest is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManifestArchive {
    /// The file name to save under.
    pub name: String,
    /// The exact length of the archive.
    pub length: u64,
    /// Lines that follow this one.
    pub entries: u64,
    /// The strong entity tag, quoted.
    pub etag: String,
    /// The rules by which entries become bytes, `zip/1`; `document` when the content is one document's own bytes.
    pub layout: String,
    /// When it was staged.
    pub created: String,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A document.
    Document,
    /// A folder, which has no content.
    Folder,
}

/// An entry, in the order of the archive.
///
/// Entries are contiguous: the next one's `offset` is `data` + `stored`. After the last comes the central directory, up to the
/// archive's length. Folders have neither document nor version nor checksums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManifestEntry {
    /// The path in the archive, without the slash that ends a folder's.
    pub path: String,
    /// Document or folder.
    pub kind: EntryKind,
    /// The document's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<i64>,
    /// Which version of the document, as its list of versions numbers it; absent when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The SHA-256 of the document's bytes, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The CRC-32 of the document's bytes, 8 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crc32: Option<String>,
    /// The CRC-32 of the bytes that it takes in the archive, 8 hexadecimal digits; absent when that is not known. Who checks it
    /// has the archive to the bit, which a check of the document does not prove: a content has many deflated forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_crc32: Option<String>,
    /// Bytes of the document.
    pub length: u64,
    /// Bytes that it takes in the archive, its header aside.
    pub stored: u64,
    /// How they are packed: 0 not at all, 8 deflated.
    pub method: u16,
    /// Where in the archive the entry's local header starts.
    pub offset: u64,
    /// Where in the archive its stored bytes start.
    pub data: u64,
    /// When the document or folder was changed last.
    pub modified: String,
}
