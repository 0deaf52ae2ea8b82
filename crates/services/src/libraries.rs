//! Libraries: the top containers, isolated from each other.

mod changes;
mod directory;
mod members;
mod new_library;

pub use directory::LibraryMembers;
pub use new_library::NewLibrary;

use crate::access::Standing;
use crate::house::House;
use crate::{Caller, Conflict, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::libraries::{self as rows, LibraryRow, members as member_rows};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{FolderId, LibraryId, Timestamp, UserId, name_key};
use new_library::{clean, create};
use std::sync::Arc;

/// A library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// The id.
    pub id: LibraryId,
    /// The name.
    pub name: String,
    /// Whether everybody may look into it, as far as the access lists grant it to Anonymous.
    pub anonymous: bool,
    /// Whether its documents are offline.
    pub archived: bool,
    /// Whether it is left out of normal listings.
    pub hidden: bool,
    /// A text for visitors.
    pub welcome_message: String,
    /// Its topmost folder, which has its name.
    pub root_folder: FolderId,
}

impl From<LibraryRow> for Library {
    fn from(row: LibraryRow) -> Self {
        let LibraryRow {
            id,
            name,
            root_folder,
            anonymous,
            archived,
            hidden,
            welcome_message,
            ..
        } = row;
        Self {
            id,
            name,
            anonymous,
            archived,
            hidden,
            welcome_message,
            root_folder,
        }
    }
}

/// The libraries of the house.
#[derive(Clone, Debug)]
pub struct Libraries {
    house: Arc<House>,
}

impl Libraries {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Makes a library with its root folder, which the caller owns, as a member of the library; other members may read. For
    /// administrators: [`Failure::AdministratorOnly`].
    pub async fn create(&self, caller: &Caller, library: NewLibrary) -> Result<LibraryId, Failure> {
        let now = self.house.clock.now();
        let make = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let library = create(tx, library, standing.user(), now)?;
            Ok(library.id)
        };
        self.house.write_as(caller, make).await
    }

    /// All libraries by name, whoever asks: only what is in them is restricted. With [`crate::ServiceOptions::only_own_libraries`]
    /// those that the caller may know of, here as everywhere (CONTRACT section 17, row 26).
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Library>, Failure> {
        self.those(caller, |standing, row| standing.knows(row.id)).await
    }

    /// The library of that name in any case, whoever asks, as in [`Self::list`].
    pub async fn library(&self, caller: &Caller, name: &str) -> Result<Library, Failure> {
        let name = name.to_owned();
        let look = move |tx: &mut Tx<'_>, standing: &Standing| find(tx, standing, &name).map(Library::from);
        self.house.read_as(caller, look).await
    }

    /// The libraries that the caller is a member of, in any way, by name; also archived and hidden ones.
    pub async fn joined(&self, caller: &Caller) -> Result<Vec<Library>, Failure> {
        self.those(caller, |standing, row| standing.is_member(row.id))
            .await
    }

    /// The caller, whose next change happens only if `holds` says so of the library, looked up in the transaction of that change;
    /// otherwise it is [`Failure::Changed`].
    pub fn provided(
        &self,
        caller: &Caller,
        name: &str,
        holds: impl Fn(Option<Library>) -> bool + Send + Sync + 'static,
    ) -> Caller {
        let name = name.to_owned();
        caller.provided(
            move |tx: &mut Tx<'_>, standing: &Standing| match find(tx, standing, &name) {
                Ok(row) => Ok(holds(Some(row.into()))),
                Err(Failure::NotFound(_)) => Ok(holds(None)),
                Err(other) => Err(other),
            },
        )
    }

    async fn those(
        &self,
        caller: &Caller,
        wanted: fn(&Standing, &LibraryRow) -> bool,
    ) -> Result<Vec<Library>, Failure> {
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let all = rows::all(tx)?.into_iter();
            Ok(all
                .filter(|row| wanted(standing, row))
                .map(Library::from)
                .collect())
        };
        self.house.read_as(caller, list).await
    }

    /// The library of that name; one that is missing is made with `owner` as its manager, whoever that is. For the operator of
    /// the machine, never for an edge.
    pub async fn ensure(&self, name: &str, owner: &Caller) -> Result<Library, Failure> {
        let (library, user, now) = (NewLibrary::named(name), owner.user(), self.house.clock.now());
        let ensure = move |tx: &mut Tx<'_>| {
            let name = clean(&library.name)?;
            if let Some(row) = rows::by_name(tx, &name_key(&name))? {
                return Ok(row.into());
            }
            let row = create(tx, library, user, now)?;
            member_rows::appoint(tx, row.id, user)?;
            Ok::<Library, Failure>(row.into())
        };
        self.house.catalog.write(ensure).await
    }
}

/// The library of that name in any case, if the user may know of it.
pub(crate) fn find(tx: &mut Tx<'_>, standing: &Standing, name: &str) -> Result<LibraryRow, Failure> {
    let found = find_any(tx, name)?;
    if standing.knows(found.id) {
        Ok(found)
    } else {
        Err(Failure::NotFound(Thing::Library))
    }
}

/// The library of that name in any case, for somebody who may know of all.
pub(crate) fn find_any(tx: &mut Tx<'_>, name: &str) -> Result<LibraryRow, Failure> {
    rows::by_name(tx, &name_key(name.trim()))?.ok_or(Failure::NotFound(Thing::Library))
}

/// Fails unless the user manages the library or administers the house.
pub(crate) fn require_manager(standing: &Standing, library: LibraryId) -> Result<(), Failure> {
    if standing.manages(library) || standing.is_administrator() {
        Ok(())
    } else {
        Err(Failure::Denied)
    }
}

/// Fails while the library is archived.
fn require_online(library: &LibraryRow) -> Result<(), Failure> {
    if library.archived {
        Err(Failure::Conflict(Conflict::Archived))
    } else {
        Ok(())
    }
}

fn require_administrator(standing: &Standing) -> Result<(), Failure> {
    if standing.is_administrator() {
        Ok(())
    } else {
        Err(Failure::AdministratorOnly)
    }
}

fn note(
    tx: &mut Tx<'_>,
    (at, user): (Timestamp, UserId),
    action: &str,
    subject: &str,
) -> Result<(), CatalogError> {
    audit::record(
        tx,
        Deed {
            at,
            user,
            action,
            subject,
            detail: "",
        },
    )
}
