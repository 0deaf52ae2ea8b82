//! Folders and documents: `/api/v1/items`, `/api/v1/folders`, `/api/v1/documents`.

use crate::Skip;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A folder or a document; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Item {
    /// A folder.
    Folder(Folder),
    /// A document.
    Document(Box<Document>),
}

/// The `kind` of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FolderKind {
    /// It is a folder.
    #[default]
    Folder,
}

/// The `kind` of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    /// It is a document.
    #[default]
    Document,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Folder {
    /// Always `folder`.
    pub kind: FolderKind,
    /// The positive id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its full path with a leading `/`.
    pub path: String,
    /// The name of its library.
    pub library: String,
    /// The id of the folder it lies in; absent for a library's topmost folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    /// Free text.
    pub description: String,
    /// The owner's login name; empty when the account is gone.
    pub owner: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When its name, description, place or rules last changed.
    #[schema(format = DateTime)]
    pub modified: String,
}

/// What a document holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DocumentForm {
    /// A file.
    #[default]
    File,
    /// Nothing of its own: it stands for another document.
    Shortcut,
    /// A web address.
    Address,
}

/// A document, in the version that its readers get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Always `document`.
    pub kind: DocumentKind,
    /// What it holds.
    pub form: DocumentForm,
    /// The positive id, the same for all versions.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its full path with a leading `/`.
    pub path: String,
    /// The id of the folder it lies in.
    pub folder: i64,
    /// The name of its library.
    pub library: String,
    /// The version that readers get; zero for a shortcut.
    pub version: i64,
    /// The newest version; it differs from `version` while it is not published.
    pub latest_version: i64,
    /// The length of the content in bytes.
    pub length: u64,
    /// The SHA-256 of the content in hexadecimal; absent for a shortcut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The CRC-32 of the content: eight hexadecimal digits.
    pub crc32: String,
    /// The media type that its name stands for.
    pub media_type: String,
    /// What a shortcut stands for: the id of a document, which may be gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// Free text.
    pub description: String,
    /// The owner's login name; empty when the account is gone.
    pub owner: String,
    /// Who wrote it, in words.
    pub author: String,
    /// The language it is in, in words.
    pub language: String,
    /// Where it comes from, in words.
    pub source: String,
    /// How to update it, in words.
    pub update_instructions: String,
    /// When the content was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When the content was last modified.
    #[schema(format = DateTime)]
    pub modified: String,
    /// The login name of who holds the lock, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_by: Option<String>,
}

/// A version of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Its number, from one.
    pub number: i64,
    /// The length of its content in bytes.
    pub length: u64,
    /// The SHA-256 of its content in hexadecimal.
    pub sha256: String,
    /// The CRC-32 of its content: eight hexadecimal digits.
    pub crc32: String,
    /// The login name of who uploaded it; empty when the account is gone.
    pub author: String,
    /// When it was uploaded.
    #[schema(format = DateTime)]
    pub created: String,
    /// What was said about it.
    pub comment: String,
    /// When it was published, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub published: Option<String>,
}

/// A folder of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TreeFolder {
    /// How far below the top of the tree it lies: one is directly in it.
    pub depth: u64,
    /// The folder.
    pub folder: Folder,
}

/// The body of `POST /api/v1/folders`: either `path`, or `parent` and `name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFolder {
    /// The full path; folders above it that are missing are made too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The id of the folder to make it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    /// Its name in `parent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The body of `PATCH /api/v1/folders/{id}`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderPatch {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id of the folder to move it into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
}

/// The body of `POST /api/v1/folders/{id}/copies`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderCopy {
    /// The id of the folder to copy it into.
    pub parent: i64,
    /// The copy's name; without it the name it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A folder that was copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CopiedFolder {
    /// The copy.
    pub folder: Folder,
    /// Documents that can be listed but not copied.
    pub skipped: Vec<Skip>,
}

/// The body of `PATCH /api/v1/documents/{id}`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPatch {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The id of the folder to move it into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<i64>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The language it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How to update it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_instructions: Option<String>,
}

/// The body of `POST /api/v1/documents/{id}/copies`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentCopy {
    /// The id of the folder to copy it into.
    pub folder: i64,
    /// The copy's name; without it the name it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
