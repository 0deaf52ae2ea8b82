//! Documents: looking at them, reading them, storing them, locking and deleting them.

pub(crate) mod content;
mod links;
mod locks;
pub(crate) mod logs;
mod media_types;
mod opened;
mod properties;
mod publishing;
mod record;
pub(crate) mod store;
mod store_many;
mod verify;
mod versions;
pub(crate) mod views;

pub use content::{ContentBody, ContentFacts, DocumentContent};
pub use locks::NotLocked;
pub use media_types::{MediaType, media_types};
pub use opened::OpenContent;
pub use properties::NewProperties;
pub(crate) use record::record_contents;
pub(crate) use store::taken;
pub use store::{DocumentOptions, Stored};
pub use store_many::{NewDocument, StoredOf};
pub use versions::Keep;
pub use views::{DescribedView, DocumentView, LockView, VersionView};

use crate::access::Standing;
use crate::folders::recycling;
use crate::folders::resolve::{
    DocumentAt, Item, follow_shortcut, resolve_content, resolve_document, resolve_folder, see_document,
};
use crate::house::House;
use crate::{Caller, Conflict, Failure, FolderRules, Rule, Thing, access};
use holdall_blobs::StoredBlob;
use holdall_catalog::documents as rows;
use holdall_catalog::recycled::{NewRecycled, RecycledItem};
use holdall_catalog::{Tx, versions as row_versions};
use holdall_model::{ItemPath, ItemRef, Right, Timestamp, UserId, VersionNumber, name_key};
use std::sync::Arc;
use store::Storing;

/// The checksums of a document that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksums {
    /// The CRC32 of the published version, when there is one.
    pub published: Option<u32>,
    /// The CRC32 of the newest version.
    pub latest: u32,
}

/// The documents of all libraries.
#[derive(Clone, Debug)]
pub struct Documents {
    house: Arc<House>,
}

impl Documents {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// The document that `item` points at.
    pub async fn document(&self, caller: &Caller, item: &ItemRef) -> Result<DocumentView, Failure> {
        let item = item.clone();
        let view = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_document(tx, standing, &item)?;
            DocumentView::of(tx, found)
        };
        self.house.read_as(caller, view).await
    }

    /// The document's checksums, when the caller may see it. Follows shortcuts.
    pub async fn exists(&self, caller: &Caller, item: &ItemRef) -> Result<Checksums, Failure> {
        let item = item.clone();
        let sums = move |tx: &mut Tx<'_>, standing: &Standing| {
            let row = resolve_content(tx, standing, &item)?.row;
            checksums(tx, &row)
        };
        self.house.read_as(caller, sums).await
    }

    /// As [`Self::exists`] for the document of that name in a folder; no folder is [`Thing::Folder`].
    pub async fn exists_in(
        &self,
        caller: &Caller,
        folder: &ItemPath,
        name: &str,
    ) -> Result<Checksums, Failure> {
        let (folder, key) = (ItemRef::Path(folder.clone()), name_key(name.trim()));
        let sums = move |tx: &mut Tx<'_>, standing: &Standing| {
            let folder = resolve_folder(tx, standing, &folder)?;
            let found = match rows::by_name(tx, folder.place.row.id, &key)? {
                Some(row) => see_document(tx, standing, row, folder.place)?,
                None => None,
            };
            let found = found.ok_or(Failure::NotFound(Thing::Document))?;
            let found = follow_shortcut(tx, standing, found)?;
            checksums(tx, &found.row)
        };
        self.house.read_as(caller, sums).await
    }

    /// All versions of the document, ascending. The right to read is needed. Follows shortcuts.
    pub async fn versions(&self, caller: &Caller, item: &ItemRef) -> Result<Vec<VersionView>, Failure> {
        let item = item.clone();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            access::require(found.right, Right::Read)?;
            let rows = row_versions::of_document(tx, found.row.id)?;
            Ok(rows.into_iter().map(VersionView::from).collect())
        };
        self.house.read_as(caller, list).await
    }

    /// One version of the document, without a number the one that readers get. The right to read is needed.
    /// Follows shortcuts.
    pub async fn version(
        &self,
        caller: &Caller,
        item: &ItemRef,
        number: Option<VersionNumber>,
    ) -> Result<VersionView, Failure> {
        let item = item.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            access::require(found.right, Right::Read)?;
            let number = number.unwrap_or_else(|| found.row.served());
            let row = row_versions::version(tx, found.row.id, number)?;
            row.map(VersionView::from)
                .ok_or(Failure::NotFound(Thing::Version))
        };
        self.house.read_as(caller, find).await
    }

    /// What [`Self::content`] would hand out, without opening it.
    pub async fn content_facts(
        &self,
        caller: &Caller,
        item: &ItemRef,
        version: Option<VersionNumber>,
    ) -> Result<ContentFacts, Failure> {
        content::facts(&self.house, caller, item, version).await
    }

    /// A version's content, or without a number that of the version which the caller gets: the newest for those who may change
    /// the document, else the published one, and the newest when none was ever published. The right to read is needed.
    /// Follows shortcuts.
    pub async fn content(
        &self,
        caller: &Caller,
        item: &ItemRef,
        version: Option<VersionNumber>,
    ) -> Result<DocumentContent, Failure> {
        content::open(&self.house, caller, item, version).await
    }

    /// Records content that is stored already as a new document or as the next version of the one at `target`.
    ///
    /// The folder must exist. A new document needs the right to create in the folder, a version the right to change the document.
    pub async fn store(
        &self,
        caller: &Caller,
        target: &ItemPath,
        blob: StoredBlob,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        let target = target.clone();
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            let target = store::resolve_target(tx, standing, &target)?;
            store::store(tx, storing, target, (&blob, &options))
        };
        self.house.write_as(caller, write).await
    }

    /// As [`Self::store`] for many documents in one transaction, each with an outcome of its own in the same order.
    pub async fn store_many(
        &self,
        caller: &Caller,
        arrivals: Vec<NewDocument>,
    ) -> Result<Vec<Result<StoredOf, Failure>>, Failure> {
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            store_many::store_many(tx, standing, storing, arrivals)
        };
        self.house.write_as(caller, write).await
    }

    /// As [`Self::store_many`], for a thread outside the runtime.
    pub fn store_many_blocking(
        &self,
        caller: &Caller,
        arrivals: Vec<NewDocument>,
    ) -> Result<Vec<Result<StoredOf, Failure>>, Failure> {
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            store_many::store_many(tx, standing, storing, arrivals)
        };
        self.house.write_as_blocking(caller, write)
    }

    /// Moves the document with all its versions into the caller's recycle bin. Full control is needed, of it or of a folder above,
    /// and nobody else may hold its lock.
    pub async fn delete(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let (user, now) = (caller.user(), self.house.clock.now());
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = access::resolve_controlled_document(tx, standing, &item)?;
            require_unlocked(&found.row, user)?;
            let item = Item::Document(Box::new(found.clone()));
            access::control(tx, standing, &item)?;
            FolderRules::of(&found.place.row).require(Rule::DocumentDeletes)?;
            recycle(tx, &found, user, now)
        };
        self.house.write_as(caller, remove).await
    }
}

/// Fails when somebody else than `user` holds the lock.
pub(crate) fn require_unlocked(row: &rows::DocumentRow, user: UserId) -> Result<(), Failure> {
    match row.locked_by {
        Some(holder) if holder != user => Err(Failure::Conflict(Conflict::Locked)),
        _ => Ok(()),
    }
}

fn checksums(tx: &mut Tx<'_>, row: &rows::DocumentRow) -> Result<Checksums, Failure> {
    let published = row.published().map(|_version| row.content.crc32);
    if row.served() == row.latest_version {
        return Ok(Checksums {
            published,
            latest: row.content.crc32,
        });
    }
    let latest =
        row_versions::version(tx, row.id, row.latest_version)?.ok_or(Failure::NotFound(Thing::Version))?;
    Ok(Checksums {
        published,
        latest: latest.content.crc32,
    })
}

fn recycle(tx: &mut Tx<'_>, found: &DocumentAt, user: UserId, now: Timestamp) -> Result<(), Failure> {
    let path = found.path();
    let note = NewRecycled {
        item: RecycledItem::Document(found.row.id),
        name: found.row.name.clone(),
        library: found.row.library,
        original_folder: found.row.folder,
        original_path: path.clone(),
        raw_len: found.row.content.raw_len,
        deleted_by: user,
        deleted: now,
    };
    rows::recycle(tx, found.row.id)?;
    recycling::put_in(tx, note)
}
