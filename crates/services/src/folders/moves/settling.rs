//! Making an item a part of the folder it was put into: its name, its library and the access lists in force.

use crate::documents::store::taken;
use crate::{Failure, Thing, access, people};
use holdall_catalog::access::{self as lists, Principal, ScopeEntry};
use holdall_catalog::documents::{self, DocumentRow, NewPlace};
use holdall_catalog::folders::{self, FolderRow};
use holdall_catalog::{Tx, subtrees};
use holdall_model::{GroupId, LibraryId, ScopeId, Timestamp};
use std::collections::HashSet;

/// Puts a folder with all below it into `into`. Lists that were set on it or below stay, the rest inherits. Everything that
/// remembers rights must be told afterwards.
pub(crate) fn settle_folder(
    tx: &mut Tx<'_>,
    row: &FolderRow,
    into: &FolderRow,
    name: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    folders::relocate(tx, row, into.id, name, now).map_err(|error| taken(error, Thing::Folder))?;
    if row.library != into.library {
        subtrees::rehome(tx, row.id, into.library)?;
        for scope in subtrees::own_scopes(tx, row.id)? {
            let carried = carry(tx, scope, into.library)?;
            subtrees::exchange_scope(tx, row.id, scope, carried)?;
        }
    }
    if !row.own_list {
        lists::hand_down(tx, row.id, into.scope)?;
    }
    Ok(())
}

/// Puts a document into `into`. Its own list stays if `keeps_list`, else it inherits.
pub(crate) fn settle_document(
    tx: &mut Tx<'_>,
    row: &DocumentRow,
    into: &FolderRow,
    (name, keeps_list): (&str, bool),
) -> Result<(), Failure> {
    let keeps_list = keeps_list && row.own_list;
    let scope = match keeps_list {
        true if row.library == into.library => row.scope,
        true => carry(tx, row.scope, into.library)?,
        false => into.scope,
    };
    let place = NewPlace {
        folder: into.id,
        name,
        library: into.library,
        scope,
        keeps_list,
    };
    documents::relocate(tx, row.id, place).map_err(|error| taken(error, Thing::Document))
}

/// The scope of an equal list in another library. Local groups stay behind, they mean nobody there; as groups grant and never
/// deny, nobody gains by that.
fn carry(tx: &mut Tx<'_>, scope: ScopeId, library: LibraryId) -> Result<ScopeId, Failure> {
    let mut entries = lists::entries(tx, scope)?;
    let groups: Vec<GroupId> = entries
        .iter()
        .filter_map(|entry: &ScopeEntry| match entry.principal {
            Principal::Group(group) => Some(group),
            _ => None,
        })
        .collect();
    let groups = holdall_catalog::people::groups_of_ids(tx, &groups)?;
    let known: HashSet<GroupId> = groups
        .iter()
        .filter(|group| group.library == people::NO_LIBRARY || group.library == library)
        .map(|group| group.id)
        .collect();
    entries.retain(|entry| match entry.principal {
        Principal::Group(group) => known.contains(&group),
        _ => true,
    });
    access::intern(tx, library, entries)
}
