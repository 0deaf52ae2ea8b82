//! The record of what was deleted, restored and purged.

use crate::recycled::RecycledItem;
use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{ItemPath, LibraryId, Timestamp, UserId};

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionAction {
    /// It went into a recycle bin.
    Recycled,
    /// It is gone for good.
    Purged,
    /// It left its user's bin for the system's.
    Emptied,
    /// It came back.
    Restored,
}

/// Something that happened to a deleted item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub user: UserId,
    /// What.
    pub action: DeletionAction,
    /// To which item.
    pub item: RecycledItem,
    /// Its name.
    pub name: String,
    /// The full path it had, `/` separated.
    pub path: String,
    /// The library it belonged to.
    pub library: LibraryId,
}

/// Which records to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionsWanted {
    /// Those not before.
    pub from: Timestamp,
    /// Those not after.
    pub until: Timestamp,
    /// Those of one library.
    pub library: Option<LibraryId>,
    /// Those of items at a path or directly in it, or of all items whose path begins like that.
    pub path: PathWanted,
    /// At most so many of the latest.
    pub most: u64,
}

/// Paths that items had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathWanted {
    /// This one, and those of what lay directly in it.
    At(ItemPath),
    /// All that begin like this one.
    Beginning(ItemPath),
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT at, user_id, action, kind, item_id, name, path, library_id FROM deletions WHERE at >= $1 AND at <= $2 \
             AND (library_id = $3 OR $3 = 0) AND ",
            $condition,
            " ORDER BY at DESC, id DESC LIMIT $5"
        )
    };
}

const INSERT: &str = "INSERT INTO deletions (id, at, user_id, action, kind, item_id, name, path, path_key, folder_key, library_id)";
const AT: &str = select!("(path_key = $4 OR folder_key = $4)");
const BEGINNING: &str = select!("path_key >= $4 AND path_key < $6");

pub(crate) const STATEMENTS: &[&str] = &[INSERT, AT, BEGINNING];

impl DeletionAction {
    fn number(self) -> i64 {
        match self {
            Self::Recycled => 0,
            Self::Purged => 1,
            Self::Emptied => 2,
            Self::Restored => 3,
        }
    }

    fn of_number(number: i64) -> Result<Self, CatalogError> {
        match number {
            0 => Ok(Self::Recycled),
            1 => Ok(Self::Purged),
            2 => Ok(Self::Emptied),
            3 => Ok(Self::Restored),
            _ => Err(CatalogError::inconsistent("a deletion of an unknown kind")),
        }
    }
}

/// The keys of a path's names, each after a slash, so that no name runs into the next.
fn key_of(path: &ItemPath) -> String {
    path.keys()
        .iter()
        .fold(String::new(), |text, key| text + "/" + key)
}

fn read(row: &Row<'_>) -> Result<Deletion, CatalogError> {
    Ok(Deletion {
        at: row.timestamp(0)?,
        user: UserId(row.integer(1)?),
        action: DeletionAction::of_number(row.integer(2)?)?,
        item: RecycledItem::of_columns(row.integer(3)?, row.integer(4)?),
        name: row.text(5)?.to_owned(),
        path: row.text(6)?.to_owned(),
        library: LibraryId(row.integer(7)?),
    })
}

/// Records what happened, in the given order.
pub fn record(tx: &mut Tx<'_>, deletions: &[Deletion]) -> Result<(), CatalogError> {
    let count = u64::try_from(deletions.len()).unwrap_or(u64::MAX);
    let first = tx.next_ids(Counter::Deletions, count)?;
    let keys: Vec<(String, String)> = deletions
        .iter()
        .map(|deletion| {
            let path = ItemPath::parse(&deletion.path);
            let folder = path.split_last().map(|(folder, _)| key_of(&folder));
            (key_of(&path), folder.unwrap_or_default())
        })
        .collect();
    let rows = deletions.iter().zip(&keys).zip(first..);
    let rows = rows.map(|((deletion, (path_key, folder_key)), id)| {
        let (kind, item) = deletion.item.columns();
        [
            Value::from(id),
            deletion.at.into(),
            deletion.user.into(),
            deletion.action.number().into(),
            kind.into(),
            item.into(),
            deletion.name.as_str().into(),
            deletion.path.as_str().into(),
            path_key.as_str().into(),
            folder_key.as_str().into(),
            deletion.library.into(),
        ]
    });
    tx.insert_many(INSERT, 11, rows)
}

/// The records wanted, the latest first.
pub fn latest(tx: &mut Tx<'_>, wanted: &DeletionsWanted) -> Result<Vec<Deletion>, CatalogError> {
    let library = wanted.library.unwrap_or(LibraryId(0));
    let (sql, key) = match &wanted.path {
        PathWanted::At(path) => (AT, key_of(path)),
        PathWanted::Beginning(path) if path.ends_with_separator() => (BEGINNING, key_of(path) + "/"),
        PathWanted::Beginning(path) => (BEGINNING, key_of(path)),
    };
    // No name holds the last of all characters, so every path that begins with the key lies before this.
    let end = format!("{key}\u{10FFFF}");
    let mut values: Vec<Value<'_>> = vec![
        wanted.from.into(),
        wanted.until.into(),
        library.into(),
        key.as_str().into(),
        wanted.most.into(),
    ];
    if sql == BEGINNING {
        values.push(end.as_str().into());
    }
    tx.query(sql, &values, read)
}
