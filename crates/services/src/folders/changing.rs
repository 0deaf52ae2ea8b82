//! A folder's name and description.

use crate::documents::store::taken;
use crate::folders::resolve::Place;
use crate::{Conflict, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::{Tx, folders};
use holdall_model::{Timestamp, UserId, clean_name, name_key};

/// A folder's name and description after a change; either may be what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderChange {
    /// The name; line breaks are dropped and characters that names cannot have replaced.
    pub name: String,
    /// Free text.
    pub description: String,
}

/// Writes the change of a folder that the caller may change.
pub(super) fn change(
    tx: &mut Tx<'_>,
    place: &Place,
    change: &FolderChange,
    (user, now): (UserId, Timestamp),
) -> Result<(), Failure> {
    let one_line: String = change
        .name
        .chars()
        .filter(|letter| !matches!(letter, '\r' | '\n'))
        .collect();
    let name = clean_name(&one_line).map_err(|problem| Failure::invalid("name", problem))?;
    let row = &place.row;
    if row.parent == folders::NO_PARENT && name != row.name {
        return Err(Failure::invalid(
            "name",
            "a library's folder is called as the library is",
        ));
    }
    match folders::child(tx, row.parent, &name_key(&name))? {
        Some(other) if other.id != row.id => return Err(Failure::Conflict(Conflict::Exists(Thing::Folder))),
        _ => {}
    }
    folders::describe(tx, row.id, &name, &change.description, now)
        .map_err(|error| taken(error, Thing::Folder))?;
    let deed = Deed {
        at: now,
        user,
        action: "folder changed",
        subject: &place.path,
        detail: &name,
    };
    audit::record(tx, deed)?;
    Ok(())
}
