//! Many items in full, with what else is wished about them: a statement for all of a kind instead of one for each item.

use super::paths::{Around, Paths};
use super::resolve::{Item, facts_of_document, facts_of_folder, resolve};
use super::views::Names;
use super::{FolderView, Folders};
use crate::access::{self, AccessListView, ListOf, Standing};
use crate::documents::{DocumentView, VersionView};
use crate::people::UserView;
use crate::{Caller, Failure};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::folders::{self, FolderRow};
use holdall_catalog::{Tx, blobs, people, versions};
use holdall_model::{BlobId, Digest, DocumentId, FolderId, ItemRef, UserId};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Items by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemIds {
    /// Folders.
    pub folders: Vec<FolderId>,
    /// Documents.
    pub documents: Vec<DocumentId>,
}

/// What is wished about items besides what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part by itself")]
pub struct PartsWanted {
    /// The access lists in force.
    pub lists: bool,
    /// The accounts of the owners.
    pub owners: bool,
    /// The versions of documents.
    pub versions: bool,
    /// The SHA-256 of the content that readers of documents get.
    pub digests: bool,
}

/// What was wished about items. What the caller may not have is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The access lists in force on folders that the caller may read.
    pub folder_lists: HashMap<FolderId, AccessListView>,
    /// The access lists in force on documents that the caller may read.
    pub document_lists: HashMap<DocumentId, AccessListView>,
    /// The accounts of the owners that are still there.
    pub owners: HashMap<UserId, UserView>,
    /// The versions of documents that the caller may read, ascending.
    pub versions: HashMap<DocumentId, Vec<VersionView>>,
    /// The SHA-256 of the content of documents that the caller may read; shortcuts have none.
    pub digests: HashMap<DocumentId, Digest>,
}

/// Items in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The folders, in the order of their ids in the question.
    pub folders: Vec<FolderView>,
    /// The documents, in the order of their ids in the question.
    pub documents: Vec<DocumentView>,
    /// What was wished besides.
    pub parts: Parts,
}

/// Visible items, each with where it is.
struct Seen {
    folders: Vec<(FolderRow, Around)>,
    documents: Vec<(DocumentRow, Around)>,
}

impl Folders {
    /// Items in full, with what else is wished. What is not there or the caller may not see is left out.
    pub async fn describe(
        &self,
        caller: &Caller,
        items: ItemIds,
        wanted: PartsWanted,
    ) -> Result<Described, Failure> {
        let describe = move |tx: &mut Tx<'_>, standing: &Standing| described(tx, standing, &items, wanted);
        self.house.read_as(caller, describe).await
    }

    /// The one item that `item` points at, in full; a path is that of a document before that of a folder.
    pub async fn describe_one(
        &self,
        caller: &Caller,
        item: &ItemRef,
        wanted: PartsWanted,
    ) -> Result<Described, Failure> {
        let item = item.clone();
        let describe = move |tx: &mut Tx<'_>, standing: &Standing| {
            let mut ids = ItemIds::default();
            match resolve(tx, standing, &item)? {
                Item::Folder(found) => ids.folders.push(found.place.row.id),
                Item::Document(found) => ids.documents.push(found.row.id),
            }
            described(tx, standing, &ids, wanted)
        };
        self.house.read_as(caller, describe).await
    }

    /// What is wished about items that the caller sees.
    pub async fn parts(
        &self,
        caller: &Caller,
        items: ItemIds,
        wanted: PartsWanted,
    ) -> Result<Parts, Failure> {
        if wanted == PartsWanted::default() {
            return Ok(Parts::default());
        }
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            Seen::load(tx, standing, &items)?.parts(tx, standing, wanted)
        };
        self.house.read_as(caller, find).await
    }
}

/// Items in full, as [`Folders::describe`] gives them.
pub(crate) fn described(
    tx: &mut Tx<'_>,
    standing: &Standing,
    items: &ItemIds,
    wanted: PartsWanted,
) -> Result<Described, Failure> {
    let seen = Seen::load(tx, standing, items)?;
    let parts = seen.parts(tx, standing, wanted)?;
    let names = Names::of(tx, seen.mentioned())?;
    let documents = seen.documents.into_iter();
    Ok(Described {
        folders: seen
            .folders
            .into_iter()
            .map(|(row, around)| FolderView::new(row, around.path, &names))
            .collect(),
        documents: documents
            .map(|(row, around)| DocumentView::new(row, &around, &names))
            .collect(),
        parts,
    })
}

impl Seen {
    fn load(tx: &mut Tx<'_>, standing: &Standing, items: &ItemIds) -> Result<Self, Failure> {
        let mut folder_rows = by_id(folders::of_ids(tx, &items.folders)?, |row| row.id);
        let mut document_rows = by_id(documents::of_ids(tx, &items.documents)?, |row| row.id);
        let mut places: Vec<FolderId> = document_rows.values().map(|row| row.folder).collect();
        places.extend(folder_rows.keys());
        places.sort_unstable();
        places.dedup();
        let paths = Paths::above(tx, &places)?;
        let mut seen = Self {
            folders: Vec::with_capacity(items.folders.len()),
            documents: Vec::with_capacity(items.documents.len()),
        };
        for row in items.folders.iter().filter_map(|id| folder_rows.remove(id)) {
            let is_seen = standing.folder_right(tx, &facts_of_folder(&row))?.lists();
            let around = paths.of(row.id).filter(|_| is_seen);
            seen.folders.extend(around.map(|around| (row, around)));
        }
        for row in items.documents.iter().filter_map(|id| document_rows.remove(id)) {
            let is_seen = standing.folder_right(tx, &facts_of_document(&row))?.lists();
            let around = paths.of(row.folder).filter(|_| is_seen);
            seen.documents.extend(around.map(|around| (row, around)));
        }
        Ok(seen)
    }

    /// The users whose names the views show.
    fn mentioned(&self) -> impl Iterator<Item = UserId> {
        let owners = self.folders.iter().map(|(row, _)| row.owner);
        let others = self.documents.iter();
        owners.chain(others.flat_map(|(row, _)| DocumentView::mentioned(row)))
    }

    fn parts(&self, tx: &mut Tx<'_>, standing: &Standing, wanted: PartsWanted) -> Result<Parts, Failure> {
        let mut parts = Parts::default();
        let readable = self.readable(tx, standing)?;
        if wanted.lists {
            self.add_lists(tx, &readable, &mut parts)?;
        }
        if wanted.versions {
            for (document, row) in versions::of_documents(tx, &readable.documents)? {
                parts.versions.entry(document).or_default().push(row.into());
            }
        }
        if wanted.digests {
            parts.digests = self.digests(tx, &readable)?;
        }
        if wanted.owners {
            let accounts = people::users_of_ids(tx, &self.owners())?;
            parts.owners = by_id(accounts.into_iter().map(UserView::new), |view| view.id);
        }
        Ok(parts)
    }

    /// The owners, each once.
    fn owners(&self) -> Vec<UserId> {
        let folders = self.folders.iter().map(|(row, _)| row.owner);
        let documents = self.documents.iter().map(|(row, _)| row.owner);
        let mut owners: Vec<UserId> = folders.chain(documents).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// The items that the caller may read.
    fn readable(&self, tx: &mut Tx<'_>, standing: &Standing) -> Result<ItemIds, Failure> {
        let mut readable = ItemIds::default();
        for (row, _) in &self.folders {
            if standing.folder_right(tx, &facts_of_folder(row))?.reads() {
                readable.folders.push(row.id);
            }
        }
        for (row, _) in &self.documents {
            if standing.document_right(tx, &facts_of_document(row))?.reads() {
                readable.documents.push(row.id);
            }
        }
        Ok(readable)
    }

    /// The digests of readable documents.
    fn digests(&self, tx: &mut Tx<'_>, readable: &ItemIds) -> Result<HashMap<DocumentId, Digest>, Failure> {
        let readable: HashSet<_> = readable.documents.iter().collect();
        let rows = self.documents.iter().map(|(row, _)| row);
        let rows: Vec<_> = rows.filter(|row| readable.contains(&row.id)).collect();
        let mut wanted: Vec<BlobId> = rows.iter().map(|row| row.content.blob).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let digests = blobs::digests_of(tx, &wanted)?;
        let found = rows.iter().filter(|row| row.target.is_none());
        Ok(found
            .filter_map(|row| Some((row.id, *digests.get(&row.content.blob)?)))
            .collect())
    }

    fn add_lists(&self, tx: &mut Tx<'_>, readable: &ItemIds, parts: &mut Parts) -> Result<(), Failure> {
        let (folders, documents): (HashSet<_>, HashSet<_>) = (
            readable.folders.iter().collect(),
            readable.documents.iter().collect(),
        );
        let folders = self.folders.iter().filter(|(row, _)| folders.contains(&row.id));
        let documents = self
            .documents
            .iter()
            .filter(|(row, _)| documents.contains(&row.id));
        let lists = folders.map(|(row, around)| ListOf::folder(row, around.library_name.clone()));
        let lists: Vec<ListOf> = lists
            .chain(documents.map(|(row, around)| ListOf::document(row, around.library_name.clone())))
            .collect();
        let mut views = access::views(tx, &lists)?.into_iter();
        parts.folder_lists = readable.folders.iter().copied().zip(views.by_ref()).collect();
        parts.document_lists = readable.documents.iter().copied().zip(views).collect();
        Ok(())
    }
}

fn by_id<T, I: Eq + Hash>(items: impl IntoIterator<Item = T>, id: impl Fn(&T) -> I) -> HashMap<I, T> {
    items.into_iter().map(|item| (id(&item), item)).collect()
}
