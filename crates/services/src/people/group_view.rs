//! Groups as they are shown.

use super::NO_LIBRARY;
use holdall_catalog::people::GroupRow;
use holdall_catalog::people::membership::NamedGroupRow;
use holdall_model::{GroupId, LibraryId};

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The id and name of a local group's library; `None` for a global one.
    pub library: Option<(LibraryId, String)>,
    /// Whether its members are shown to everybody.
    pub public: bool,
}

impl GroupView {
    /// A global group.
    pub(crate) fn global(group: GroupRow) -> Self {
        Self::from(NamedGroupRow {
            group,
            library_name: String::new(),
        })
    }
}

impl From<NamedGroupRow> for GroupView {
    fn from(row: NamedGroupRow) -> Self {
        let NamedGroupRow { group, library_name } = row;
        let is_local = group.library != NO_LIBRARY;
        Self {
            id: group.id,
            name: group.name,
            library: is_local.then_some((group.library, library_name)),
            public: group.public,
        }
    }
}
