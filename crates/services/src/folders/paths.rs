//! The paths of many folders at once.

use crate::folders::resolve::Place;
use holdall_catalog::folders::{self, NO_PARENT, PathStep};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::FolderId;
use std::collections::HashMap;

/// Where a folder is, in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Around {
    /// The folder's name.
    pub(crate) name: String,
    /// Its full path with a leading `/`.
    pub(crate) path: String,
    /// The name of its library.
    pub(crate) library_name: String,
}

impl From<&Place> for Around {
    fn from(place: &Place) -> Self {
        Self {
            name: place.row.name.clone(),
            path: place.path.clone(),
            library_name: place.library_name.clone(),
        }
    }
}

/// Some folders with all above them.
#[derive(Debug)]
pub(crate) struct Paths(HashMap<FolderId, PathStep>);

impl Paths {
    /// Loads what leads to `folders`, in one statement.
    pub(crate) fn above(tx: &mut Tx<'_>, folders: &[FolderId]) -> Result<Self, CatalogError> {
        folders::steps_above(tx, folders).map(Self)
    }

    /// Where one of the folders is; `None` when there is none of that id or it lies in a recycle bin.
    pub(crate) fn of(&self, folder: FolderId) -> Option<Around> {
        let first = self.0.get(&folder)?;
        let mut names = vec![first.name.as_str()];
        let mut parent = first.parent;
        while parent != NO_PARENT {
            let step = self.0.get(&parent)?;
            names.push(&step.name);
            parent = step.parent;
        }
        names.reverse();
        let library_name = names.first().copied().unwrap_or_default().to_owned();
        Some(Around {
            name: first.name.clone(),
            path: format!("/{}", names.join("/")),
            library_name,
        })
    }
}
