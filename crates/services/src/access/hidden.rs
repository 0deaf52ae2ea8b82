//! Items that one may not see but controls from above: full control of a folder reaches everything below it, whatever the lists
//! there say (CONTRACT section 11.3). Reading stays with the lists.

use super::lists::controls_chain;
use super::standing::Standing;
use crate::folders::resolve::{DocumentAt, FolderAt, Item, Place, follow, place, resolve};
use crate::{Failure, Thing};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::{Tx, folders};
use holdall_model::{ItemPath, ItemRef, Right, name_key};

/// What `item` points at, for work that needs control of it: also what the caller cannot see, if a folder above it is controlled.
pub(crate) fn resolve_controlled(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<Item, Failure> {
    match resolve(tx, standing, item) {
        Err(Failure::NotFound(_)) => hidden(tx, standing, item)?.ok_or(Failure::NotFound(Thing::Item)),
        found => found,
    }
}

fn hidden(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<Option<Item>, Failure> {
    let found = match item {
        ItemRef::Path(path) => by_path(tx, path)?,
        ItemRef::Document(id) => match documents::document(tx, *id)? {
            Some(row) => place(tx, row.folder)?.map(|place| document(row, place)),
            None => None,
        },
        ItemRef::Folder(id) => place(tx, *id)?.map(folder),
    };
    let above = match &found {
        Some(Item::Folder(folder)) => folder.place.row.parent,
        Some(Item::Document(document)) => document.row.folder,
        None => return Ok(None),
    };
    let controlled = controls_chain(tx, standing, above)?;
    Ok(found.filter(|_| controlled))
}

fn by_path(tx: &mut Tx<'_>, path: &ItemPath) -> Result<Option<Item>, Failure> {
    let Some((parents, name)) = path.split_last() else {
        return Ok(None);
    };
    let (Some(parent), followed) = follow(tx, parents.segments())? else {
        return Ok(None);
    };
    if followed < parents.segments().len() {
        return Ok(None);
    }
    let key = name_key(name);
    if let Some(row) = documents::by_name(tx, parent.row.id, &key)? {
        return Ok(Some(document(row, parent)));
    }
    let Some(child) = folders::child(tx, parent.row.id, &key)? else {
        return Ok(None);
    };
    Ok(place(tx, child.id)?.map(folder))
}

fn document(row: DocumentRow, place: Place) -> Item {
    Item::Document(Box::new(DocumentAt {
        row,
        place,
        right: Right::NoAccess,
    }))
}

fn folder(place: Place) -> Item {
    Item::Folder(FolderAt {
        place,
        right: Right::NoAccess,
    })
}
