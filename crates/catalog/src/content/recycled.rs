//! What was deleted, by whom and from where.

use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, LibraryId, Timestamp, UserId};

/// The item that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecycledItem {
    /// A document with its versions.
    Document(DocumentId),
    /// A folder with all below it.
    Folder(FolderId),
}

/// A deletion to note.
#[derive(Clone, Debug)]
pub struct NewRecycled {
    /// What was deleted.
    pub item: RecycledItem,
    /// Its name.
    pub name: String,
    /// The library it belongs to.
    pub library: LibraryId,
    /// The folder it lay in.
    pub original_folder: FolderId,
    /// The full path it had, `/` separated.
    pub original_path: String,
    /// The sum of the lengths of its documents in bytes.
    pub raw_len: u64,
    /// Who deleted it.
    pub deleted_by: UserId,
    /// When.
    pub deleted: Timestamp,
}

const INSERT: &str = "INSERT INTO recycled (kind, item_id, name, library_id, original_folder_id, original_path, total_len, \
     deleted_by, deleted_at, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";

pub(crate) const STATEMENTS: &[&str] = &[INSERT];

/// Notes a deletion.
pub fn insert(tx: &mut Tx<'_>, recycled: &NewRecycled) -> Result<(), CatalogError> {
    let (kind, item) = match recycled.item {
        RecycledItem::Document(id) => (0_i64, id.0),
        RecycledItem::Folder(id) => (1, id.0),
    };
    let values = [
        kind.into(),
        item.into(),
        recycled.name.as_str().into(),
        recycled.library.into(),
        recycled.original_folder.into(),
        recycled.original_path.as_str().into(),
        recycled.raw_len.into(),
        recycled.deleted_by.into(),
        recycled.deleted.into(),
    ];
    tx.execute(INSERT, &values).map(|_inserted| ())
}
