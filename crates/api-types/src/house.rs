//! How the house is set and who did what: `/api/v1/settings` and `/api/v1/audit`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What administrators set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// The longest document in bytes, 1 MiB to 1 PiB.
    pub document_max_len: u64,
    /// How many seconds an upload may take, 1 to 86,400. Kept for clients that ask.
    pub upload_timeout_seconds: u64,
    /// How long chunks should be in bytes when a client has no wish, 262,144 to 33,554,432.
    pub upload_chunk_len: u64,
    /// Whether archives may be staged.
    pub staging_enabled: bool,
    /// The most raw bytes in an archive; zero is unlimited.
    pub staging_max_len: u64,
    /// The most documents in an archive; zero is unlimited.
    pub staging_max_count: u64,
    /// Results a page, 1 to 1,000.
    pub search_page_size: u64,
    /// After how many months the system's recycle bin is purged, 0 to 36; zero is never.
    pub recycled_purge_months: u64,
    /// After how many days a user's recycle bin moves to the system's, 0 to 3,650; zero is never.
    pub recycled_move_days: u64,
    /// Whether owners may give items away.
    pub allow_ownership_transfer: bool,
}

/// The body of `PATCH /api/v1/settings`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// The longest document in bytes, 1 MiB to 1 PiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_max_len: Option<u64>,
    /// How many seconds an upload may take, 1 to 86,400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_timeout_seconds: Option<u64>,
    /// How long chunks should be in bytes when a client has no wish, 262,144 to 33,554,432.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_chunk_len: Option<u64>,
    /// Whether archives may be staged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staging_enabled: Option<bool>,
    /// The most raw bytes in an archive; zero is unlimited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staging_max_len: Option<u64>,
    /// The most documents in an archive; zero is unlimited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staging_max_count: Option<u64>,
    /// Results a page, 1 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_page_size: Option<u64>,
    /// After how many months the system's recycle bin is purged, 0 to 36; zero is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recycled_purge_months: Option<u64>,
    /// After how many days a user's recycle bin moves to the system's, 0 to 3,650; zero is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recycled_move_days: Option<u64>,
    /// Whether owners may give items away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_ownership_transfer: Option<bool>,
}

/// A deed that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its number; later deeds have higher ones.
    pub number: i64,
    /// When it was done.
    #[schema(format = DateTime)]
    pub at: String,
    /// The id of who did it.
    pub user: i64,
    /// The login name of who did it; empty when the account is gone.
    pub login: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Anything worth knowing besides; may be empty.
    pub detail: String,
}
