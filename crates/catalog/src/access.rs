//! Access lists, interned as scopes, and what decides a user's standing.

pub(crate) mod many;

pub use many::{applied_above, entries_of};

use crate::{CatalogError, Counter, Row, Tx};
use holdall_model::{Digest, DocumentId, FolderId, GroupId, LibraryId, Right, ScopeId, Timestamp, UserId};

/// Whom an entry of an access list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// Everybody, in anonymous libraries.
    Anonymous,
    /// The members of the library.
    Members,
    /// The members of a group.
    Group(GroupId),
    /// One user.
    User(UserId),
}

/// An entry of an access list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeEntry {
    /// Whom it is for.
    pub principal: Principal,
    /// What it grants.
    pub right: Right,
}

/// What a user's row says about rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserFacts {
    /// Whether the account may be used.
    pub enabled: bool,
    /// Whether the user may at most read.
    pub read_only: bool,
}

/// A group that a user is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// Its id.
    pub id: GroupId,
    /// The system role it confers, or empty.
    pub role: String,
}

/// A library that a user is a member of, directly or by a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The library.
    pub library: LibraryId,
    /// Whether the user manages it.
    pub manager: bool,
}

/// A list to set on an item: which, by whom, when.
#[derive(Clone, Copy, Debug)]
pub struct ListSetting {
    /// The list.
    pub scope: ScopeId,
    /// Who sets it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

const FACTS: &str = "SELECT enabled, read_only FROM users WHERE id = $1";
const GROUPS: &str =
    "SELECT g.id, g.role FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = $1";
/// A user's own rows, those of the user's groups, the libraries of the user's local groups, and the library of a local user.
const MEMBERSHIPS: &str = "SELECT library_id, manager FROM library_members WHERE user_id = $1 \
     UNION ALL SELECT l.library_id, l.manager FROM group_members m JOIN library_members l \
     ON l.user_id = 0 AND l.group_id = m.group_id WHERE m.user_id = $1 \
     UNION ALL SELECT g.library_id, 0 FROM group_members m JOIN groups g ON g.id = m.group_id \
     WHERE m.user_id = $1 AND g.library_id <> 0 \
     UNION ALL SELECT library_id, 0 FROM users WHERE id = $1 AND library_id <> 0";
const ANONYMOUS_LIBRARIES: &str = "SELECT id FROM libraries WHERE anonymous = 1";
const ENTRIES: &str =
    "SELECT kind, principal_id, granted FROM scope_entries WHERE scope_id = $1 ORDER BY kind, principal_id";
const ENTRIES_IN: &str = "SELECT e.kind, e.principal_id, e.granted, e.scope_id FROM scopes s \
     JOIN scope_entries e ON e.scope_id = s.id WHERE s.library_id = $1 ORDER BY e.scope_id, e.kind, e.principal_id";
const BY_FINGERPRINT: &str = "SELECT id FROM scopes WHERE fingerprint = $1";
const INSERT_SCOPE: &str = "INSERT INTO scopes (id, library_id, fingerprint) VALUES ($1, $2, $3)";
const INSERT_ENTRIES: &str = "INSERT INTO scope_entries (scope_id, kind, principal_id, granted)";
const FORGET: &str = "DELETE FROM scope_entries WHERE kind = $1 AND principal_id = $2";
const SET_ON_FOLDER: &str = "UPDATE folders SET scope_id = $2, own_list = 1, list_applied_by = $3, list_applied_at = $4 WHERE id = $1";
const SET_ON_DOCUMENT: &str = "UPDATE documents SET scope_id = $2, own_list = 1, list_applied_by = $3, list_applied_at = $4 WHERE id = $1";
const INHERIT_ON_FOLDER: &str =
    "UPDATE folders SET scope_id = $2, own_list = 0, list_applied_by = 0, list_applied_at = 0 WHERE id = $1";
const INHERIT_ON_DOCUMENT: &str = "UPDATE documents SET scope_id = $2, own_list = 0, list_applied_by = 0, list_applied_at = 0 WHERE id = $1";

/// The folder and those below it that inherit its list: folders with a list of their own end the walk.
macro_rules! heirs {
    () => {
        "WITH RECURSIVE heirs (id) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT f.id FROM heirs h JOIN folders f ON f.parent_id = h.id WHERE f.own_list = 0) SELECT id FROM heirs"
    };
}
/// The folder and all below it.
macro_rules! tree {
    () => {
        "WITH RECURSIVE tree (id) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT f.id FROM tree t JOIN folders f ON f.parent_id = t.id) SELECT id FROM tree"
    };
}
pub(crate) use tree;

const HAND_DOWN_TO_FOLDERS: &str = concat!(
    "UPDATE folders SET scope_id = $2 WHERE own_list = 0 AND id IN (",
    heirs!(),
    ")"
);
const HAND_DOWN_TO_DOCUMENTS: &str = concat!(
    "UPDATE documents SET scope_id = $2 WHERE own_list = 0 AND folder_id IN (",
    heirs!(),
    ")"
);
const SET_ON_TREE_FOLDERS: &str = concat!(
    "UPDATE folders SET scope_id = $2, own_list = 1, list_applied_by = $3, list_applied_at = $4 WHERE id IN (",
    tree!(),
    ")"
);
const SET_ON_TREE_DOCUMENTS: &str = concat!(
    "UPDATE documents SET scope_id = $2, own_list = 1, list_applied_by = $3, list_applied_at = $4 WHERE folder_id IN (",
    tree!(),
    ")"
);

pub(crate) const STATEMENTS: &[&str] = &[
    FACTS,
    GROUPS,
    MEMBERSHIPS,
    ANONYMOUS_LIBRARIES,
    ENTRIES,
    ENTRIES_IN,
    BY_FINGERPRINT,
    INSERT_SCOPE,
    FORGET,
    SET_ON_FOLDER,
    SET_ON_DOCUMENT,
    INHERIT_ON_FOLDER,
    INHERIT_ON_DOCUMENT,
    HAND_DOWN_TO_FOLDERS,
    HAND_DOWN_TO_DOCUMENTS,
    SET_ON_TREE_FOLDERS,
    SET_ON_TREE_DOCUMENTS,
];

impl Principal {
    /// The kind and the id that stand for it in the tables; the id is zero when the kind says all.
    pub fn columns(self) -> (i64, i64) {
        match self {
            Self::Anonymous => (0, 0),
            Self::Members => (1, 0),
            Self::Group(group) => (2, group.0),
            Self::User(user) => (3, user.0),
        }
    }
}

fn read_entry(row: &Row<'_>) -> Result<ScopeEntry, CatalogError> {
    let id = row.integer(1)?;
    let principal = match row.integer(0)? {
        0 => Principal::Anonymous,
        1 => Principal::Members,
        2 => Principal::Group(GroupId(id)),
        3 => Principal::User(UserId(id)),
        _ => {
            return Err(CatalogError::inconsistent(
                "an access list entry is for an unknown kind of principal",
            ));
        }
    };
    Ok(ScopeEntry {
        principal,
        right: Right::clamped(row.integer(2)?),
    })
}

/// What the user's row says; `None` for no such user.
pub fn user_facts(tx: &mut Tx<'_>, user: UserId) -> Result<Option<UserFacts>, CatalogError> {
    tx.query_one(FACTS, &[user.into()], |row| {
        Ok(UserFacts {
            enabled: row.boolean(0)?,
            read_only: row.boolean(1)?,
        })
    })
}

/// The groups that the user is in.
pub fn groups_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<UserGroup>, CatalogError> {
    tx.query(GROUPS, &[user.into()], |row| {
        Ok(UserGroup {
            id: GroupId(row.integer(0)?),
            role: row.text(1)?.to_owned(),
        })
    })
}

/// The libraries that the user is a member of; one may come up several times.
pub fn memberships_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Membership>, CatalogError> {
    tx.query(MEMBERSHIPS, &[user.into()], |row| {
        Ok(Membership {
            library: LibraryId(row.integer(0)?),
            manager: row.boolean(1)?,
        })
    })
}

/// The libraries that everybody may look into.
pub fn anonymous_libraries(tx: &mut Tx<'_>) -> Result<Vec<LibraryId>, CatalogError> {
    tx.query(ANONYMOUS_LIBRARIES, &[], |row| Ok(LibraryId(row.integer(0)?)))
}

/// The entries of a list in the order anonymous, members, groups, users.
pub fn entries(tx: &mut Tx<'_>, scope: ScopeId) -> Result<Vec<ScopeEntry>, CatalogError> {
    tx.query(ENTRIES, &[scope.into()], read_entry)
}

/// The entries of all lists of a library, those of one list together. Lists without entries do not come up.
pub fn entries_in(tx: &mut Tx<'_>, library: LibraryId) -> Result<Vec<(ScopeId, ScopeEntry)>, CatalogError> {
    tx.query(ENTRIES_IN, &[library.into()], |row| {
        Ok((ScopeId(row.integer(3)?), read_entry(row)?))
    })
}

/// The scope of a list: the one that has it already, or a new one. Equal lists of a library must have equal fingerprints, and
/// others different ones.
pub fn intern(
    tx: &mut Tx<'_>,
    library: LibraryId,
    fingerprint: Digest,
    entries: &[ScopeEntry],
) -> Result<ScopeId, CatalogError> {
    // Taken before the lookup: it lets one transaction at a time pass, so that none overlooks another's new scope.
    let fresh = ScopeId(tx.next_ids(Counter::Scopes, 1)?);
    let known = tx.query_one(BY_FINGERPRINT, &[fingerprint.into()], |row| {
        Ok(ScopeId(row.integer(0)?))
    })?;
    if let Some(known) = known {
        return Ok(known);
    }
    tx.execute(INSERT_SCOPE, &[fresh.into(), library.into(), fingerprint.into()])?;
    let rows = entries.iter().map(|entry| {
        let (kind, id) = entry.principal.columns();
        [fresh.into(), kind.into(), id.into(), entry.right.value().into()]
    });
    tx.insert_many(INSERT_ENTRIES, 4, rows)?;
    Ok(fresh)
}

/// Takes a principal that is about to vanish out of all lists. Its id must never come up again: the fingerprints of those lists
/// still count it in.
pub fn forget(tx: &mut Tx<'_>, principal: Principal) -> Result<(), CatalogError> {
    let (kind, id) = principal.columns();
    tx.execute(FORGET, &[kind.into(), id.into()]).map(|_removed| ())
}

/// Sets a list on a folder and hands it down to what inherits from it.
pub fn set_on_folder(tx: &mut Tx<'_>, folder: FolderId, list: ListSetting) -> Result<(), CatalogError> {
    let values = [folder.into(), list.scope.into(), list.by.into(), list.at.into()];
    tx.execute(SET_ON_FOLDER, &values)?;
    hand_down(tx, folder, list.scope)
}

/// Sets a list on a folder and on everything below it.
pub fn set_on_tree(tx: &mut Tx<'_>, folder: FolderId, list: ListSetting) -> Result<(), CatalogError> {
    let values = [folder.into(), list.scope.into(), list.by.into(), list.at.into()];
    tx.execute(SET_ON_TREE_FOLDERS, &values)?;
    tx.execute(SET_ON_TREE_DOCUMENTS, &values).map(|_changed| ())
}

/// Sets a list on a document.
pub fn set_on_document(tx: &mut Tx<'_>, document: DocumentId, list: ListSetting) -> Result<(), CatalogError> {
    let values = [document.into(), list.scope.into(), list.by.into(), list.at.into()];
    tx.execute(SET_ON_DOCUMENT, &values).map(|_changed| ())
}

/// Drops a folder's own list for its parent's, `scope`, and hands that down.
pub fn inherit_on_folder(tx: &mut Tx<'_>, folder: FolderId, scope: ScopeId) -> Result<(), CatalogError> {
    tx.execute(INHERIT_ON_FOLDER, &[folder.into(), scope.into()])?;
    hand_down(tx, folder, scope)
}

/// Drops a document's own list for its folder's, `scope`.
pub fn inherit_on_document(
    tx: &mut Tx<'_>,
    document: DocumentId,
    scope: ScopeId,
) -> Result<(), CatalogError> {
    tx.execute(INHERIT_ON_DOCUMENT, &[document.into(), scope.into()])
        .map(|_changed| ())
}

/// Gives a folder, unless it has a list of its own, and everything that inherits from it a list.
pub fn hand_down(tx: &mut Tx<'_>, folder: FolderId, scope: ScopeId) -> Result<(), CatalogError> {
    tx.execute(HAND_DOWN_TO_FOLDERS, &[folder.into(), scope.into()])?;
    tx.execute(HAND_DOWN_TO_DOCUMENTS, &[folder.into(), scope.into()])
        .map(|_changed| ())
}
