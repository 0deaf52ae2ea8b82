//! Libraries and who belongs to them.

use crate::{CatalogError, Counter, Row, Tx};
use holdall_model::{FolderId, LibraryId, Timestamp, UserId};

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
    /// [`LibraryRow::hidden`].
    Hidden,
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
const SET_HIDDEN: &str = "UPDATE libraries SET hidden = $2 WHERE id = $1";
const ADD_MEMBER: &str = "INSERT INTO library_members (library_id, user_id, group_id, manager) VALUES ($1, $2, 0, 0) \
     ON CONFLICT DO NOTHING";
const SET_MANAGER: &str =
    "UPDATE library_members SET manager = $3 WHERE library_id = $1 AND user_id = $2 AND group_id = 0";

pub(crate) const STATEMENTS: &[&str] = &[
    ALL,
    BY_NAME,
    ARCHIVED,
    INSERT,
    SET_ANONYMOUS,
    SET_ARCHIVED,
    SET_HIDDEN,
    ADD_MEMBER,
    SET_MANAGER,
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
        LibraryFlag::Hidden => SET_HIDDEN,
    };
    tx.execute(statement, &[library.into(), on.into()])
        .map(|_changed| ())
}

/// Makes a user a member; `false` when the user is one already.
pub fn add_member(tx: &mut Tx<'_>, library: LibraryId, user: UserId) -> Result<bool, CatalogError> {
    Ok(tx.execute(ADD_MEMBER, &[library.into(), user.into()])? == 1)
}

/// Appoints a member manager or dismisses; `false` when the user is no member by an entry of its own.
pub fn set_manager(
    tx: &mut Tx<'_>,
    library: LibraryId,
    user: UserId,
    manager: bool,
) -> Result<bool, CatalogError> {
    Ok(tx.execute(SET_MANAGER, &[library.into(), user.into(), manager.into()])? == 1)
}
