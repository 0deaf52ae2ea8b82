//! Signed links to downloads: `/api/v1/downloads/{id}/links` and `/api/v1/links`.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// The body of `POST /api/v1/downloads/{id}/links`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// Seconds until the link expires; one day without it. It never lasts longer than the download.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// What who uses the link must know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// How often the link may be used; without it as often as one likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u64>,
    /// The networks that it may be used from, such as `10.0.0.0/8` or `192.0.2.7`; none means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The file name in the link's address; the download's own without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl fmt::Debug for NewLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewLink")
            .field("expires_in", &self.expires_in)
            .field("uses", &self.uses)
            .field("addresses", &self.addresses)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// Its id: no secret.
    pub id: i64,
    /// The number of the download it opens.
    pub download: i64,
    /// The address to hand out, a secret. Shown once, when the link is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The file name in its address.
    pub name: String,
    /// When it was made.
    pub created: String,
    /// When it expires.
    pub expires: String,
    /// Whether it wants a password.
    pub password: bool,
    /// How often it may be used; absent when that is not limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u64>,
    /// How often it was used.
    pub used: u64,
    /// The networks that it may be used from; none means any.
    pub addresses: Vec<String>,
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Link")
            .field("id", &self.id)
            .field("download", &self.download)
            .field("expires", &self.expires)
            .field("uses", &self.uses)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}
