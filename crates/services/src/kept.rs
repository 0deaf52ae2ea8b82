//! Items that a user puts aside: the download queue and the favourites.

pub(crate) mod recent;

pub use recent::Recent;

use crate::access::Standing;
use crate::documents::DocumentView;
use crate::folders::paths::Paths;
use crate::folders::resolve::{Item, follow_shortcut, resolve};
use crate::folders::views::Names;
use crate::folders::{FolderView, visible_documents, visible_folders};
use crate::house::House;
use crate::{Caller, Conflict, Failure};
use holdall_catalog::documents::DocumentRow;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::kept::{self as rows, KeptItem, KeptList};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{ItemRef, UserId};
use std::sync::Arc;

/// What is in a list, without what vanished or is no longer visible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptItems {
    /// The folders, by name.
    pub folders: Vec<FolderView>,
    /// The documents, by name.
    pub documents: Vec<DocumentView>,
}

/// One list of every user: the download queues, or the favourites. Each user reaches their own only.
#[derive(Clone, Debug)]
pub struct Kept {
    house: Arc<House>,
    list: KeptList,
}

impl Kept {
    pub(crate) fn queue(house: Arc<House>) -> Self {
        let list = KeptList::Queue;
        Self { house, list }
    }

    pub(crate) fn favorites(house: Arc<House>) -> Self {
        let list = KeptList::Favorites;
        Self { house, list }
    }

    /// Puts a visible item into the caller's list. A conflict when it is there already, but for a folder among the favourites.
    /// A shortcut among the favourites becomes its target.
    pub async fn add(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let (item, list) = (item.clone(), self.list);
        let (user, now) = (caller.user(), self.house.clock.now());
        let add = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = kept_item(tx, standing, &item, list)?;
            let is_new = rows::add(tx, (user, list), item, now)?;
            let may_repeat = matches!((list, item), (KeptList::Favorites, KeptItem::Folder(_)));
            if is_new || may_repeat {
                Ok(())
            } else {
                Err(Failure::Conflict(Conflict::AlreadyQueued))
            }
        };
        self.house.write_as(caller, add).await
    }

    /// Takes a visible item out of the caller's list; one that is not there is as good as taken out.
    pub async fn remove(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let (item, list) = (item.clone(), self.list);
        let user = caller.user();
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = kept_item(tx, standing, &item, list)?;
            rows::remove(tx, (user, list), item)?;
            Ok(())
        };
        self.house.write_as(caller, remove).await
    }

    /// What is in the caller's list.
    pub async fn list(&self, caller: &Caller) -> Result<KeptItems, Failure> {
        let whose = (caller.user(), self.list);
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let (folders, documents) = (rows::folders(tx, whose)?, rows::documents(tx, whose)?);
            show(tx, standing, folders, documents)
        };
        self.house.read_as(caller, list).await
    }
}

/// What is in a user's download queue, whether it is still visible or not.
pub(crate) fn queued(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<ItemRef>, CatalogError> {
    let whose = (user, KeptList::Queue);
    let folders = rows::folders(tx, whose)?;
    let documents = rows::documents(tx, whose)?;
    let folders = folders.iter().map(|row| ItemRef::Folder(row.id));
    let documents = documents.iter().map(|row| ItemRef::Document(row.id));
    Ok(folders.chain(documents).collect())
}

fn kept_item(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
    list: KeptList,
) -> Result<KeptItem, Failure> {
    Ok(match resolve(tx, standing, item)? {
        Item::Folder(folder) => KeptItem::Folder(folder.place.row.id),
        Item::Document(document) if list == KeptList::Favorites => {
            KeptItem::Document(follow_shortcut(tx, standing, *document)?.row.id)
        }
        Item::Document(document) => KeptItem::Document(document.row.id),
    })
}

/// The rows in their order, without those that the caller may not see or that lie in a recycle bin.
pub(crate) fn show(
    tx: &mut Tx<'_>,
    standing: &Standing,
    folders: Vec<FolderRow>,
    documents: Vec<DocumentRow>,
) -> Result<KeptItems, Failure> {
    let folders = visible_folders(tx, standing, folders)?;
    let documents = visible_documents(tx, standing, documents)?;
    let around = folders
        .iter()
        .map(|row| row.id)
        .chain(documents.iter().map(|row| row.folder));
    let paths = Paths::above(tx, &around.collect::<Vec<_>>())?;
    let mentioned = folders.iter().map(|row| row.owner);
    let names = Names::of(
        tx,
        mentioned.chain(documents.iter().flat_map(DocumentView::mentioned)),
    )?;
    let folders = folders.into_iter().filter_map(|row| {
        let path = paths.of(row.id)?.path;
        Some(FolderView::new(row, path, &names))
    });
    let documents = documents.into_iter().filter_map(|row| {
        let around = paths.of(row.folder)?;
        Some(DocumentView::new(row, &around, &names))
    });
    Ok(KeptItems {
        folders: folders.collect(),
        documents: documents.collect(),
    })
}
