//! What was deleted, by whom and from where.

use crate::{CatalogError, Row, Tx, Value};
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
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A deletion that was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecycledRow {
    /// What was deleted, with its names, and by whom.
    pub noted: NewRecycled,
    /// Whether it left the bin of who deleted it for the system's.
    pub in_system_bin: bool,
}

impl RecycledItem {
    /// The kind and the id that stand for it in the tables.
    pub fn columns(self) -> (i64, i64) {
        match self {
            Self::Document(id) => (0, id.0),
            Self::Folder(id) => (1, id.0),
        }
    }

    /// The item of a kind and an id.
    pub(crate) fn of_columns(kind: i64, id: i64) -> Self {
        if kind == 0 {
            Self::Document(DocumentId(id))
        } else {
            Self::Folder(FolderId(id))
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT kind, item_id, name, library_id, original_folder_id, original_path, total_len, deleted_by, \
             deleted_at, status FROM recycled WHERE ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO recycled (kind, item_id, name, library_id, original_folder_id, original_path, total_len, \
     deleted_by, deleted_at, status, status_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $9)";
const OF_ITEM: &str = select!("kind = $1 AND item_id = $2");
const OF_USER: &str = select!("deleted_by = $1 AND status = 0 ORDER BY deleted_at DESC, kind, item_id");
const OF_SYSTEM: &str = select!("status = 1 ORDER BY deleted_at DESC, kind, item_id");
const OLDEST: &str = select!("status = $1 AND status_at <= $2 ORDER BY status_at, kind, item_id LIMIT $3");
const EMPTY: &str = "UPDATE recycled SET status = 1, status_at = $2 WHERE deleted_by = $1 AND status = 0";
const TO_SYSTEM: &str =
    "UPDATE recycled SET status = 1, status_at = $2 WHERE kind = $1 AND item_id IN {wanted}";
const REMOVE: &str = "DELETE FROM recycled WHERE kind = $1 AND item_id IN {wanted}";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT, OF_ITEM, OF_USER, OF_SYSTEM, OLDEST, EMPTY, TO_SYSTEM, REMOVE,
];

fn read(row: &Row<'_>) -> Result<RecycledRow, CatalogError> {
    let noted = NewRecycled {
        item: RecycledItem::of_columns(row.integer(0)?, row.integer(1)?),
        name: row.text(2)?.to_owned(),
        library: LibraryId(row.integer(3)?),
        original_folder: FolderId(row.integer(4)?),
        original_path: row.text(5)?.to_owned(),
        raw_len: row.length(6)?,
        deleted_by: UserId(row.integer(7)?),
        deleted: row.timestamp(8)?,
    };
    Ok(RecycledRow {
        noted,
        in_system_bin: row.boolean(9)?,
    })
}

/// Notes a deletion.
pub fn insert(tx: &mut Tx<'_>, recycled: &NewRecycled) -> Result<(), CatalogError> {
    let (kind, item) = recycled.item.columns();
    let values: [Value<'_>; 9] = [
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

/// The deletion of an item; `None` when it lies in no bin.
pub fn of_item(tx: &mut Tx<'_>, item: RecycledItem) -> Result<Option<RecycledRow>, CatalogError> {
    let (kind, id) = item.columns();
    tx.query_one(OF_ITEM, &[kind.into(), id.into()], read)
}

/// What lies in a user's bin, the last deleted first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<RecycledRow>, CatalogError> {
    tx.query(OF_USER, &[user.into()], read)
}

/// What lies in the system's bin, the last deleted first.
pub fn of_system(tx: &mut Tx<'_>) -> Result<Vec<RecycledRow>, CatalogError> {
    tx.query(OF_SYSTEM, &[], read)
}

/// At most `most` items that have been since `since` or longer in users' bins, or in the system's; the longest first.
pub fn oldest(
    tx: &mut Tx<'_>,
    in_system_bin: bool,
    since: Timestamp,
    most: u64,
) -> Result<Vec<RecycledRow>, CatalogError> {
    let status = i64::from(in_system_bin);
    tx.query(OLDEST, &[status.into(), since.into(), most.into()], read)
}

/// Moves what lies in a user's bin to the system's.
pub fn empty(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<(), CatalogError> {
    tx.execute(EMPTY, &[user.into(), now.into()]).map(|_moved| ())
}

/// Moves items to the system's bin.
pub fn move_to_system(tx: &mut Tx<'_>, items: &[RecycledItem], now: Timestamp) -> Result<(), CatalogError> {
    for (kind, ids) in by_kind(items) {
        tx.execute_each_of(TO_SYSTEM, &[kind.into(), now.into()], &ids)?;
    }
    Ok(())
}

/// Forgets that items were deleted.
pub fn remove(tx: &mut Tx<'_>, items: &[RecycledItem]) -> Result<(), CatalogError> {
    for (kind, ids) in by_kind(items) {
        tx.execute_each_of(REMOVE, &[kind.into()], &ids)?;
    }
    Ok(())
}

fn by_kind(items: &[RecycledItem]) -> [(i64, Vec<i64>); 2] {
    [0, 1].map(|wanted| {
        let ids = items.iter().map(|item| item.columns());
        let ids = ids.filter(|(kind, _)| *kind == wanted).map(|(_, id)| id);
        (wanted, ids.collect())
    })
}
