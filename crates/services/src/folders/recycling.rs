//! Recycle bins: each user's, and the system's, where the others' content ends (CONTRACT section 14).

pub(crate) mod aging;
mod log;
mod restoring;

pub use holdall_catalog::deletions::DeletionAction;
pub use log::DeletionView;

use crate::access::Standing;
use crate::folders::resolve::{facts_of_document, facts_of_folder};
use crate::folders::views::Names;
use crate::house::House;
use crate::people::require_administrator;
use crate::{Caller, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::deletions::{self, Deletion};
use holdall_catalog::recycled::{self as rows, NewRecycled, RecycledItem, RecycledRow};
use holdall_catalog::{Tx, documents, folders, purging};
use holdall_model::{DocumentId, FolderId, ItemRef, Timestamp, UserId};
use std::sync::Arc;

/// An item that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinItem {
    /// A document with all its versions.
    Document(DocumentId),
    /// A folder with all below it.
    Folder(FolderId),
}

/// An item in a recycle bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinItemView {
    /// What it is.
    pub item: BinItem,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub deleted: Timestamp,
    /// The length of it or of all documents in it, in bytes.
    pub raw_len: u64,
    /// The folder it lay in.
    pub original_folder: FolderId,
    /// The full path it had, with a leading `/`.
    pub original_path: String,
    /// Who deleted it.
    pub deleted_by: UserId,
    /// The login name of who deleted it; empty when the account is gone.
    pub deleted_by_login: String,
    /// Whether it left the bin of who deleted it for the system's.
    pub in_system_bin: bool,
}

/// The recycle bins.
#[derive(Clone, Debug)]
pub struct RecycleBin {
    house: Arc<House>,
}

impl BinItem {
    fn row(self) -> RecycledItem {
        match self {
            Self::Document(id) => RecycledItem::Document(id),
            Self::Folder(id) => RecycledItem::Folder(id),
        }
    }

    fn of(item: RecycledItem) -> Self {
        match item {
            RecycledItem::Document(id) => Self::Document(id),
            RecycledItem::Folder(id) => Self::Folder(id),
        }
    }

    fn gone(self) -> Failure {
        Failure::NotFound(match self {
            Self::Document(_) => Thing::Document,
            Self::Folder(_) => Thing::Folder,
        })
    }
}

impl RecycleBin {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// What the caller deleted, the last first; for administrators then also what is in the system's bin.
    pub async fn content(&self, caller: &Caller) -> Result<Vec<BinItemView>, Failure> {
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let mut found = rows::of_user(tx, standing.user())?;
            if standing.is_administrator() {
                found.extend(rows::of_system(tx)?);
            }
            let names = Names::of(tx, found.iter().map(|row| row.noted.deleted_by))?;
            Ok(found.into_iter().map(|row| view(row, &names)).collect())
        };
        self.house.read_as(caller, list).await
    }

    /// Moves what the caller deleted to the system's bin, from which administrators may still restore it.
    pub async fn empty(&self, caller: &Caller) -> Result<(), Failure> {
        let now = self.house.clock.now();
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = standing.user();
            let found = rows::of_user(tx, user)?;
            rows::empty(tx, user, now)?;
            record(tx, &found, DeletionAction::Emptied, (user, now))
        };
        self.house.write_as(caller, go).await
    }

    /// Puts an item back into the folder it was deleted from, or into another. Who deleted it may do that as long as it is in
    /// their bin, administrators always; the right to create in the folder is needed, and a name that is taken is a conflict.
    /// What concerns the folder is [`Failure::Destination`]: not found as an item is the one it was deleted from.
    pub async fn restore(
        &self,
        caller: &Caller,
        item: BinItem,
        into: Option<&ItemRef>,
    ) -> Result<(), Failure> {
        let (into, now) = (into.cloned(), self.house.clock.now());
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = find(tx, standing, item)?;
            restoring::restore(tx, (standing, now), &found, into)?;
            rows::remove(tx, &[item.row()])?;
            record(tx, &[found], DeletionAction::Restored, (standing.user(), now))?;
            tx.bump_authz_epoch()?;
            Ok(())
        };
        self.house.write_as(caller, go).await
    }

    /// Removes an item for good. For administrators. Downloads that were staged before keep it as long as they last.
    pub async fn purge(&self, caller: &Caller, item: BinItem) -> Result<(), Failure> {
        let now = self.house.clock.now();
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing).map_err(|_denied| Failure::AdministratorOnly)?;
            let found = rows::of_item(tx, item.row())?.ok_or_else(|| item.gone())?;
            purge(tx, &[found], (standing.user(), now))
        };
        self.house.write_as(caller, go).await
    }
}

/// Notes an item that was just taken out of its folder.
pub(crate) fn put_in(tx: &mut Tx<'_>, note: NewRecycled) -> Result<(), Failure> {
    rows::insert(tx, &note)?;
    let who = (note.deleted_by, note.deleted);
    let row = RecycledRow {
        noted: note,
        in_system_bin: false,
    };
    record(tx, &[row], DeletionAction::Recycled, who)
}

/// Removes items for good.
fn purge(tx: &mut Tx<'_>, found: &[RecycledRow], who: (UserId, Timestamp)) -> Result<(), Failure> {
    let items: Vec<RecycledItem> = found.iter().map(|row| row.noted.item).collect();
    let documents = items.iter().filter_map(|item| match item {
        RecycledItem::Document(id) => Some(*id),
        RecycledItem::Folder(_) => None,
    });
    let folders = items.iter().filter_map(|item| match item {
        RecycledItem::Folder(id) => Some(*id),
        RecycledItem::Document(_) => None,
    });
    let (documents, folders) = (documents.collect::<Vec<_>>(), folders.collect::<Vec<_>>());
    purging::purge(tx, &documents, &folders, who.1)?;
    rows::remove(tx, &items)?;
    record(tx, found, DeletionAction::Purged, who)
}

/// Writes what happened into the record of deletions and, for administrators, into that of deeds.
fn record(
    tx: &mut Tx<'_>,
    found: &[RecycledRow],
    action: DeletionAction,
    (user, at): (UserId, Timestamp),
) -> Result<(), Failure> {
    let records = found.iter().map(|row| Deletion {
        at,
        user,
        action,
        item: row.noted.item,
        name: row.noted.name.clone(),
        path: row.noted.original_path.clone(),
        library: row.noted.library,
    });
    let records: Vec<Deletion> = records.collect();
    deletions::record(tx, &records)?;
    let verb = match action {
        DeletionAction::Recycled => "recycled",
        DeletionAction::Purged => "purged",
        DeletionAction::Emptied => "left to the system",
        DeletionAction::Restored => "restored",
    };
    if let [only] = records.as_slice() {
        let kind = match only.item {
            RecycledItem::Document(_) => "document",
            RecycledItem::Folder(_) => "folder",
        };
        let deed = Deed {
            at,
            user,
            action: &format!("{kind} {verb}"),
            subject: &only.path,
            detail: "",
        };
        audit::record(tx, deed)?;
    } else if !records.is_empty() {
        let deed = Deed {
            at,
            user,
            action: &format!("items {verb}"),
            subject: "",
            detail: &records.len().to_string(),
        };
        audit::record(tx, deed)?;
    }
    Ok(())
}

/// The item, for who may restore it. Who sees neither the item nor its deletion learns nothing of it.
fn find(tx: &mut Tx<'_>, standing: &Standing, item: BinItem) -> Result<RecycledRow, Failure> {
    let row = rows::of_item(tx, item.row())?.ok_or_else(|| item.gone())?;
    let is_own = row.noted.deleted_by == standing.user() && !row.in_system_bin;
    if is_own || standing.is_administrator() {
        return Ok(row);
    }
    let facts = match item {
        BinItem::Document(id) => documents::document(tx, id)?.map(|row| facts_of_document(&row)),
        BinItem::Folder(id) => folders::folder(tx, id)?.map(|row| facts_of_folder(&row)),
    };
    let facts = facts.ok_or_else(|| item.gone())?;
    if !row.in_system_bin && standing.folder_right(tx, &facts)?.lists() {
        return Err(Failure::Denied);
    }
    Err(item.gone())
}

fn view(row: RecycledRow, names: &Names) -> BinItemView {
    let noted = row.noted;
    BinItemView {
        item: BinItem::of(noted.item),
        name: noted.name,
        deleted: noted.deleted,
        raw_len: noted.raw_len,
        original_folder: noted.original_folder,
        original_path: noted.original_path,
        deleted_by: noted.deleted_by,
        deleted_by_login: names.login(noted.deleted_by),
        in_system_bin: row.in_system_bin,
    }
}
