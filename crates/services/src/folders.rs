//! Folders: looking at them, listing them, making and deleting them.

mod changing;
pub(crate) mod listing;
pub(crate) mod moves;
pub(crate) mod parts;
pub(crate) mod paths;
mod provisos;
pub(crate) mod recycling;
mod relatives;
pub(crate) mod resolve;
pub(crate) mod rules;
mod tree;
pub(crate) mod views;

pub use changing::FolderChange;
pub use listing::{
    Contents, ContentsWanted, DocumentLine, FolderLine, Lines, Listing, ListingRest, ListingWanted,
    NameFilter, Page, Position,
};
pub use moves::{Destination, Moves};
pub use parts::{Described, ItemIds, Parts, PartsWanted};
pub use recycling::{BinItem, BinItemView, DeletionAction, DeletionView, RecycleBin};
pub use rules::{FolderRules, Rule, RulesChange};
pub use tree::{TreePage, TreeStatistics, TreeStep, TreeWalk};
pub use views::FolderView;

use crate::access::Standing;
use crate::documents::DocumentView;
use crate::house::House;
use crate::{Caller, Conflict, Failure, Thing, access};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::DocumentRow;
use holdall_catalog::folders::{FolderRow, NewFolder};
use holdall_catalog::recycled::{NewRecycled, RecycledItem};
use holdall_catalog::{Tx, documents, folders, subtrees};
use holdall_model::{FolderId, ItemPath, ItemRef, Right, Timestamp, UserId, clean_name, name_key};
use paths::Around;
use resolve::{FolderAt, Item, Place, facts_of_document, facts_of_folder, follow, resolve_folder};
use std::sync::Arc;
use views::Names;

/// The deepest folder that can be made, in names below the root.
const MAX_DEPTH: usize = 200;

/// What lies directly in a folder, without what the caller may not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Children {
    /// The folder.
    pub folder: FolderView,
    /// The folders in it, by name.
    pub folders: Vec<FolderView>,
    /// The documents in it, by name.
    pub documents: Vec<DocumentView>,
}

/// The folders of all libraries.
#[derive(Clone, Debug)]
pub struct Folders {
    house: Arc<House>,
}

impl Folders {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// The folder that `item` points at.
    pub async fn folder(&self, caller: &Caller, item: &ItemRef) -> Result<FolderView, Failure> {
        let item = item.clone();
        let found = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &item)?;
            FolderView::of(tx, found.place)
        };
        self.house.read_as(caller, found).await
    }

    /// The folder's id, when the caller may see it.
    pub async fn exists(&self, caller: &Caller, item: &ItemRef) -> Result<FolderId, Failure> {
        let item = item.clone();
        let found =
            move |tx: &mut Tx<'_>, standing: &Standing| Ok(resolve_folder(tx, standing, &item)?.place.row.id);
        self.house.read_as(caller, found).await
    }

    /// What lies directly in the folder.
    pub async fn children(&self, caller: &Caller, item: &ItemRef) -> Result<Children, Failure> {
        let item = item.clone();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let folder = resolve_folder(tx, standing, &item)?;
            list_children(tx, standing, folder.place)
        };
        self.house.read_as(caller, list).await
    }

    /// Makes the folder and those above it that are missing, names cleaned. A folder that is there already is as good as made.
    /// It belongs to the caller, who needs the right to create in the lowest folder that exists. Libraries are not made this way.
    pub async fn create(&self, caller: &Caller, path: &ItemPath) -> Result<FolderView, Failure> {
        let names = clean_names(path)?;
        let now = self.house.clock.now();
        let owner = caller.user();
        let make = move |tx: &mut Tx<'_>, standing: &Standing| {
            let (found, followed) = follow(tx, &names)?;
            let Some(found) = found else {
                return Err(root_failure(&names));
            };
            let Some(nearest) = resolve::see_folder(tx, standing, found)? else {
                return Err(hidden_failure(
                    tx,
                    standing,
                    names.get(..followed).unwrap_or_default(),
                )?);
            };
            let missing = names.get(followed..).unwrap_or_default();
            let place = match missing {
                [] => nearest.place,
                missing => make_below(
                    tx,
                    &nearest,
                    missing,
                    Making {
                        owner,
                        now,
                        description: "",
                    },
                )?,
            };
            FolderView::of(tx, place)
        };
        self.house.write_as(caller, make).await
    }

    /// Gives the folder a name and a description. The right to change it is needed; a name that is taken is a conflict. A
    /// library keeps its name.
    pub async fn change(&self, caller: &Caller, item: &ItemRef, change: FolderChange) -> Result<(), Failure> {
        let (item, now) = (item.clone(), self.house.clock.now());
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &item)?;
            access::require(found.right, Right::Change)?;
            changing::change(tx, &found.place, &change, (standing.user(), now))
        };
        self.house.write_as(caller, write).await
    }

    /// Moves the folder with all below it into the caller's recycle bin. Full control is needed, of it or of a folder above, and
    /// nobody else may hold a lock below it. Libraries are not deleted this way.
    pub async fn delete(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let user = caller.user();
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = access::resolve_controlled_folder(tx, standing, &item)?;
            let place = found.place.clone();
            access::control(tx, standing, &Item::Folder(found))?;
            recycle(tx, &place, user, now)
        };
        self.house.write_as(caller, remove).await
    }
}

/// What a folder gives that is there but may not be seen: what a missing one would where nothing may be created (L8).
fn hidden_failure(tx: &mut Tx<'_>, standing: &Standing, names: &[String]) -> Result<Failure, Failure> {
    let mut above = names;
    while let Some((_, rest)) = above.split_last() {
        above = rest;
        let Some(place) = follow(tx, above)?.0 else { break };
        if resolve::see_folder(tx, standing, place)?.is_some() {
            return Ok(Failure::Denied);
        }
    }
    Ok(Failure::NotFound(Thing::Folder))
}

fn clean_names(path: &ItemPath) -> Result<Vec<String>, Failure> {
    if path.segments().is_empty() {
        return Err(Failure::Required { field: "path" });
    }
    if path.segments().len() > MAX_DEPTH {
        return Err(Failure::invalid("path", format!("more than {MAX_DEPTH} names")));
    }
    let cleaned = path.segments().iter().map(|name| clean_name(name));
    cleaned
        .collect::<Result<_, _>>()
        .map_err(|problem| Failure::invalid("path", problem))
}

fn root_failure(names: &[String]) -> Failure {
    if names.len() == 1 {
        Failure::invalid("path", "folders cannot be made at the root")
    } else {
        Failure::NotFound(Thing::Folder)
    }
}

/// Who makes a folder, and when.
#[derive(Clone, Copy)]
struct Making<'a> {
    owner: UserId,
    now: Timestamp,
    /// Of the last folder.
    description: &'a str,
}

/// Makes a chain of folders, each in the one before, and gives the last.
fn make_below(
    tx: &mut Tx<'_>,
    parent: &FolderAt,
    names: &[String],
    making: Making<'_>,
) -> Result<Place, Failure> {
    access::require(parent.right, Right::Add)?;
    FolderRules::of(&parent.place.row).require(Rule::NewFolders)?;
    let count = u64::try_from(names.len()).map_err(Failure::internal)?;
    let mut next = folders::next_ids(tx, count)?;
    let top = &parent.place.row;
    let mut above = top.id;
    let mut made = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let is_last = index + 1 == names.len();
        made.push(NewFolder {
            id: next,
            parent: above,
            name: name.clone(),
            name_key: name_key(name),
            library: top.library,
            scope: top.scope,
            owner: making.owner,
            description: if is_last { making.description } else { "" }.to_owned(),
            rules: top.rules.clone(),
        });
        above = next;
        next = FolderId(next.0 + 1);
    }
    folders::insert(tx, &made, making.now)?;
    let place = resolve::place(tx, above)?.ok_or(Failure::NotFound(Thing::Folder))?;
    let action = "folder created";
    audit::record(
        tx,
        Deed {
            at: making.now,
            user: making.owner,
            action,
            subject: &place.path,
            detail: "",
        },
    )?;
    Ok(place)
}

fn recycle(tx: &mut Tx<'_>, place: &Place, user: UserId, now: Timestamp) -> Result<(), Failure> {
    if place.row.parent == folders::NO_PARENT {
        return Err(Failure::invalid(
            "path",
            "a library cannot be deleted as a folder",
        ));
    }
    rules::require_removable(tx, &place.row)?;
    let below = subtrees::facts(tx, place.row.id, user)?;
    if below.foreign_locks > 0 {
        return Err(Failure::Conflict(Conflict::Locked));
    }
    let note = NewRecycled {
        item: RecycledItem::Folder(place.row.id),
        name: place.row.name.clone(),
        library: place.row.library,
        original_folder: place.row.parent,
        original_path: place.path.clone(),
        raw_len: below.raw_len,
        deleted_by: user,
        deleted: now,
    };
    if below.own_locks > 0 {
        subtrees::unlock(tx, place.row.id)?;
    }
    folders::recycle(tx, place.row.id)?;
    recycling::put_in(tx, note)
}

fn list_children(tx: &mut Tx<'_>, standing: &Standing, place: Place) -> Result<Children, Failure> {
    let folders = folders::children(tx, place.row.id)?;
    let folders = visible_folders(tx, standing, folders)?;
    let documents = documents::in_folder(tx, place.row.id)?;
    let documents = visible_documents(tx, standing, documents)?;
    let mentioned = folders.iter().map(|row| row.owner).chain([place.row.owner]);
    let names = Names::of(
        tx,
        mentioned.chain(documents.iter().flat_map(DocumentView::mentioned)),
    )?;
    let around = Around::from(&place);
    Ok(Children {
        folders: folders
            .into_iter()
            .map(|row| {
                let path = place.path_of(&row.name);
                FolderView::new(row, path, &names)
            })
            .collect(),
        documents: documents
            .into_iter()
            .map(|row| DocumentView::new(row, &around, &names))
            .collect(),
        folder: FolderView::new(place.row, place.path, &names),
    })
}

/// Those of the folders that the caller may see.
pub(crate) fn visible_folders(
    tx: &mut Tx<'_>,
    standing: &Standing,
    rows: Vec<FolderRow>,
) -> Result<Vec<FolderRow>, Failure> {
    let mut visible = Vec::with_capacity(rows.len());
    for row in rows {
        if standing.folder_right(tx, &facts_of_folder(&row))?.lists() {
            visible.push(row);
        }
    }
    Ok(visible)
}

/// Those of the documents that the caller may see.
pub(crate) fn visible_documents(
    tx: &mut Tx<'_>,
    standing: &Standing,
    rows: Vec<DocumentRow>,
) -> Result<Vec<DocumentRow>, Failure> {
    let mut visible = Vec::with_capacity(rows.len());
    for row in rows {
        if standing.folder_right(tx, &facts_of_document(&row))?.lists() {
            visible.push(row);
        }
    }
    Ok(visible)
}
