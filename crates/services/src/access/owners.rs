//! Owners: who they are, and how items change hands.

use super::{Access, control, path_of, resolve_controlled};
use crate::access::Standing;
use crate::documents::require_unlocked;
use crate::folders::paths::Paths;
use crate::folders::resolve::{Item, resolve};
use crate::people::{self, UserView};
use crate::{Caller, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::owners::{self as rows, Handover};
use holdall_catalog::{Tx, people as users};
use holdall_model::{FolderId, ItemRef};

impl Access {
    /// Who owns an item that the caller may see. [`Thing::User`] is not found when the account is gone.
    pub async fn owner(&self, caller: &Caller, item: &ItemRef) -> Result<UserView, Failure> {
        let item = item.clone();
        let look = move |tx: &mut Tx<'_>, standing: &Standing| {
            let owner = match resolve(tx, standing, &item)? {
                Item::Folder(folder) => folder.place.row.owner,
                Item::Document(document) => document.row.owner,
            };
            let row = users::user(tx, owner)?.ok_or(Failure::NotFound(Thing::User))?;
            Ok(UserView::new(row))
        };
        self.house.read_as(caller, look).await
    }

    /// Gives an item to an enabled user; with `apply_to_tree` also everything below a folder, but for the documents that others
    /// have locked, whose paths it answers. Full control is needed, of the item or of a folder above it. A document that
    /// somebody else has locked is [`crate::Conflict::Locked`].
    pub async fn set_owner(
        &self,
        caller: &Caller,
        item: &ItemRef,
        login: &str,
        apply_to_tree: bool,
    ) -> Result<Vec<String>, Failure> {
        let (item, login, at) = (item.clone(), login.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let item = resolve_controlled(tx, standing, &item)?;
            control(tx, standing, &item)?;
            let owner = people::find_user(tx, &login)?;
            if !owner.enabled {
                return Err(Failure::invalid("new owner", "the account is disabled"));
            }
            let handover = Handover {
                owner: owner.id,
                by: standing.user(),
            };
            let locked = hand_over(tx, &item, handover, apply_to_tree)?;
            let scope = if apply_to_tree { ", tree" } else { "" };
            let deed = Deed {
                at,
                user: standing.user(),
                action: "owner set",
                subject: &path_of(&item),
                detail: &format!("to {}{scope}", owner.login),
            };
            audit::record(tx, deed)?;
            tx.bump_authz_epoch()?;
            Ok(locked)
        };
        self.house.write_as(caller, set).await
    }
}

/// Gives the paths of the documents that stay as they are.
fn hand_over(
    tx: &mut Tx<'_>,
    item: &Item,
    handover: Handover,
    apply_to_tree: bool,
) -> Result<Vec<String>, Failure> {
    match item {
        Item::Folder(folder) if apply_to_tree => {
            let locked = rows::set_on_tree(tx, folder.place.row.id, handover)?;
            return paths_of(tx, &locked);
        }
        Item::Folder(folder) => rows::set_on_folder(tx, folder.place.row.id, handover.owner)?,
        Item::Document(document) => {
            require_unlocked(&document.row, handover.by)?;
            rows::set_on_document(tx, document.row.id, handover.owner)?;
        }
    }
    Ok(Vec::new())
}

fn paths_of(tx: &mut Tx<'_>, documents: &[(FolderId, String)]) -> Result<Vec<String>, Failure> {
    let mut folders: Vec<FolderId> = documents.iter().map(|(folder, _)| *folder).collect();
    folders.dedup();
    let above = Paths::above(tx, &folders)?;
    let path = |(folder, name): &(FolderId, String)| {
        let around = above.of(*folder)?;
        Some(format!("{}/{name}", around.path))
    };
    let mut paths: Vec<String> = documents.iter().filter_map(path).collect();
    paths.sort_unstable();
    Ok(paths)
}
