//! What lies directly in a folder, line by line: whole, or a page of it. What the caller may not see is left out everywhere, in
//! counts too.
//!
//! A long listing is read in blocks, each in a snapshot of its own that begins behind the last name of the one before. So memory
//! does not grow with the folder, nobody's slow connection holds a snapshot open, and lost rights end a listing at once.

mod contents;
mod filter;
mod rows;
mod sight;

pub use contents::{Contents, ContentsWanted, Position};
pub use filter::NameFilter;

use super::{FolderView, Folders};
use crate::access::Standing;
use crate::documents::LockView;
use crate::folders::resolve::resolve_folder;
use crate::house::House;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::listed::Kind;
use holdall_model::{DocumentId, FolderId, ItemRef, Timestamp, VersionNumber};
use rows::Shelf;
pub(crate) use sight::Sight;
use std::sync::Arc;

/// What a listing shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingWanted {
    /// The folders of those names; `None` for no folders.
    pub folders: Option<NameFilter>,
    /// The documents of those names; `None` for no documents.
    pub documents: Option<NameFilter>,
    /// Whether what may be listed but not read is left out.
    pub readable_only: bool,
}

/// A folder in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderLine {
    /// Its id.
    pub id: FolderId,
    /// Its name.
    pub name: String,
}

/// A document in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// When the content was made.
    pub created: Timestamp,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// When the first version was uploaded.
    pub registered: Timestamp,
    /// The length in bytes of the content that readers get.
    pub raw_len: u64,
    /// The lock, when somebody holds it.
    pub lock: Option<LockView>,
    /// The newest version.
    pub latest_version: VersionNumber,
    /// The published version, when there is one.
    pub published_version: Option<VersionNumber>,
}

/// Some lines of a listing: folders by name, then documents by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The folders.
    pub folders: Vec<FolderLine>,
    /// The documents.
    pub documents: Vec<DocumentLine>,
}

/// The beginning of a listing.
#[derive(Debug)]
pub struct Listing {
    /// The folder that is listed.
    pub folder: FolderView,
    /// The first lines.
    pub first: Lines,
    /// The way to the others; `None` when these are all.
    pub rest: Option<ListingRest>,
}

/// The lines of a listing that were not read yet.
#[derive(Clone, Debug)]
pub struct ListingRest {
    house: Arc<House>,
    caller: Caller,
    folder: FolderId,
    wanted: Arc<ListingWanted>,
    next: Next,
}

/// A page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The folder that is listed.
    pub folder: FolderView,
    /// How many lines all pages have together.
    pub total: u64,
    /// The lines of this page.
    pub lines: Lines,
}

/// Where reading goes on: behind a name key.
#[derive(Clone, Debug)]
enum Next {
    Folders(String),
    Documents(String),
}

impl ListingWanted {
    /// All folders and documents.
    pub fn all() -> Self {
        Self {
            folders: Some(NameFilter::all()),
            documents: Some(NameFilter::all()),
            readable_only: false,
        }
    }

    fn filter(&self, kind: Kind) -> Option<&NameFilter> {
        match kind {
            Kind::Folders => self.folders.as_ref(),
            Kind::Documents => self.documents.as_ref(),
        }
    }

    fn shelf<'a, 's>(&'a self, standing: &'s Standing, folder: &'a FolderRow) -> Shelf<'a, 's> {
        Shelf {
            folder,
            wanted: self,
            sight: Sight::new(standing, folder.library, self.readable_only),
        }
    }
}

impl Lines {
    /// How many lines there are.
    pub fn count(&self) -> u64 {
        let count = self.folders.len().saturating_add(self.documents.len());
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}

impl Folders {
    /// Begins a listing with its first lines, at most `most`.
    pub async fn listing(
        &self,
        caller: &Caller,
        item: &ItemRef,
        wanted: ListingWanted,
        most: u64,
    ) -> Result<Listing, Failure> {
        let (item, wanted) = (item.clone(), Arc::new(wanted));
        let asked = Arc::clone(&wanted);
        let begin = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &item)?.place;
            let start = Next::Folders(String::new());
            let (first, next) = block(tx, &mut asked.shelf(standing, &place.row), start, most)?;
            Ok((FolderView::of(tx, place)?, first, next))
        };
        let (folder, first, next) = self.house.read_as(caller, begin).await?;
        let rest = next.map(|next| ListingRest {
            house: Arc::clone(&self.house),
            caller: caller.clone(),
            folder: folder.id,
            wanted,
            next,
        });
        Ok(Listing { folder, first, rest })
    }

    /// The lines of a listing from number `start` on, at most `most`, in one snapshot with their total.
    pub async fn page(
        &self,
        caller: &Caller,
        item: &ItemRef,
        wanted: ListingWanted,
        (start, most): (u64, u64),
    ) -> Result<Page, Failure> {
        let item = item.clone();
        let read = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &item)?.place;
            let (total, lines) = page(tx, &mut wanted.shelf(standing, &place.row), (start, most))?;
            Ok(Page {
                folder: FolderView::of(tx, place)?,
                total,
                lines,
            })
        };
        self.house.read_as(caller, read).await
    }

    /// How many lines a listing has.
    pub async fn count(
        &self,
        caller: &Caller,
        item: &ItemRef,
        wanted: ListingWanted,
    ) -> Result<u64, Failure> {
        let item = item.clone();
        let count = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &item)?.place;
            total(tx, &mut wanted.shelf(standing, &place.row))
        };
        self.house.read_as(caller, count).await
    }
}

impl ListingRest {
    /// How many lines the whole listing has now, those that were read among them.
    pub async fn count(&self) -> Result<u64, Failure> {
        let (folder, wanted) = (ItemRef::Folder(self.folder), Arc::clone(&self.wanted));
        let count = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &folder)?.place;
            total(tx, &mut wanted.shelf(standing, &place.row))
        };
        self.house.read_as(&self.caller, count).await
    }

    /// The next lines, at most `most`, and the way to those behind them. A folder that the caller no longer sees is not found.
    pub async fn next(self, most: u64) -> Result<(Lines, Option<Self>), Failure> {
        let (folder, wanted) = (ItemRef::Folder(self.folder), Arc::clone(&self.wanted));
        let start = self.next.clone();
        let read = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &folder)?.place;
            block(tx, &mut wanted.shelf(standing, &place.row), start, most)
        };
        let (lines, next) = self.house.read_as(&self.caller, read).await?;
        let rest = next.map(|next| Self { next, ..self });
        Ok((lines, rest))
    }
}

/// At most `most` rows from `next` on, less those that are not seen, and where to go on.
fn block(
    tx: &mut Tx<'_>,
    shelf: &mut Shelf<'_, '_>,
    next: Next,
    most: u64,
) -> Result<(Lines, Option<Next>), Failure> {
    let (mut lines, mut room) = (Lines::default(), most);
    let after = match next {
        Next::Folders(after) => {
            let rows = shelf.after(tx, &after, room)?;
            lines.folders = rows::folder_lines(rows.seen);
            if let Some(more) = rows.more {
                return Ok((lines, Some(Next::Folders(more))));
            }
            room -= rows.read;
            String::new()
        }
        Next::Documents(after) => after,
    };
    let rows = shelf.after(tx, &after, room)?;
    lines.documents = rows::document_lines(tx, rows.seen)?;
    Ok((lines, rows.more.map(Next::Documents)))
}

fn total(tx: &mut Tx<'_>, shelf: &mut Shelf<'_, '_>) -> Result<u64, Failure> {
    let folders = shelf.count(tx, Kind::Folders)?;
    let documents = shelf.count(tx, Kind::Documents)?;
    Ok(folders.count + documents.count)
}

/// The total and the lines of a page.
fn page(
    tx: &mut Tx<'_>,
    shelf: &mut Shelf<'_, '_>,
    (start, most): (u64, u64),
) -> Result<(u64, Lines), Failure> {
    let folders = shelf.count(tx, Kind::Folders)?;
    let documents = shelf.count(tx, Kind::Documents)?;
    let mut lines = Lines {
        folders: rows::folder_lines(shelf.from(tx, folders, (start, most))?),
        documents: Vec::new(),
    };
    let room = most.saturating_sub(lines.count());
    let start = start.saturating_sub(folders.count);
    let rows = shelf.from(tx, documents, (start, room))?;
    lines.documents = rows::document_lines(tx, rows)?;
    Ok((folders.count + documents.count, lines))
}
