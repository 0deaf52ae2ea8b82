//! The download queue: items that a user puts aside to download together.

use crate::access::Standing;
use crate::documents::DocumentView;
use crate::folders::paths::Paths;
use crate::folders::resolve::{Item, resolve};
use crate::folders::views::Names;
use crate::folders::{FolderView, visible_documents, visible_folders};
use crate::house::House;
use crate::{Caller, Conflict, Failure};
use holdall_catalog::Tx;
use holdall_catalog::queued::{self, QueuedItem};
use holdall_model::{ItemRef, UserId};
use std::sync::Arc;

/// What is in a queue, without what vanished or is no longer visible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// The folders, by name.
    pub folders: Vec<FolderView>,
    /// The documents, by name.
    pub documents: Vec<DocumentView>,
}

/// The queues of all users; each user reaches their own only.
#[derive(Clone, Debug)]
pub struct Queue {
    house: Arc<House>,
}

impl Queue {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Puts a visible item into the caller's queue. A conflict when it is there already.
    pub async fn add(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let (user, now) = (caller.user(), self.house.clock.now());
        let add = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = queued_item(&resolve(tx, standing, &item)?);
            if queued::add(tx, user, item, now)? {
                Ok(())
            } else {
                Err(Failure::Conflict(Conflict::AlreadyQueued))
            }
        };
        self.house.write_as(caller, add).await
    }

    /// Takes a visible item out of the caller's queue; one that is not there is as good as taken out.
    pub async fn remove(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let user = caller.user();
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = queued_item(&resolve(tx, standing, &item)?);
            queued::remove(tx, user, item)?;
            Ok(())
        };
        self.house.write_as(caller, remove).await
    }

    /// What is in the caller's queue.
    pub async fn list(&self, caller: &Caller) -> Result<Queued, Failure> {
        let user = caller.user();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| list(tx, standing, user);
        self.house.read_as(caller, list).await
    }
}

fn queued_item(item: &Item) -> QueuedItem {
    match item {
        Item::Folder(folder) => QueuedItem::Folder(folder.place.row.id),
        Item::Document(document) => QueuedItem::Document(document.row.id),
    }
}

fn list(tx: &mut Tx<'_>, standing: &Standing, user: UserId) -> Result<Queued, Failure> {
    let folders = queued::folders(tx, user)?;
    let folders = visible_folders(tx, standing, folders)?;
    let documents = queued::documents(tx, user)?;
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
    Ok(Queued {
        folders: folders.collect(),
        documents: documents.collect(),
    })
}
