//! Looking up who belongs to a library.

use super::{Libraries, find};
use crate::access::Standing;
use crate::people::{GroupView, details_of};
use crate::{Caller, Failure, UserDetails};
use holdall_catalog::libraries::members as rows;
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{LibraryId, UserId};

/// Who is a member of a library by an entry of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryMembers {
    /// The users, by first, then last name.
    pub users: Vec<UserDetails>,
    /// The groups, by name. Local groups belong to their library without an entry.
    pub groups: Vec<GroupView>,
}

impl Libraries {
    /// The users and groups that are members by an entry of their own, for any user.
    pub async fn members(&self, caller: &Caller, library: &str) -> Result<LibraryMembers, Failure> {
        let library = library.to_owned();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = find(tx, standing, &library)?.id;
            let users = rows::users(tx, library)?;
            let groups = rows::groups(tx, library)?;
            Ok(LibraryMembers {
                users: details_of(tx, &users)?,
                groups: groups.into_iter().map(GroupView::global).collect(),
            })
        };
        self.house.read_as(caller, list).await
    }

    /// Everybody who is a member in any way, each once, by first, then last name; for any user.
    pub async fn users(&self, caller: &Caller, library: &str) -> Result<Vec<UserDetails>, Failure> {
        self.lookup(caller, library, rows::all_users).await
    }

    /// The managers by first, then last name, for any user.
    pub async fn managers(&self, caller: &Caller, library: &str) -> Result<Vec<UserDetails>, Failure> {
        self.lookup(caller, library, rows::managers).await
    }

    async fn lookup(
        &self,
        caller: &Caller,
        library: &str,
        ids: fn(&mut Tx<'_>, LibraryId) -> Result<Vec<UserId>, CatalogError>,
    ) -> Result<Vec<UserDetails>, Failure> {
        let library = library.to_owned();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = find(tx, standing, &library)?.id;
            let ids = ids(tx, library)?;
            details_of(tx, &ids)
        };
        self.house.read_as(caller, list).await
    }
}
