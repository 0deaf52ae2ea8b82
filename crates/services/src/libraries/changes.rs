//! Changes of libraries themselves, and their end.

use super::new_library::clean;
use super::{Libraries, NewLibrary, find, require_administrator, require_manager, require_online};
use crate::access::Standing;
use crate::{Caller, Conflict, Failure, Thing};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::libraries::{self as rows, LibraryFlag, LibraryRow, removal};
use holdall_model::name_key;

/// Who may make a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The library's managers and administrators.
    Managers,
    /// Administrators.
    Administrators,
}

impl Libraries {
    /// Sets everything that can be set: name, openness, visibility and welcome; the root folder goes by the new name too. For the
    /// library's managers and administrators. [`Conflict::Exists`] when another library has the name.
    pub async fn update(&self, caller: &Caller, library: &str, new: NewLibrary) -> Result<(), Failure> {
        let now = self.house.clock.now();
        self.change(caller, library, By::Managers, move |tx, library| {
            require_online(library)?;
            let name = clean(&new.name)?;
            let key = name_key(&name);
            let changed = LibraryRow {
                name,
                anonymous: new.anonymous,
                hidden: new.hidden,
                welcome_message: new.welcome_message,
                ..library.clone()
            };
            if !rows::change(tx, &changed, &key, now)? {
                return Err(Failure::Conflict(Conflict::Exists(Thing::Library)));
            }
            Ok(("library changed", changed.name))
        })
        .await
    }

    /// Deletes a library with all that is in it, past all recycle bins: its folders, documents, versions and access lists, its
    /// local groups and users. For administrators. An archived one may go too. There is no way back.
    pub async fn delete(&self, caller: &Caller, library: &str) -> Result<(), Failure> {
        let (library, now) = (library.to_owned(), self.house.clock.now());
        let delete = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let library = find(tx, standing, &library)?;
            let removed = removal::remove(tx, library.id, now)?;
            tx.bump_authz_epoch()?;
            let detail = format!("{} documents, {} folders", removed.documents, removed.folders);
            let deed = Deed {
                at: now,
                user: standing.user(),
                action: "library deleted",
                subject: &library.name,
                detail: &detail,
            };
            audit::record(tx, deed)?;
            Ok(removed.users)
        };
        for user in self.house.write_as(caller, delete).await? {
            self.house.live_sessions.forget_user(user);
        }
        Ok(())
    }

    /// Takes a library's documents offline and refuses changes of it and in it, or lets them again. For the library's managers
    /// and administrators.
    pub async fn set_archived(&self, caller: &Caller, library: &str, archived: bool) -> Result<(), Failure> {
        self.change(caller, library, By::Managers, move |tx, library| {
            rows::set_flag(tx, library.id, LibraryFlag::Archived, archived)?;
            Ok(("library archived", archived.to_string()))
        })
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
        self.change(caller, library, By::Managers, move |tx, library| {
            require_online(library)?;
            rows::set_flag(tx, library.id, LibraryFlag::Anonymous, anonymous)?;
            Ok(("library anonymous", anonymous.to_string()))
        })
        .await
    }

    /// One change in one transaction: looks who asks and for which library, does `work`, which says what was done and with what,
    /// and lets the rights of everybody be looked up anew.
    pub(super) async fn change(
        &self,
        caller: &Caller,
        library: &str,
        by: By,
        work: impl FnOnce(&mut Tx<'_>, &LibraryRow) -> Result<(&'static str, String), Failure> + Send + 'static,
    ) -> Result<(), Failure> {
        let (library, now) = (library.to_owned(), self.house.clock.now());
        let change = move |tx: &mut Tx<'_>, standing: &Standing| {
            if by == By::Administrators {
                require_administrator(standing)?;
            }
            let library = find(tx, standing, &library)?;
            if by == By::Managers {
                require_manager(standing, library.id)?;
            }
            let (action, detail) = work(tx, &library)?;
            tx.bump_authz_epoch()?;
            let deed = Deed {
                at: now,
                user: standing.user(),
                action,
                subject: &library.name,
                detail: &detail,
            };
            audit::record(tx, deed)?;
            Ok(())
        };
        self.house.write_as(caller, change).await
    }
}
