//! A folder in another one by its name, and the folders above one.

use super::resolve::{FolderAt, Place, facts_of_folder, resolve_folder, see_folder};
use super::{FolderView, Folders, MAX_DEPTH, Making, make_below};
use crate::access::{self, Standing};
use crate::{Caller, Failure, Thing};
use holdall_catalog::{Tx, folders};
use holdall_model::{FolderId, ItemRef, Right, clean_name, name_key};

impl Folders {
    /// The id of the folder of that name in another one, when the caller may see both.
    pub async fn child_exists(
        &self,
        caller: &Caller,
        parent: &ItemRef,
        name: &str,
    ) -> Result<FolderId, Failure> {
        let (parent, key) = (parent.clone(), name_key(name.trim()));
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let parent = resolve_folder(tx, standing, &parent)?;
            let row = folders::child(tx, parent.place.row.id, &key)?;
            let row = row.ok_or(Failure::NotFound(Thing::Folder))?;
            let is_seen = standing.folder_right(tx, &facts_of_folder(&row))?.lists();
            if is_seen {
                Ok(row.id)
            } else {
                Err(Failure::NotFound(Thing::Folder))
            }
        };
        self.house.read_as(caller, find).await
    }

    /// Makes a folder in one that exists, its name cleaned. One that is there already is as good as made and keeps its
    /// description. The right to create in the parent is needed. Libraries are not made this way.
    pub async fn create_in(
        &self,
        caller: &Caller,
        parent: &ItemRef,
        (name, description): (&str, &str),
    ) -> Result<FolderView, Failure> {
        if matches!(parent, ItemRef::Path(path) if path.segments().is_empty()) {
            return Err(Failure::invalid("parent", "folders cannot be made at the root"));
        }
        let name = clean_name(name).map_err(|problem| Failure::invalid("name", problem))?;
        let (parent, description) = (parent.clone(), description.to_owned());
        let (owner, now) = (caller.user(), self.house.clock.now());
        let make = move |tx: &mut Tx<'_>, standing: &Standing| {
            let parent = resolve_folder(tx, standing, &parent)?;
            let making = Making {
                owner,
                now,
                description: &description,
            };
            let place = child_or_new(tx, standing, (&parent, name), making)?;
            FolderView::of(tx, place)
        };
        self.house.write_as(caller, make).await
    }

    /// The ids of the folders above one, the library's root folder first, the folder itself last.
    pub async fn ids_above(&self, caller: &Caller, folder: FolderId) -> Result<Vec<FolderId>, Failure> {
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &ItemRef::Folder(folder))?;
            let chain = folders::chain(tx, found.place.row.id)?;
            Ok(chain.into_iter().map(|row| row.id).collect())
        };
        self.house.read_as(caller, find).await
    }
}

fn child_or_new(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (parent, name): (&FolderAt, String),
    making: Making<'_>,
) -> Result<Place, Failure> {
    match folders::child(tx, parent.place.row.id, &name_key(&name))? {
        Some(row) => {
            let place = Place::below(Some(parent.place.clone()), row);
            if let Some(folder) = see_folder(tx, standing, place)? {
                return Ok(folder.place);
            }
            // Who may not create here learns nothing: a name that is free gives the same.
            access::require(parent.right, Right::Add)?;
            Err(Failure::NotFound(Thing::Folder))
        }
        // Names have no separators, so these are the folders down to the parent.
        None if parent.place.path.split('/').count() > MAX_DEPTH => Err(Failure::invalid(
            "parent",
            format!("it lies {MAX_DEPTH} folders deep, which is the most"),
        )),
        None => make_below(tx, parent, &[name], making),
    }
}
