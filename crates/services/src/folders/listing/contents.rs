//! What lies directly in a folder, in full and page by page. A page begins behind the last item of the one before, by name, so
//! that the last page costs what the first does; and it is full as long as there is more, so that its length tells nothing of
//! what is hidden.

use super::rows::{Listed, Shelf, len};
use super::{ListingWanted, NameFilter};
use crate::access::Standing;
use crate::folders::Folders;
use crate::folders::parts::{Described, ItemIds, PartsWanted, described};
use crate::folders::resolve::resolve_folder;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::listed::{DocumentLine, FolderLine};
use holdall_model::{FolderId, ItemRef, name_key};

/// The fewest rows that are looked at in one step, some of which may be hidden.
const STEP: u64 = 100;

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentsWanted {
    /// Whether folders are listed, before the documents.
    pub folders: bool,
    /// Whether documents are listed.
    pub documents: bool,
    /// Where the page begins: behind this item; `None` for the first page.
    pub after: Option<Position>,
    /// How many items it has at most.
    pub most: u64,
}

/// A place in a listing: behind an item that the caller saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Behind the folder with that name key.
    Folder(String),
    /// Behind the document with that name key; there are no more folders.
    Document(String),
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Its items: folders by name, then documents by name, with the digests of their content.
    pub described: Described,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<Position>,
}

impl Folders {
    /// A page of what lies directly in a folder. A folder that the caller does not see is not found.
    pub async fn contents(
        &self,
        caller: &Caller,
        folder: FolderId,
        wanted: ContentsWanted,
    ) -> Result<Contents, Failure> {
        let read = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &ItemRef::Folder(folder))?.place;
            let kinds = ListingWanted {
                folders: wanted.folders.then(NameFilter::all),
                documents: wanted.documents.then(NameFilter::all),
                readable_only: false,
            };
            let (ids, next) = gather(tx, &mut kinds.shelf(standing, &place.row), wanted)?;
            let digests = PartsWanted {
                digests: true,
                ..PartsWanted::default()
            };
            let described = described(tx, standing, &ids, digests)?;
            Ok(Contents { described, next })
        };
        self.house.read_as(caller, read).await
    }
}

/// The items of a page, and where the next one begins.
fn gather(
    tx: &mut Tx<'_>,
    shelf: &mut Shelf<'_, '_>,
    wanted: ContentsWanted,
) -> Result<(ItemIds, Option<Position>), Failure> {
    let mut ids = ItemIds::default();
    // One more than the page holds says whether there is a next one.
    let mut room = wanted.most.saturating_add(1);
    let mut last = wanted.after.clone();
    let behind = match wanted.after {
        None => Some(String::new()),
        Some(Position::Folder(name)) => Some(name),
        Some(Position::Document(_)) => None,
    };
    if let Some(behind) = behind {
        let folders = seen::<FolderLine>(tx, shelf, behind, room)?;
        room = room.saturating_sub(len(&folders));
        for line in folders.into_iter().take(page_len(wanted.most)) {
            last = Some(Position::Folder(name_key(&line.name)));
            ids.folders.push(line.id);
        }
    }
    let behind = match &last {
        Some(Position::Document(name)) => name.clone(),
        _ => String::new(),
    };
    let documents = seen::<DocumentLine>(tx, shelf, behind, room)?;
    room = room.saturating_sub(len(&documents));
    let free = page_len(wanted.most).saturating_sub(ids.folders.len());
    for line in documents.into_iter().take(free) {
        last = Some(Position::Document(name_key(&line.name)));
        ids.documents.push(line.id);
    }
    Ok((ids, last.filter(|_| room == 0)))
}

fn page_len(most: u64) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}

/// At most `most` rows behind a name key that the caller sees.
fn seen<R: Listed>(
    tx: &mut Tx<'_>,
    shelf: &mut Shelf<'_, '_>,
    behind: String,
    most: u64,
) -> Result<Vec<R>, Failure> {
    let (mut found, mut next) = (Vec::new(), Some(behind));
    while let Some(behind) = next.filter(|_| len(&found) < most) {
        let rows = shelf.after(tx, &behind, most.max(STEP))?;
        found.extend(rows.seen);
        next = rows.more;
    }
    found.truncate(page_len(most));
    Ok(found)
}
