//! Moving items.

use super::Errand;
use super::destination::{Destination, Goal};
use super::settling::{settle_document, settle_folder};
use crate::access::{self, resolve_controlled};
use crate::documents::require_unlocked;
use crate::folders::resolve::{DocumentAt, Item, Place};
use crate::folders::rules::{self, FolderRules, Rule};
use crate::{Conflict, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::{Tx, documents, folders, subtrees};
use holdall_model::{ItemRef, name_key};

/// Moves an item: see [`super::Moves::move_item`].
pub(super) fn move_item(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    source: &ItemRef,
    destination: &Destination,
) -> Result<(), Failure> {
    let item = resolve_controlled(tx, errand.standing, source)?;
    access::control(tx, errand.standing, &item)?;
    let name = match &item {
        Item::Folder(folder) => &folder.place.row.name,
        Item::Document(document) => &document.row.name,
    };
    let goal = Goal::find(tx, errand.standing, destination, name)?;
    let (action, subject) = match &item {
        Item::Folder(folder) => {
            move_folder(tx, errand, &folder.place, &goal)?;
            ("folder moved", folder.place.path.clone())
        }
        Item::Document(document) => {
            move_document(tx, errand, document, &goal)?;
            ("document moved", document.path())
        }
    };
    let deed = Deed {
        at: errand.now,
        user: errand.standing.user(),
        action,
        subject: &subject,
        detail: &goal.path(),
    };
    audit::record(tx, deed)?;
    tx.bump_authz_epoch()?;
    Ok(())
}

fn move_folder(tx: &mut Tx<'_>, errand: Errand<'_>, place: &Place, goal: &Goal) -> Result<(), Failure> {
    let row = &place.row;
    if row.parent == folders::NO_PARENT {
        return Err(Failure::invalid("source", "a library cannot be moved"));
    }
    let comes = row.parent != goal.place.row.id;
    if comes {
        rules::require_removable(tx, row)?;
    }
    goal.admit_folder(comes)?;
    let below = subtrees::facts(tx, row.id, errand.standing.user())?;
    goal.admit_tree(tx, row.id, below.depth)?;
    if below.foreign_locks > 0 {
        return Err(Failure::Conflict(Conflict::Locked));
    }
    match folders::child(tx, goal.place.row.id, &name_key(&goal.name))? {
        Some(other) if other.id != row.id => Err(Failure::Conflict(Conflict::Exists(Thing::Folder))),
        _ => settle_folder(tx, row, &goal.place.row, &goal.name, errand.now),
    }
}

fn move_document(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    document: &DocumentAt,
    goal: &Goal,
) -> Result<(), Failure> {
    let row = &document.row;
    require_unlocked(row, errand.standing.user())?;
    // Another name in the same folder is a change of name alone: nothing is inherited anew.
    let stays = row.folder == goal.place.row.id;
    if !stays {
        FolderRules::of(&document.place.row).require(Rule::DocumentDeletes)?;
    }
    goal.admit_document(!stays)?;
    match documents::by_name(tx, goal.place.row.id, &name_key(&goal.name))? {
        Some(other) if other.id != row.id => Err(Failure::Conflict(Conflict::Exists(Thing::Document))),
        _ => settle_document(tx, row, &goal.place.row, (&goal.name, stays)),
    }
}
