//! Folders as edges show them.

use crate::Failure;
use crate::folders::FolderRules;
use crate::folders::resolve::Place;
use holdall_catalog::Tx;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::user_names::{self, UserName};
use holdall_model::{FolderId, LibraryId, Timestamp, UserId};
use std::collections::HashMap;

/// A folder as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderView {
    /// Its id.
    pub id: FolderId,
    /// The folder it lies in; zero for a library's root folder.
    pub parent: FolderId,
    /// Its name.
    pub name: String,
    /// Its full path with a leading `/`.
    pub path: String,
    /// Free text.
    pub description: String,
    /// When it was made.
    pub created: Timestamp,
    /// When its name or description last changed.
    pub modified: Timestamp,
    /// The owner.
    pub owner: UserId,
    /// The owner's login name; empty when the account is gone.
    pub owner_login: String,
    /// Its library.
    pub library: LibraryId,
    /// What may be done in it.
    pub rules: FolderRules,
}

/// The names of the users that some items mention.
pub(crate) struct Names(HashMap<UserId, UserName>);

impl Names {
    /// Looks all of them up at once.
    pub(crate) fn of(tx: &mut Tx<'_>, users: impl IntoIterator<Item = UserId>) -> Result<Self, Failure> {
        let mut users: Vec<UserId> = users.into_iter().collect();
        users.sort_unstable();
        users.dedup();
        Ok(Self(user_names::of_ids(tx, &users)?))
    }

    /// The login name; empty when the account is gone.
    pub(crate) fn login(&self, user: UserId) -> String {
        self.0
            .get(&user)
            .map(|name| name.login.clone())
            .unwrap_or_default()
    }

    /// First and last name, or the login name of who has none; empty when the account is gone.
    pub(crate) fn called(&self, user: UserId) -> String {
        let full_name = self.full_name(user);
        if full_name.is_empty() {
            return self.login(user);
        }
        full_name
    }

    /// First and last name; empty when the account is gone.
    pub(crate) fn full_name(&self, user: UserId) -> String {
        self.0
            .get(&user)
            .map(|name| name.full_name.clone())
            .unwrap_or_default()
    }
}

impl FolderView {
    pub(crate) fn new(row: FolderRow, path: String, names: &Names) -> Self {
        Self {
            rules: FolderRules::of(&row),
            id: row.id,
            parent: row.parent,
            name: row.name,
            path,
            description: row.description,
            created: row.created,
            modified: row.modified,
            owner: row.owner,
            owner_login: names.login(row.owner),
            library: row.library,
        }
    }

    /// One folder, its owner's name looked up.
    pub(crate) fn of(tx: &mut Tx<'_>, place: Place) -> Result<Self, Failure> {
        let names = Names::of(tx, [place.row.owner])?;
        Ok(Self::new(place.row, place.path, &names))
    }
}
