//! Libraries: the top containers, isolated from each other.

mod new_library;

pub use new_library::NewLibrary;

use crate::access::Standing;
use crate::house::House;
use crate::{Caller, Conflict, Failure, Thing, people};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::libraries::{self as rows, LibraryFlag, LibraryRow};
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

    /// All libraries by name, whoever asks: only what is in them is restricted (CONTRACT section 17, row 26).
    pub async fn list(&self, _caller: &Caller) -> Result<Vec<Library>, Failure> {
        let found = self.house.catalog.read(rows::all).await;
        Ok(found
            .map_err(Failure::from)?
            .into_iter()
            .map(Library::from)
            .collect())
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
            rows::set_manager(tx, row.id, user, true)?;
            Ok::<Library, Failure>(row.into())
        };
        self.house.catalog.write(ensure).await
    }

    /// Makes a user a member. For the library's managers and administrators.
    pub async fn add_member(&self, caller: &Caller, library: &str, login: &str) -> Result<(), Failure> {
        let (library, login, now) = (library.to_owned(), login.to_owned(), self.house.clock.now());
        let add = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = find(tx, &library)?;
            require_manager(standing, library.id)?;
            let user = people::find_user(tx, &login)?;
            if !rows::add_member(tx, library.id, user.id)? {
                return Err(Failure::Conflict(Conflict::AlreadyMember));
            }
            tx.bump_authz_epoch()?;
            note(
                tx,
                (now, standing.user()),
                "member added",
                &format!("{}: {}", library.name, user.login),
            )?;
            Ok(())
        };
        self.house.write_as(caller, add).await
    }

    /// Appoints a member manager, or dismisses one, who stays a member. For administrators. Who is no member is
    /// [`Failure::Invalid`].
    pub async fn set_manager(
        &self,
        caller: &Caller,
        library: &str,
        login: &str,
        manager: bool,
    ) -> Result<(), Failure> {
        let (library, login, now) = (library.to_owned(), login.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let library = find(tx, &library)?;
            let user = people::find_user(tx, &login)?;
            if !rows::set_manager(tx, library.id, user.id, manager)? {
                return Err(Failure::invalid("user", "a manager must be a member first"));
            }
            tx.bump_authz_epoch()?;
            let action = if manager {
                "manager appointed"
            } else {
                "manager dismissed"
            };
            note(
                tx,
                (now, standing.user()),
                action,
                &format!("{}: {}", library.name, user.login),
            )?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }

    /// Takes a library's documents offline, or online again. For the library's managers and administrators.
    pub async fn set_archived(&self, caller: &Caller, library: &str, archived: bool) -> Result<(), Failure> {
        self.set_flag(caller, library, LibraryFlag::Archived, archived)
            .await
    }

    /// Opens a library to everybody, as far as the access lists grant it to Anonymous, or closes it. For the library's managers
    /// and administrators.
    pub async fn set_anonymous(
        &self,
        caller: &Caller,
        library: &str,
        anonymous: bool,
    ) -> Result<(), Failure> {
        self.set_flag(caller, library, LibraryFlag::Anonymous, anonymous)
            .await
    }

    /// Leaves a library out of normal listings, or not. For the library's managers and administrators.
    pub async fn set_hidden(&self, caller: &Caller, library: &str, hidden: bool) -> Result<(), Failure> {
        self.set_flag(caller, library, LibraryFlag::Hidden, hidden).await
    }

    async fn set_flag(
        &self,
        caller: &Caller,
        library: &str,
        flag: LibraryFlag,
        on: bool,
    ) -> Result<(), Failure> {
        let (library, now) = (library.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = find(tx, &library)?;
            require_manager(standing, library.id)?;
            rows::set_flag(tx, library.id, flag, on)?;
            tx.bump_authz_epoch()?;
            let action = format!("library {flag:?} {on}").to_lowercase();
            note(tx, (now, standing.user()), &action, &library.name)?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }
}

/// The library of that name in any case.
pub(crate) fn find(tx: &mut Tx<'_>, name: &str) -> Result<LibraryRow, Failure> {
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
