//! Putting deleted items back.

use crate::access::{self, Standing};
use crate::documents::store::taken;
use crate::folders::moves::destination::{Goal, there};
use crate::folders::moves::settling::{settle_document, settle_folder};
use crate::folders::resolve::{self, FolderAt, resolve_folder, see_folder};
use crate::{Conflict, Failure, Thing};
use holdall_catalog::recycled::{RecycledItem, RecycledRow};
use holdall_catalog::{CatalogError, Tx, documents, folders, subtrees};
use holdall_model::{DocumentId, FolderId, ItemRef, Right, Timestamp, name_key};

/// Puts an item into a folder, or back where it was.
pub(super) fn restore(
    tx: &mut Tx<'_>,
    (standing, now): (&Standing, Timestamp),
    found: &RecycledRow,
    into: Option<ItemRef>,
) -> Result<(), Failure> {
    let folder = target(tx, standing, found, into).map_err(there)?;
    access::require(folder.right, Right::Add).map_err(there)?;
    let goal = Goal {
        place: folder.place,
        name: found.noted.name.clone(),
    };
    match found.noted.item {
        RecycledItem::Document(id) => restore_document(tx, id, &goal),
        RecycledItem::Folder(id) => restore_folder(tx, (standing, now), id, &goal),
    }
}

fn target(
    tx: &mut Tx<'_>,
    standing: &Standing,
    found: &RecycledRow,
    into: Option<ItemRef>,
) -> Result<FolderAt, Failure> {
    if let Some(into) = into {
        return resolve_folder(tx, standing, &into);
    }
    let lost = || Failure::NotFound(Thing::Item);
    let place = resolve::place(tx, found.noted.original_folder)?.ok_or_else(lost)?;
    see_folder(tx, standing, place)?.ok_or_else(lost)
}

fn restore_document(tx: &mut Tx<'_>, id: DocumentId, goal: &Goal) -> Result<(), Failure> {
    let row = documents::document(tx, id)?.ok_or(Failure::NotFound(Thing::Document))?;
    goal.admit_document(true)?;
    if documents::by_name(tx, goal.place.row.id, &name_key(&goal.name))?.is_some() {
        return Err(Failure::Conflict(Conflict::Exists(Thing::Document)));
    }
    settle_document(tx, &row, &goal.place.row, (&goal.name, true))
}

fn restore_folder(
    tx: &mut Tx<'_>,
    (standing, now): (&Standing, Timestamp),
    id: FolderId,
    goal: &Goal,
) -> Result<(), Failure> {
    let row = folders::folder(tx, id)?.ok_or(Failure::NotFound(Thing::Folder))?;
    goal.admit_folder(true)?;
    let depth = subtrees::facts(tx, id, standing.user())?.depth;
    goal.admit_tree(tx, id, depth)?;
    if folders::child(tx, goal.place.row.id, &name_key(&goal.name))?.is_some() {
        return Err(taken(CatalogError::Conflict, Thing::Folder));
    }
    settle_folder(tx, &row, &goal.place.row, &goal.name, now)
}
