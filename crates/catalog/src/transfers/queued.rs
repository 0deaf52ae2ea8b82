//! The download queue of each user: items put aside to be downloaded together.

use crate::documents::{self, DocumentRow};
use crate::folders::{self, FolderRow};
use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, Timestamp, UserId};

/// An item of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueuedItem {
    /// A document.
    Document(DocumentId),
    /// A folder.
    Folder(FolderId),
}

impl QueuedItem {
    fn kind_and_id(self) -> (i64, i64) {
        match self {
            Self::Document(id) => (0, id.0),
            Self::Folder(id) => (1, id.0),
        }
    }
}

const ADD: &str =
    "INSERT INTO queue (user_id, kind, item_id, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM queue WHERE user_id = $1 AND kind = $2 AND item_id = $3";
const FOLDERS: &str = concat!(
    "SELECT ",
    folders::columns!(),
    " FROM queue q JOIN folders f ON f.id = q.item_id WHERE q.user_id = $1 AND q.kind = 1 ORDER BY f.name_key, f.id"
);
const DOCUMENTS: &str = concat!(
    "SELECT ",
    documents::columns!(),
    " FROM queue q JOIN documents d ON d.id = q.item_id WHERE q.user_id = $1 AND q.kind = 0 ORDER BY d.name_key, d.id"
);

pub(crate) const STATEMENTS: &[&str] = &[ADD, REMOVE, FOLDERS, DOCUMENTS];

/// Puts an item into a user's queue; `false` when it is there already.
pub fn add(tx: &mut Tx<'_>, user: UserId, item: QueuedItem, now: Timestamp) -> Result<bool, CatalogError> {
    let (kind, id) = item.kind_and_id();
    Ok(tx.execute(ADD, &[user.into(), kind.into(), id.into(), now.into()])? == 1)
}

/// Takes an item out of a user's queue; `false` when it was not there.
pub fn remove(tx: &mut Tx<'_>, user: UserId, item: QueuedItem) -> Result<bool, CatalogError> {
    let (kind, id) = item.kind_and_id();
    Ok(tx.execute(REMOVE, &[user.into(), kind.into(), id.into()])? == 1)
}

/// The folders in a user's queue by name, also recycled ones.
pub fn folders(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query(FOLDERS, &[user.into()], folders::read)
}

/// The documents in a user's queue by name, also recycled ones.
pub fn documents(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query(DOCUMENTS, &[user.into()], documents::read)
}
