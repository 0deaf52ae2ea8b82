//! Finding items by path or short id. What the caller may not see and what lies in a recycle bin is not found.

use crate::access::{ItemFacts, Standing};
use crate::{Failure, Thing};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::folders::{self, FolderRow, NO_PARENT};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, ItemRef, Right, name_key};

/// A folder outside the recycle bin and where it is. Says nothing of who may see it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The folder.
    pub(crate) row: FolderRow,
    /// The name of its library.
    pub(crate) library_name: String,
    /// Its full path with a leading `/`, names as they are stored.
    pub(crate) path: String,
}

/// A folder that the caller may see.
#[derive(Clone, Debug)]
pub(crate) struct FolderAt {
    /// The folder and where it is.
    pub(crate) place: Place,
    /// What the caller may do with it.
    pub(crate) right: Right,
}

/// A document that the caller may see.
#[derive(Clone, Debug)]
pub(crate) struct DocumentAt {
    /// The document.
    pub(crate) row: DocumentRow,
    /// The folder it lies in, which the caller may or may not see.
    pub(crate) place: Place,
    /// What the caller may do with it; nothing if it may only be listed.
    pub(crate) right: Right,
}

/// What an [`ItemRef`] stands for.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A folder.
    Folder(FolderAt),
    /// A document.
    Document(Box<DocumentAt>),
}

impl Place {
    pub(crate) fn below(parent: Option<Self>, row: FolderRow) -> Self {
        match parent {
            None => Self {
                library_name: row.name.clone(),
                path: format!("/{}", row.name),
                row,
            },
            Some(parent) => Self {
                library_name: parent.library_name,
                path: format!("{}/{}", parent.path, row.name),
                row,
            },
        }
    }

    /// The full path of an item of that name in this folder.
    pub(crate) fn path_of(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }
}

impl DocumentAt {
    /// The full path of the document.
    pub(crate) fn path(&self) -> String {
        self.place.path_of(&self.row.name)
    }
}

/// What decides the caller's right on a folder.
pub(crate) fn facts_of_folder(row: &FolderRow) -> ItemFacts {
    ItemFacts {
        library: row.library,
        scope: row.scope,
        owner: row.owner,
    }
}

/// What decides the caller's right on a document.
pub(crate) fn facts_of_document(row: &DocumentRow) -> ItemFacts {
    ItemFacts {
        library: row.library,
        scope: row.scope,
        owner: row.owner,
    }
}

/// Follows names from the library down as far as folders go: the last folder, and how many names it took. One point lookup a
/// name.
pub(crate) fn follow(tx: &mut Tx<'_>, names: &[String]) -> Result<(Option<Place>, usize), CatalogError> {
    let mut place: Option<Place> = None;
    for (followed, name) in names.iter().enumerate() {
        let parent = place.as_ref().map_or(NO_PARENT, |place| place.row.id);
        match folders::child(tx, parent, &name_key(name))? {
            Some(row) => place = Some(Place::below(place, row)),
            None => return Ok((place, followed)),
        }
    }
    Ok((place, names.len()))
}

/// The folder of that id with its path; `None` when there is none or it lies in a recycle bin.
pub(crate) fn place(tx: &mut Tx<'_>, id: FolderId) -> Result<Option<Place>, CatalogError> {
    let chain = folders::chain(tx, id)?;
    if chain.first().is_none_or(|top| top.parent != NO_PARENT) {
        return Ok(None);
    }
    Ok(chain
        .into_iter()
        .fold(None, |parent, row| Some(Place::below(parent, row))))
}

/// The folder that `item` points at.
pub(crate) fn resolve_folder(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<FolderAt, Failure> {
    find_folder(tx, standing, item)?.ok_or(Failure::NotFound(Thing::Folder))
}

/// The document that `item` points at.
pub(crate) fn resolve_document(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<DocumentAt, Failure> {
    find_document(tx, standing, item)?.ok_or(Failure::NotFound(Thing::Document))
}

/// The document itself, or what a shortcut stands for. A target that is deleted or that the caller may not see is not found.
pub(crate) fn follow_shortcut(
    tx: &mut Tx<'_>,
    standing: &Standing,
    found: DocumentAt,
) -> Result<DocumentAt, Failure> {
    match found.row.target {
        Some(target) => resolve_document(tx, standing, &ItemRef::Document(target)),
        None => Ok(found),
    }
}

/// As [`resolve_document`], following a shortcut: the document whose content, versions and lock are meant.
pub(crate) fn resolve_content(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<DocumentAt, Failure> {
    let found = resolve_document(tx, standing, item)?;
    follow_shortcut(tx, standing, found)
}

/// What `item` points at, the document before the folder of the same path.
pub(crate) fn resolve(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<Item, Failure> {
    if let Some(document) = find_document(tx, standing, item)? {
        return Ok(Item::Document(Box::new(document)));
    }
    let folder = find_folder(tx, standing, item)?.ok_or(Failure::NotFound(Thing::Item))?;
    Ok(Item::Folder(folder))
}

fn find_folder(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<Option<FolderAt>, Failure> {
    let found = match item {
        ItemRef::Folder(id) => place(tx, *id)?,
        ItemRef::Document(_) => None,
        ItemRef::Path(path) => match follow(tx, path.segments())? {
            (found, followed) if followed == path.segments().len() => found,
            _ => None,
        },
    };
    match found {
        Some(place) => see_folder(tx, standing, place),
        None => Ok(None),
    }
}

/// The folder with the caller's right on it; `None` when the caller may not see it.
pub(crate) fn see_folder(
    tx: &mut Tx<'_>,
    standing: &Standing,
    place: Place,
) -> Result<Option<FolderAt>, Failure> {
    let right = standing.folder_right(tx, &facts_of_folder(&place.row))?;
    Ok(right.lists().then_some(FolderAt { place, right }))
}

fn find_document(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
) -> Result<Option<DocumentAt>, Failure> {
    let found = match item {
        ItemRef::Document(id) => document_of_id(tx, *id)?,
        ItemRef::Folder(_) => None,
        ItemRef::Path(path) => match path.split_last() {
            Some((parents, name)) => document_of_path(tx, parents.segments(), name)?,
            None => None,
        },
    };
    match found {
        Some((row, place)) => see_document(tx, standing, row, place),
        None => Ok(None),
    }
}

fn document_of_id(tx: &mut Tx<'_>, id: DocumentId) -> Result<Option<(DocumentRow, Place)>, CatalogError> {
    let Some(row) = documents::document(tx, id)? else {
        return Ok(None);
    };
    Ok(place(tx, row.folder)?.map(|place| (row, place)))
}

fn document_of_path(
    tx: &mut Tx<'_>,
    parents: &[String],
    name: &str,
) -> Result<Option<(DocumentRow, Place)>, CatalogError> {
    let (Some(place), followed) = follow(tx, parents)? else {
        return Ok(None);
    };
    if followed < parents.len() {
        return Ok(None);
    }
    Ok(documents::by_name(tx, place.row.id, &name_key(name))?.map(|row| (row, place)))
}

/// The document with the caller's right on it; `None` when the caller may not even list it.
pub(crate) fn see_document(
    tx: &mut Tx<'_>,
    standing: &Standing,
    row: DocumentRow,
    place: Place,
) -> Result<Option<DocumentAt>, Failure> {
    let listed = standing.folder_right(tx, &facts_of_document(&row))?.lists();
    if !listed {
        return Ok(None);
    }
    let right = standing.document_right(tx, &facts_of_document(&row))?;
    Ok(Some(DocumentAt { row, place, right }))
}
