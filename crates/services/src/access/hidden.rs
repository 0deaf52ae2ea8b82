//! Items that one may not see but controls from above: full control of a folder reaches everything below it, whatever the lists
//! there say (CONTRACT section 11.3). Reading stays with the lists.

use super::lists::controls_chain;
use super::standing::Standing;
use crate::folders::resolve::{
    DocumentAt, FolderAt, Item, Place, follow, place, resolve, resolve_document, resolve_folder,
};
use crate::{Failure, Thing};
use holdall_catalog::{Tx, documents, folders};
use holdall_model::{ItemPath, ItemRef, Right, name_key};

/// What `item` points at, for work that needs control of it: also what the caller cannot see, if a folder above it is controlled.
pub(crate) fn resolve_controlled(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<Item, Failure> {
    match resolve(tx, standing, item) {
        Err(Failure::NotFound(_)) => {
            let found = match hidden_document(tx, standing, item)? {
                Some(document) => Some(Item::Document(Box::new(document))),
                None => hidden_folder(tx, standing, item)?.map(Item::Folder),
            };
            found.ok_or(Failure::NotFound(Thing::Item))
        }
        found => found,
    }
}

/// As [`resolve_controlled`], of folders alone.
pub(crate) fn resolve_controlled_folder(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<FolderAt, Failure> {
    match resolve_folder(tx, standing, item) {
        Err(Failure::NotFound(thing)) => hidden_folder(tx, standing, item)?.ok_or(Failure::NotFound(thing)),
        found => found,
    }
}

/// As [`resolve_controlled`], of documents alone.
pub(crate) fn resolve_controlled_document(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<DocumentAt, Failure> {
    match resolve_document(tx, standing, item) {
        Err(Failure::NotFound(thing)) => hidden_document(tx, standing, item)?.ok_or(Failure::NotFound(thing)),
        found => found,
    }
}

fn hidden_document(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<Option<DocumentAt>, Failure> {
    let found = match item {
        ItemRef::Document(id) => match documents::document(tx, *id)? {
            Some(row) => place(tx, row.folder)?.map(|place| (row, place)),
            None => None,
        },
        ItemRef::Path(path) => match above(tx, path)? {
            Some((parent, key)) => documents::by_name(tx, parent.row.id, &key)?.map(|row| (row, parent)),
            None => None,
        },
        ItemRef::Folder(_) => None,
    };
    let Some((row, place)) = found else {
        return Ok(None);
    };
    let controlled = controls_chain(tx, standing, row.folder)?;
    Ok(controlled.then_some(DocumentAt {
        row,
        place,
        right: Right::NoAccess,
    }))
}

fn hidden_folder(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<Option<FolderAt>, Failure> {
    let found = match item {
        ItemRef::Folder(id) => place(tx, *id)?,
        ItemRef::Path(path) => match above(tx, path)? {
            Some((parent, key)) => match folders::child(tx, parent.row.id, &key)? {
                Some(child) => place(tx, child.id)?,
                None => None,
            },
            None => None,
        },
        ItemRef::Document(_) => None,
    };
    let Some(place) = found else {
        return Ok(None);
    };
    let controlled = controls_chain(tx, standing, place.row.parent)?;
    Ok(controlled.then_some(FolderAt {
        place,
        right: Right::NoAccess,
    }))
}

/// The folder that a path's last name is looked for in, and the key of that name.
fn above(tx: &mut Tx<'_>, path: &ItemPath) -> Result<Option<(Place, String)>, Failure> {
    let Some((parents, name)) = path.split_last() else {
        return Ok(None);
    };
    let (Some(parent), followed) = follow(tx, parents.segments())? else {
        return Ok(None);
    };
    Ok((followed == parents.segments().len()).then(|| (parent, name_key(name))))
}
