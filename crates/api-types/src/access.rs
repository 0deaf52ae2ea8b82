//! Who may do what: `/api/v1/folders/{id}/access` and `/api/v1/documents/{id}/access`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A right on an item. Not a linear order: `add` creates but does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Nothing, not even to know that the item exists.
    None,
    /// See the item in listings; of folders alone.
    List,
    /// List, and read documents.
    Read,
    /// List, and create; others' documents stay unread. Of folders alone.
    Add,
    /// List, read and create.
    AddRead,
    /// List, read, create and change.
    Change,
    /// Everything: also delete, access lists and ownership.
    FullControl,
}

/// A line of an access list: a right, and exactly one of `user`, `group`, `members` and `everyone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessEntry {
    /// A login name; no other entry counts for that user then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// A group's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The library of a local group or user; absent for global ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// The members of the library.
    #[serde(default, skip_serializing_if = "is_no")]
    pub members: bool,
    /// Everybody; counts in anonymous libraries only.
    #[serde(default, skip_serializing_if = "is_no")]
    pub everyone: bool,
    /// What is granted.
    pub right: Right,
}

/// The access list in force on an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessList {
    /// Whether it was set further up.
    pub inherited: bool,
    /// When it was set.
    #[schema(format = DateTime)]
    pub applied: String,
    /// The login name of who set it; empty when the account is gone.
    pub applied_by: String,
    /// Everybody and the members, always; then groups, then users.
    pub entries: Vec<AccessEntry>,
}

/// The body of `PUT …/access`: a list of the item's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccessList {
    /// Whom it names, each once; who is left out has no right by it.
    pub entries: Vec<AccessEntry>,
    /// Whether everything below the folder gets it as a list of its own too.
    #[serde(default)]
    pub tree: bool,
}

/// What the caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnRight {
    /// The right in force, with ownership, management and all groups.
    pub right: Right,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_no(value: &bool) -> bool {
    !*value
}
