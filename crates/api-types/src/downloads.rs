//! Staging archives and fetching them: `/api/v1/downloads`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of `POST /api/v1/downloads`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageDownload {
    /// What to put in: paths (`/Library/Folder/name.pdf`) and short ids (`~D7`, `~F7`). What does not resolve is left out silently.
    pub items: Vec<String>,
    /// `true` puts in what is in the caller's download queue too.
    #[serde(default)]
    pub queue: bool,
    /// What to do about documents that can be listed but not included.
    #[serde(default)]
    pub mode: Mode,
    /// The archive's file name; without it one is made from the selection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `true` answers what the archive would be and stages nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// What staging does about documents that can be listed but not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Stage nothing and name them.
    #[default]
    Strict,
    /// Leave them out and name them.
    Partial,
}

/// What was staged, or would be (dry run).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StagedDownload {
    /// The download's id: with the bearer token of its owner it opens the content. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the content is, relative to the server's address. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_url: Option<String>,
    /// Where it says how much of it was sent. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_url: Option<String>,
    /// Where the list of its entries is. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_url: Option<String>,
    /// When the download ends unless it is used before. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// When it ends for good. Absent in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// The archive's file name.
    pub name: String,
    /// The exact length of the archive.
    pub length: u64,
    /// Entries in the archive: documents and folders.
    pub entries: u64,
    /// Documents in the archive.
    pub documents: u64,
    /// Bytes of those documents, before they are packed.
    pub raw_length: u64,
    /// The strong entity tag, quoted: equal archives have equal tags.
    pub etag: String,
    /// What was left out.
    pub skipped: Vec<Skip>,
    /// What has another name in the archive than in the library.
    pub renamed: Vec<Rename>,
    /// How much of what administrators allow in one archive this one takes.
    pub limits: StagingLimits,
}

/// What administrators allow in one archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StagingLimits {
    /// Documents. Absent when they are not limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<Headroom>,
    /// Bytes of the documents before they are packed. Absent when they are not limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_bytes: Option<Headroom>,
}

/// A limit and what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Headroom {
    /// The most that is allowed.
    pub limit: u64,
    /// What the archive takes.
    pub asked: u64,
    /// What could be added.
    pub left: u64,
}

/// A document that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skip {
    /// Its full path.
    pub path: String,
    /// Its id.
    pub document: i64,
    /// Why.
    pub reason: SkipReason,
    /// Why, in words for people.
    #[serde(default)]
    pub detail: String,
}

/// Why a document was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It may be listed but not read.
    NotReadable,
    /// Its library is archived.
    Offline,
    /// Its stored content failed verification.
    Quarantined,
    /// It has no version to read.
    NoVersion,
    /// What a shortcut stands for is gone, or the caller may not see it.
    TargetMissing,
}

impl SkipReason {
    /// The reason in words for people.
    #[must_use]
    pub fn detail(self) -> &'static str {
        match self {
            Self::NotReadable => "you may list this document but not read it",
            Self::Offline => "the library is archived and its documents are offline",
            Self::Quarantined => "the stored content failed verification and is not served",
            Self::NoVersion => "the document has no version that you may read",
            Self::TargetMissing => "what the shortcut stands for is gone or not yours to see",
        }
    }
}

/// A document or folder whose name in the archive differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rename {
    /// Its full path in the library.
    pub path: String,
    /// Its path in the archive.
    pub name: String,
}

/// The answer of `GET /api/v1/downloads/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Download {
    /// The download's id.
    pub id: String,
    /// Its number: no secret, and the same in lists and receipts.
    pub number: i64,
    /// Where the content is, relative to the server's address.
    pub content_url: String,
    /// Where it says how much of it was sent.
    pub status_url: String,
    /// Where the list of its entries is.
    pub manifest_url: String,
    /// The file name to save under.
    pub name: String,
    /// The exact length of the content.
    pub length: u64,
    /// Entries in the archive; one for a single document.
    pub entries: u64,
    /// The strong entity tag, quoted.
    pub etag: String,
    /// When it was staged.
    pub created: String,
    /// When the download ends unless it is used before.
    pub expires: String,
    /// When it ends for good.
    pub ends: String,
}

/// A live download in the list of `GET /api/v1/downloads`. It has no id, because the server keeps only the id's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedDownload {
    /// Its number.
    pub number: i64,
    /// The file name to save under.
    pub name: String,
    /// The exact length of the content.
    pub length: u64,
    /// Entries in the archive; one for a single document.
    pub entries: u64,
    /// When it was staged.
    pub created: String,
    /// When the download ends unless it is used before.
    pub expires: String,
    /// When it ends for good.
    pub ends: String,
    /// Bytes that were ever sent, repetitions included.
    pub sent: u64,
    /// Documents that were sent whole.
    pub delivered_documents: u64,
}
