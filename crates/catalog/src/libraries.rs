//! Libraries and who belongs to them.

pub mod members;
pub mod removal;

use crate::{CatalogError, Counter, Row, Tx};
use holdall_model::{FolderId, LibraryId, Timestamp, UserId};
use members::Member;

/// A library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryRow {
    /// The id.
    pub id: LibraryId,
    /// The name as it is shown.
    pub name: String,
    /// Its topmost folder, which has its name.
    pub root_folder: FolderId,
    /// Whether everybody may look into it, as far as the lists grant it to Anonymous.
    pub anonymous: bool,
    /// Whether its documents are offline.
    pub archived: bool,
    /// Whether it is left out of normal listings.
    pub hidden: bool,
    /// A text for visitors.
    pub welcome_message: String,
    /// When it was made.
    pub created: Timestamp,
}

/// A property of a library that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LibraryFlag {
    /// [`LibraryRow::anonymous`].
    Anonymous,
    /// [`LibraryRow::archived`].
    Archived,
}

const ALL: &str = "SELECT id, name, root_folder_id, anonymous, archived, hidden, welcome_message, created_at FROM libraries \
     ORDER BY name_key";
const BY_NAME: &str = "SELECT id, name, root_folder_id, anonymous, archived, hidden, welcome_message, created_at \
     FROM libraries WHERE name_key = $1";
const ARCHIVED: &str = "SELECT id FROM libraries WHERE archived = 1";
const INSERT: &str = "INSERT INTO libraries (id, name, name_key, root_folder_id, anonymous, archived, hidden, \
     welcome_message, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
const SET_ANONYMOUS: &str = "UPDATE libraries SET anonymous = $2 WHERE id = $1";
const SET_ARCHIVED: &str = "UPDATE libraries SET archived = $2 WHERE id = $1";
const CHANGE: &str = "UPDATE libraries SET name = $2, name_key = $3, anonymous = $4, hidden = $5, welcome_message = $6 \
     WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM libraries o WHERE o.name_key = $3 AND o.id <> $1)";
const NAME_ROOT: &str =
    "UPDATE folders SET name = $2, name_key = $3, modified_at = $4 WHERE id = $1 AND name <> $2";

pub(crate) const STATEMENTS: &[&str] = &[
    ALL,
    BY_NAME,
    ARCHIVED,
    INSERT,
    SET_ANONYMOUS,
    SET_ARCHIVED,
    CHANGE,
    NAME_ROOT,
];

fn read(row: &Row<'_>) -> Result<LibraryRow, CatalogError> {
    Ok(LibraryRow {
        id: LibraryId(row.integer(0)?),
        name: row.text(1)?.to_owned(),
        root_folder: FolderId(row.integer(2)?),
        anonymous: row.boolean(3)?,
        archived: row.boolean(4)?,
        hidden: row.boolean(5)?,
        welcome_message: row.text(6)?.to_owned(),
        created: row.timestamp(7)?,
    })
}

/// All libraries by name.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<LibraryRow>, CatalogError> {
    tx.query(ALL, &[], read)
}

/// The library of that name's key.
pub fn by_name(tx: &mut Tx<'_>, name_key: &str) -> Result<Option<LibraryRow>, CatalogError> {
    tx.query_one(BY_NAME, &[name_key.into()], read)
}

/// The libraries whose documents are offline.
pub fn archived(tx: &mut Tx<'_>) -> Result<Vec<LibraryId>, CatalogError> {
    tx.query(ARCHIVED, &[], |row| Ok(LibraryId(row.integer(0)?)))
}

/// A fresh library id.
pub fn next_id(tx: &mut Tx<'_>) -> Result<LibraryId, CatalogError> {
    tx.next_ids(Counter::Libraries, 1).map(LibraryId)
}

/// Inserts a library; `false` when its name is taken.
pub fn insert(tx: &mut Tx<'_>, library: &LibraryRow, name_key: &str) -> Result<bool, CatalogError> {
    let values = [
        library.id.into(),
        library.name.as_str().into(),
        name_key.into(),
        library.root_folder.into(),
        library.anonymous.into(),
        library.archived.into(),
        library.hidden.into(),
        library.welcome_message.as_str().into(),
        library.created.into(),
    ];
    Ok(tx.execute(INSERT, &values)? == 1)
}

/// Switches a property of a library.
pub fn set_flag(
    tx: &mut Tx<'_>,
    library: LibraryId,
    flag: LibraryFlag,
    on: bool,
) -> Result<(), CatalogError> {
    let statement = match flag {
        LibraryFlag::Anonymous => SET_ANONYMOUS,
        LibraryFlag::Archived => SET_ARCHIVED,
    };
    tx.execute(statement, &[library.into(), on.into()])
        .map(|_changed| ())
}

/// Sets the name, two flags and the text of a library, and names its root folder; `false` when another library has the name.
pub fn change(
    tx: &mut Tx<'_>,
    library: &LibraryRow,
    name_key: &str,
    now: Timestamp,
) -> Result<bool, CatalogError> {
    let values = [
        library.id.into(),
        library.name.as_str().into(),
        name_key.into(),
        library.anonymous.into(),
        library.hidden.into(),
        library.welcome_message.as_str().into(),
    ];
    if tx.execute(CHANGE, &values)? != 1 {
        return Ok(false);
    }
    let values = [
        library.root_folder.into(),
        library.name.as_str().into(),
        name_key.into(),
        now.into(),
    ];
    tx.execute(NAME_ROOT, &values)?;
    Ok(true)
}

/// Makes a user a member; `false` when the user is one already.
pub fn add_member(tx: &mut Tx<'_>, library: LibraryId, user: UserId) -> Result<bool, CatalogError> {
    members::add(tx, library, Member::User(user))
}
