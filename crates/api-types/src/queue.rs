//! The caller's basket, and what the server can do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of `POST /api/v1/queue`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueItems {
    /// Paths (`/Library/Folder/name.pdf`) and short ids (`~D7`, `~F7`); those that are in it already stay.
    pub items: Vec<String>,
}

/// What the server can do, for anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capabilities {
    /// The program's version.
    pub version: String,
    /// The formats of archives.
    pub formats: Vec<String>,
    /// The bounds of calls.
    pub limits: CallLimits,
    /// What else there is, by name.
    pub features: Vec<String>,
}

/// The bounds of calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallLimits {
    /// The most items of a page.
    pub page: u64,
    /// The most bytes of a document in one PUT.
    pub put_bytes: u64,
    /// The most bytes of a JSON body.
    pub body_bytes: u64,
}
