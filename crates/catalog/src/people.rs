//! Users and groups. The first hundred ids of each are for those that come with the house.

pub mod changes;
pub mod details;
pub mod membership;
pub mod removal;

use crate::{CatalogError, Counter, Row, Tx};
use holdall_model::{GroupId, LibraryId, Timestamp, UserId};

/// A user's account.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The id.
    pub id: UserId,
    /// The login name as it was registered.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email address, or empty.
    pub email: String,
    /// The hashed password in PHC form; empty when none can be used.
    pub password_hash: String,
    /// The library of a local user; zero for the others.
    pub library: LibraryId,
    /// Whether the account may be used.
    pub enabled: bool,
    /// Whether the user may at most read.
    pub read_only: bool,
    /// Where the password is checked.
    pub authentication_source: String,
    /// When the account was made.
    pub created: Timestamp,
    /// When the user logged in last; zero for never.
    pub last_logon: Timestamp,
    /// When the password was set last; zero for never.
    pub password_changed: Timestamp,
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The id.
    pub id: GroupId,
    /// The name as it is shown.
    pub name: String,
    /// The library of a local group; zero for a global one.
    pub library: LibraryId,
    /// Whether its members are shown to everybody.
    pub public: bool,
    /// The system role it confers, or empty.
    pub role: String,
}

const BY_ID: &str = "SELECT id, login, first_name, last_name, email, password_hash, library_id, enabled, read_only, \
     authentication_source, created_at, last_logon_at, password_changed_at FROM users WHERE id = $1";
const OF_IDS: &str = "SELECT u.id, u.login, u.first_name, u.last_name, u.email, u.password_hash, u.library_id, \
     u.enabled, u.read_only, u.authentication_source, u.created_at, u.last_logon_at, u.password_changed_at FROM {wanted} w \
     JOIN users u ON u.id = w.x";
const BY_LOGIN: &str = "SELECT id, login, first_name, last_name, email, password_hash, library_id, enabled, read_only, \
     authentication_source, created_at, last_logon_at, password_changed_at FROM users WHERE login_key = $1";
const FIRST_OF_ROLE: &str = "SELECT u.id, u.login, u.first_name, u.last_name, u.email, u.password_hash, u.library_id, \
     u.enabled, u.read_only, u.authentication_source, u.created_at, u.last_logon_at, u.password_changed_at FROM groups g \
     JOIN group_members m ON m.group_id = g.id JOIN users u ON u.id = m.user_id \
     WHERE g.role = $1 AND u.enabled = 1 AND u.id <> $2 ORDER BY u.id LIMIT 1";
const INSERT: &str = "INSERT INTO users (id, login, login_key, first_name, last_name, email, password_hash, library_id, \
     enabled, read_only, authentication_source, created_at, last_logon_at, password_changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2, password_changed_at = $3 WHERE id = $1";
const SET_ENABLED: &str = "UPDATE users SET enabled = $2 WHERE id = $1";
const NOTE_LOGON: &str = "UPDATE users SET last_logon_at = $2 WHERE id = $1";
const GROUP: &str =
    "SELECT id, name, library_id, public, role FROM groups WHERE library_id = $1 AND name_key = $2";
const GROUPS_OF_IDS: &str =
    "SELECT g.id, g.name, g.library_id, g.public, g.role FROM {wanted} w JOIN groups g ON g.id = w.x";
const INSERT_GROUP: &str = "INSERT INTO groups (id, name, name_key, library_id, public, role) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
const ADD_MEMBER: &str =
    "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

pub(crate) const STATEMENTS: &[&str] = &[
    BY_ID,
    OF_IDS,
    BY_LOGIN,
    FIRST_OF_ROLE,
    INSERT,
    SET_PASSWORD,
    SET_ENABLED,
    NOTE_LOGON,
    GROUP,
    GROUPS_OF_IDS,
    INSERT_GROUP,
    ADD_MEMBER,
];

impl UserRow {
    /// First and last name, without a blank too many.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

impl std::fmt::Debug for UserRow {
    /// Leaves the password hash out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UserRow")
            .field("id", &self.id)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// Reads a row that begins with the columns of an account.
fn read(row: &Row<'_>) -> Result<UserRow, CatalogError> {
    Ok(UserRow {
        id: UserId(row.integer(0)?),
        login: row.text(1)?.to_owned(),
        first_name: row.text(2)?.to_owned(),
        last_name: row.text(3)?.to_owned(),
        email: row.text(4)?.to_owned(),
        password_hash: row.text(5)?.to_owned(),
        library: LibraryId(row.integer(6)?),
        enabled: row.boolean(7)?,
        read_only: row.boolean(8)?,
        authentication_source: row.text(9)?.to_owned(),
        created: row.timestamp(10)?,
        last_logon: row.timestamp(11)?,
        password_changed: row.timestamp(12)?,
    })
}

/// Reads a row that begins with the columns of a group.
pub(crate) fn read_group(row: &Row<'_>) -> Result<GroupRow, CatalogError> {
    Ok(GroupRow {
        id: GroupId(row.integer(0)?),
        name: row.text(1)?.to_owned(),
        library: LibraryId(row.integer(2)?),
        public: row.boolean(3)?,
        role: row.text(4)?.to_owned(),
    })
}

/// The user of that id.
pub fn user(tx: &mut Tx<'_>, id: UserId) -> Result<Option<UserRow>, CatalogError> {
    tx.query_one(BY_ID, &[id.into()], read)
}

/// The accounts of those ids, in no order; ids of none are left out.
pub fn users_of_ids(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<UserRow>, CatalogError> {
    tx.query_each_of(OF_IDS, &[], ids, read)
}

/// The user of that login name's key.
pub fn by_login(tx: &mut Tx<'_>, login_key: &str) -> Result<Option<UserRow>, CatalogError> {
    tx.query_one(BY_LOGIN, &[login_key.into()], read)
}

/// The enabled user with the lowest id in any group of that role, other than the built-in administrator.
pub fn first_of_role(tx: &mut Tx<'_>, role: &str) -> Result<Option<UserRow>, CatalogError> {
    tx.query_one(
        FIRST_OF_ROLE,
        &[role.into(), UserId::BUILT_IN_ADMINISTRATOR.into()],
        read,
    )
}

/// A fresh user id.
pub fn next_user_id(tx: &mut Tx<'_>) -> Result<UserId, CatalogError> {
    tx.next_ids(Counter::Users, 1).map(UserId)
}

/// Inserts an account; `false` when its id or login name is taken.
pub fn insert(tx: &mut Tx<'_>, user: &UserRow, login_key: &str) -> Result<bool, CatalogError> {
    let values = [
        user.id.into(),
        user.login.as_str().into(),
        login_key.into(),
        user.first_name.as_str().into(),
        user.last_name.as_str().into(),
        user.email.as_str().into(),
        user.password_hash.as_str().into(),
        user.library.into(),
        user.enabled.into(),
        user.read_only.into(),
        user.authentication_source.as_str().into(),
        user.created.into(),
        user.last_logon.into(),
        user.password_changed.into(),
    ];
    Ok(tx.execute(INSERT, &values)? == 1)
}

/// Sets a password by its hash.
pub fn set_password(tx: &mut Tx<'_>, user: UserId, hash: &str, now: Timestamp) -> Result<(), CatalogError> {
    tx.execute(SET_PASSWORD, &[user.into(), hash.into(), now.into()])
        .map(|_changed| ())
}

/// Lets an account be used, or not.
pub fn set_enabled(tx: &mut Tx<'_>, user: UserId, enabled: bool) -> Result<(), CatalogError> {
    tx.execute(SET_ENABLED, &[user.into(), enabled.into()])
        .map(|_changed| ())
}

/// Notes that the user logged in.
pub fn note_logon(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<(), CatalogError> {
    tx.execute(NOTE_LOGON, &[user.into(), now.into()])
        .map(|_changed| ())
}

/// The group of that name's key, in a library, or with zero among the global ones.
pub fn group(tx: &mut Tx<'_>, library: LibraryId, name_key: &str) -> Result<Option<GroupRow>, CatalogError> {
    tx.query_one(GROUP, &[library.into(), name_key.into()], read_group)
}

/// The groups of those ids, in no order; ids of none are left out.
pub fn groups_of_ids(tx: &mut Tx<'_>, ids: &[GroupId]) -> Result<Vec<GroupRow>, CatalogError> {
    tx.query_each_of(GROUPS_OF_IDS, &[], ids, read_group)
}

/// A fresh group id.
pub fn next_group_id(tx: &mut Tx<'_>) -> Result<GroupId, CatalogError> {
    tx.next_ids(Counter::Groups, 1).map(GroupId)
}

/// Inserts a group; `false` when its id is taken, or its name among those of its library.
pub fn insert_group(tx: &mut Tx<'_>, group: &GroupRow, name_key: &str) -> Result<bool, CatalogError> {
    let values = [
        group.id.into(),
        group.name.as_str().into(),
        name_key.into(),
        group.library.into(),
        group.public.into(),
        group.role.as_str().into(),
    ];
    Ok(tx.execute(INSERT_GROUP, &values)? == 1)
}

/// Puts a user into a group; `false` when the user is in it already.
pub fn add_group_member(tx: &mut Tx<'_>, group: GroupId, user: UserId) -> Result<bool, CatalogError> {
    Ok(tx.execute(ADD_MEMBER, &[group.into(), user.into()])? == 1)
}
