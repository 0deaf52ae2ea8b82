//! The one place that decides rights, and the lists that grant them (CONTRACT section 11).

mod actions;
mod hidden;
mod lists;
mod owners;
mod shown;
mod standing;
mod standings;

pub use actions::{DocumentAction, FolderAction};
pub(crate) use hidden::{resolve_controlled, resolve_controlled_document, resolve_controlled_folder};
pub(crate) use lists::{control, intern};
pub(crate) use shown::{ListOf, views};
pub(crate) use standing::{ADMINISTRATORS, ItemFacts, Standing, USER_MANAGERS};
pub(crate) use standings::Standings;

use crate::folders::resolve::{Item, resolve};
use crate::house::House;
use crate::{Caller, Failure};
use holdall_catalog::access::{self as rows, ListSetting};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::{Tx, folders};
use holdall_model::{ItemRef, Right, Timestamp};
use std::sync::Arc;

/// Whom a grant is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// Everybody; counts in anonymous libraries only.
    Anonymous,
    /// The members of the library.
    Members,
    /// A group.
    Group {
        /// The library of a local group; `None` for a global one.
        library: Option<String>,
        /// Its name.
        name: String,
    },
    /// A user, for whom no other grant of the list counts then.
    User {
        /// The library that the user was looked for in; `None` for any.
        library: Option<String>,
        /// The login name.
        login: String,
    },
}

/// A line of an access list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whom it is for.
    pub who: Grantee,
    /// What it grants.
    pub right: Right,
}

/// The access list in force on an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessListView {
    /// When it was set.
    pub applied_at: Timestamp,
    /// The login name of who set it; empty when the account is gone.
    pub applied_by: String,
    /// Whether it was set further up.
    pub inherited: bool,
    /// Anonymous and members, always; then groups, then users.
    pub entries: Vec<Grant>,
}

/// The access lists of all items.
#[derive(Clone, Debug)]
pub struct Access {
    house: Arc<House>,
}

impl Access {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// The list in force on an item. The right to read is needed.
    pub async fn access_list(&self, caller: &Caller, item: &ItemRef) -> Result<AccessListView, Failure> {
        let item = item.clone();
        let view = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = resolve(tx, standing, &item)?;
            require(right_on(&item), Right::Read)?;
            shown::view(tx, &item)
        };
        self.house.read_as(caller, view).await
    }

    /// The caller's right on an item, by whatever gives it.
    pub async fn right(&self, caller: &Caller, item: &ItemRef) -> Result<Right, Failure> {
        let item = item.clone();
        let look = move |tx: &mut Tx<'_>, standing: &Standing| Ok(right_on(&resolve(tx, standing, &item)?));
        self.house.read_as(caller, look).await
    }

    /// Sets a list on an item. What inherits from a folder gets it too; with `apply_to_tree` everything below gets it as a list
    /// of its own. Documents take no List and no Add. Full control is needed, of the item or of a folder above it.
    pub async fn set_access_list(
        &self,
        caller: &Caller,
        item: &ItemRef,
        grants: Vec<Grant>,
        apply_to_tree: bool,
    ) -> Result<(), Failure> {
        let (item, at) = (item.clone(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = resolve_controlled(tx, standing, &item)?;
            control(tx, standing, &item)?;
            let scope = lists::scope_of(tx, &item, &grants)?;
            let list = ListSetting {
                scope,
                by: standing.user(),
                at,
            };
            match &item {
                Item::Folder(folder) if apply_to_tree => rows::set_on_tree(tx, folder.place.row.id, list)?,
                Item::Folder(folder) => rows::set_on_folder(tx, folder.place.row.id, list)?,
                Item::Document(document) => rows::set_on_document(tx, document.row.id, list)?,
            }
            let detail = if apply_to_tree { "tree" } else { "" };
            let subject = &path_of(&item);
            audit::record(
                tx,
                Deed {
                    at,
                    user: standing.user(),
                    action: "access list set",
                    subject,
                    detail,
                },
            )?;
            tx.bump_authz_epoch()?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }

    /// Drops an item's own list for that of the folder above. Full control is needed, of the item or of a folder above it. A
    /// library's root folder always has a list of its own.
    pub async fn inherit_access_list(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let (item, at) = (item.clone(), self.house.clock.now());
        let inherit = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = resolve_controlled(tx, standing, &item)?;
            control(tx, standing, &item)?;
            match &item {
                Item::Folder(folder) => {
                    let parent = folders::folder(tx, folder.place.row.parent)?
                        .ok_or_else(|| Failure::invalid("path", "a library has nothing to inherit from"))?;
                    rows::inherit_on_folder(tx, folder.place.row.id, parent.scope)?;
                }
                Item::Document(document) => {
                    rows::inherit_on_document(tx, document.row.id, document.place.row.scope)?;
                }
            }
            let subject = &path_of(&item);
            audit::record(
                tx,
                Deed {
                    at,
                    user: standing.user(),
                    action: "access list inherited",
                    subject,
                    detail: "",
                },
            )?;
            tx.bump_authz_epoch()?;
            Ok(())
        };
        self.house.write_as(caller, inherit).await
    }
}

/// Fails with [`Failure::Denied`] when a right falls short. For items that the caller may see; resolving has turned all others
/// into [`Failure::NotFound`] before.
pub(crate) fn require(right: Right, needed: Right) -> Result<(), Failure> {
    let enough = match needed {
        Right::NoAccess => true,
        Right::List => right.lists(),
        Right::Read => right.reads(),
        Right::Add => right.creates(),
        Right::AddRead => right.reads() && right.creates(),
        Right::Change => right.changes(),
        Right::FullControl => right.controls(),
    };
    if enough { Ok(()) } else { Err(Failure::Denied) }
}

fn right_on(item: &Item) -> Right {
    match item {
        Item::Folder(folder) => folder.right,
        Item::Document(document) => document.right,
    }
}

fn path_of(item: &Item) -> String {
    match item {
        Item::Folder(folder) => folder.place.path.clone(),
        Item::Document(document) => document.path(),
    }
}
