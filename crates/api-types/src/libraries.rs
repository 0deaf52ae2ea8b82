//! Libraries: `/api/v1/libraries`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Library {
    /// The positive id.
    pub id: i64,
    /// Its name, unique without regard to case.
    pub name: String,
    /// The id of its topmost folder.
    pub folder: i64,
    /// Whether everybody may look into it, as far as the access lists grant it.
    pub anonymous: bool,
    /// Whether its documents are offline and nothing in it changes.
    pub archived: bool,
    /// Whether it is left out of normal listings.
    pub hidden: bool,
    /// A text for visitors.
    pub welcome_message: String,
}

/// The body of `POST /api/v1/libraries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLibrary {
    /// Its name, unique without regard to case.
    pub name: String,
    /// Whether everybody may look into it, as far as the access lists grant it.
    #[serde(default)]
    pub anonymous: bool,
    /// Whether it is left out of normal listings.
    #[serde(default)]
    pub hidden: bool,
    /// A text for visitors.
    #[serde(default)]
    pub welcome_message: String,
}

/// The body of `PATCH /api/v1/libraries/{library}`: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LibraryPatch {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether everybody may look into it, as far as the access lists grant it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// Whether its documents are offline and nothing in it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Whether it is left out of normal listings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The new text for visitors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_message: Option<String>,
}
