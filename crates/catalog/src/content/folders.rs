//! Folders: the tree below the libraries. A library's root folder has parent 0; a recycled folder lies below minus its own id.

use crate::access::ListSetting;
use crate::folder_rules::RulesRow;
use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{FolderId, LibraryId, ScopeId, Timestamp, UserId, name_key};
use std::collections::HashMap;

/// The parent of a library's root folder.
pub const NO_PARENT: FolderId = FolderId(0);

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderRow {
    /// Its id.
    pub id: FolderId,
    /// The folder it lies in; [`NO_PARENT`] for a library's root, negative when it was recycled.
    pub parent: FolderId,
    /// The name as it is shown.
    pub name: String,
    /// The library it belongs to.
    pub library: LibraryId,
    /// The access list in force.
    pub scope: ScopeId,
    /// Whether that list was set on this folder.
    pub own_list: bool,
    /// Who set it.
    pub list_applied_by: UserId,
    /// When it was set.
    pub list_applied: Timestamp,
    /// The owner.
    pub owner: UserId,
    /// Free text.
    pub description: String,
    /// When it was made.
    pub created: Timestamp,
    /// When its name or description last changed.
    pub modified: Timestamp,
    /// What may be done in it.
    pub rules: RulesRow,
}

/// A folder to insert; it inherits the access list that `scope` names.
#[derive(Clone, Debug)]
pub struct NewFolder {
    /// An id of [`next_ids`].
    pub id: FolderId,
    /// The folder it lies in.
    pub parent: FolderId,
    /// The cleaned name.
    pub name: String,
    /// The key of that name.
    pub name_key: String,
    /// The library of the parent.
    pub library: LibraryId,
    /// The list in force at the parent.
    pub scope: ScopeId,
    /// Who makes it.
    pub owner: UserId,
    /// Free text.
    pub description: String,
    /// The rules of the parent.
    pub rules: RulesRow,
}

/// A folder to insert with a past of its own.
#[derive(Clone, Debug)]
pub struct PastFolder {
    /// The folder; its `scope` is that of `list` where there is one.
    pub folder: NewFolder,
    /// When it was made.
    pub created: Timestamp,
    /// Its own list, by whom and when it was set; `None` inherits.
    pub list: Option<ListSetting>,
}

/// Where a folder hangs and what it is called: one step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The folder it lies in.
    pub parent: FolderId,
    /// Its name.
    pub name: String,
}

macro_rules! columns {
    () => {
        "f.id, f.parent_id, f.name, f.library_id, f.scope_id, f.own_list, f.list_applied_by, f.list_applied_at, \
         f.owner_id, f.description, f.created_at, f.modified_at, f.rules_switched, f.file_types"
    };
}
pub(crate) use columns;

const BY_NAME: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM folders f WHERE f.parent_id = $1 AND f.name_key = $2"
);
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM folders f WHERE f.id = $1");
const OF_IDS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM {wanted} w JOIN folders f ON f.id = w.x"
);
const CHILDREN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM folders f WHERE f.parent_id = $1 ORDER BY f.name_key"
);
const CHAIN: &str = concat!(
    "WITH RECURSIVE chain (id, depth) AS (SELECT CAST($1 AS BIGINT), CAST(0 AS BIGINT) UNION ALL \
     SELECT f.parent_id, c.depth + 1 FROM chain c JOIN folders f ON f.id = c.id WHERE f.parent_id > 0) SELECT ",
    columns!(),
    " FROM chain c JOIN folders f ON f.id = c.id ORDER BY c.depth DESC"
);
const STEPS: &str = "WITH RECURSIVE above (id) AS (SELECT w.x FROM {wanted} w UNION \
     SELECT f.parent_id FROM above a JOIN folders f ON f.id = a.id WHERE f.parent_id > 0) \
     SELECT f.id, f.parent_id, f.name FROM above a JOIN folders f ON f.id = a.id";
const INSERT: &str = "INSERT INTO folders (parent_id, name_key, id, name, library_id, scope_id, own_list, list_applied_by, \
     list_applied_at, owner_id, description, created_at, modified_at, rules_switched, file_types)";
const RECYCLE: &str = "UPDATE folders SET parent_id = -id WHERE id = $1";

const RELOCATE: &str =
    "UPDATE folders SET parent_id = $2, name = $3, name_key = $4, modified_at = $5 WHERE id = $1";
const DESCRIBE: &str =
    "UPDATE folders SET name = $2, name_key = $3, description = $4, modified_at = $5 WHERE id = $1";

const BACKDATE: &str = "UPDATE folders SET created_at = $2, modified_at = $2 WHERE id = $1";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT, BY_NAME, BY_ID, OF_IDS, CHILDREN, CHAIN, STEPS, RECYCLE, RELOCATE, DESCRIBE, BACKDATE,
];

/// Reads a row of [`columns`].
pub(crate) fn read(row: &Row<'_>) -> Result<FolderRow, CatalogError> {
    Ok(FolderRow {
        id: FolderId(row.integer(0)?),
        parent: FolderId(row.integer(1)?),
        name: row.text(2)?.to_owned(),
        library: LibraryId(row.integer(3)?),
        scope: ScopeId(row.integer(4)?),
        own_list: row.boolean(5)?,
        list_applied_by: UserId(row.integer(6)?),
        list_applied: row.timestamp(7)?,
        owner: UserId(row.integer(8)?),
        description: row.text(9)?.to_owned(),
        created: row.timestamp(10)?,
        modified: row.timestamp(11)?,
        rules: RulesRow {
            switched: row.integer(12)?,
            file_types: row.text(13)?.into(),
        },
    })
}

/// The folder of that name key in `parent`; with [`NO_PARENT`] a library's root folder.
pub fn child(tx: &mut Tx<'_>, parent: FolderId, name_key: &str) -> Result<Option<FolderRow>, CatalogError> {
    tx.query_one(BY_NAME, &[parent.into(), name_key.into()], read)
}

/// The folder of that id, also when it was recycled.
pub fn folder(tx: &mut Tx<'_>, id: FolderId) -> Result<Option<FolderRow>, CatalogError> {
    tx.query_one(BY_ID, &[id.into()], read)
}

/// The folders of those ids, also recycled ones, in no order; ids of none are left out.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[FolderId]) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query_each_of(OF_IDS, &[], ids, read)
}

/// The folders directly in `parent`, by name.
pub fn children(tx: &mut Tx<'_>, parent: FolderId) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query(CHILDREN, &[parent.into()], read)
}

/// The folder and all above it, the topmost first; empty when there is none. The topmost has [`NO_PARENT`] unless the folder
/// or one above it was recycled.
pub fn chain(tx: &mut Tx<'_>, id: FolderId) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query(CHAIN, &[id.into()], read)
}

/// Parent and name of each of the folders and of all above them, for building many paths at once.
pub fn steps_above(tx: &mut Tx<'_>, ids: &[FolderId]) -> Result<HashMap<FolderId, PathStep>, CatalogError> {
    let steps = tx.query_each_of(STEPS, &[], ids, |row| {
        let step = PathStep {
            parent: FolderId(row.integer(1)?),
            name: row.text(2)?.to_owned(),
        };
        Ok((FolderId(row.integer(0)?), step))
    })?;
    Ok(steps.into_iter().collect())
}

/// The first of `count` fresh folder ids in a row.
pub fn next_ids(tx: &mut Tx<'_>, count: u64) -> Result<FolderId, CatalogError> {
    Ok(FolderId(tx.next_ids(Counter::Folders, count)?))
}

/// Inserts folders that inherit their access list. [`CatalogError::Conflict`] when a name is taken.
pub fn insert(tx: &mut Tx<'_>, folders: &[NewFolder], now: Timestamp) -> Result<(), CatalogError> {
    let rows = folders.iter().map(|folder| values(folder, now, None));
    tx.insert_many(INSERT, 15, rows)
}

/// Inserts folders of the past. [`CatalogError::Conflict`] when a name is taken.
pub fn insert_past(tx: &mut Tx<'_>, folders: &[PastFolder]) -> Result<(), CatalogError> {
    let rows = folders
        .iter()
        .map(|past| values(&past.folder, past.created, past.list));
    tx.insert_many(INSERT, 15, rows)
}

fn values(folder: &NewFolder, created: Timestamp, list: Option<ListSetting>) -> [Value<'_>; 15] {
    [
        folder.parent.into(),
        folder.name_key.as_str().into(),
        folder.id.into(),
        folder.name.as_str().into(),
        folder.library.into(),
        folder.scope.into(),
        list.is_some().into(),
        list.map_or(0, |list| list.by.0).into(),
        list.map_or(0, |list| list.at.0).into(),
        folder.owner.into(),
        folder.description.as_str().into(),
        created.into(),
        created.into(),
        folder.rules.switched.into(),
        folder.rules.file_types.as_ref().into(),
    ]
}

/// Takes a folder with all below it out of its parent; its row goes on below minus its id.
pub fn recycle(tx: &mut Tx<'_>, id: FolderId) -> Result<(), CatalogError> {
    tx.execute(RECYCLE, &[id.into()]).map(|_changed| ())
}

/// Puts a folder with all below it into `parent` under a name. [`CatalogError::Conflict`] when it is taken. Lists and
/// libraries are the caller's to keep in step.
pub fn relocate(
    tx: &mut Tx<'_>,
    folder: &FolderRow,
    parent: FolderId,
    name: &str,
    now: Timestamp,
) -> Result<(), CatalogError> {
    let key = name_key(name);
    let modified = if folder.name == name { folder.modified } else { now };
    let values = [
        folder.id.into(),
        parent.into(),
        name.into(),
        key.as_str().into(),
        modified.into(),
    ];
    tx.execute(RELOCATE, &values).map(|_changed| ())
}

/// Gives a folder a name and a description. [`CatalogError::Conflict`] when the name is taken.
pub fn describe(
    tx: &mut Tx<'_>,
    id: FolderId,
    name: &str,
    description: &str,
    now: Timestamp,
) -> Result<(), CatalogError> {
    let key = name_key(name);
    let values = [
        id.into(),
        name.into(),
        key.as_str().into(),
        description.into(),
        now.into(),
    ];
    tx.execute(DESCRIBE, &values).map(|_changed| ())
}

/// Says when a folder was made that came from elsewhere.
pub fn backdate(tx: &mut Tx<'_>, id: FolderId, created: Timestamp) -> Result<(), CatalogError> {
    tx.execute(BACKDATE, &[id.into(), created.into()])
        .map(|_changed| ())
}
