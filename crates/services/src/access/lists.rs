//! Access lists between their form for people and their interned form.

use super::standing::Standing;
use super::{AccessListView, Grant, Grantee, require};
use crate::folders::resolve::{Item, facts_of_folder};
use crate::folders::views::Names;
use crate::sessions::secrets;
use crate::{Failure, Thing, people};
use holdall_catalog::access::{self as rows, Principal, ScopeEntry};
use holdall_catalog::people::GroupRow;
use holdall_catalog::{Tx, folders};
use holdall_model::{FolderId, GroupId, LibraryId, Right, ScopeId, Timestamp, UserId, name_key};
use std::collections::HashMap;

/// Fails unless the user has full control of the item or of a folder above it (CONTRACT section 11.3).
pub(crate) fn control(tx: &mut Tx<'_>, standing: &Standing, item: &Item) -> Result<(), Failure> {
    let right = match item {
        Item::Folder(folder) => folder.right,
        Item::Document(document) => document.right,
    };
    if right.controls() {
        return Ok(());
    }
    if controls_chain(tx, standing, folder_of(item))? {
        return Ok(());
    }
    require(right, Right::FullControl)
}

/// Whether the user has full control of a folder or of one above it.
pub(super) fn controls_chain(
    tx: &mut Tx<'_>,
    standing: &Standing,
    folder: FolderId,
) -> Result<bool, Failure> {
    for folder in folders::chain(tx, folder)? {
        if standing.folder_right(tx, &facts_of_folder(&folder))?.controls() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The scope of a list of a library.
pub(crate) fn intern(
    tx: &mut Tx<'_>,
    library: LibraryId,
    mut entries: Vec<ScopeEntry>,
) -> Result<ScopeId, Failure> {
    // Nobody tells these from absent ones.
    entries.retain(|entry| {
        entry.right != Right::NoAccess
            || !matches!(entry.principal, Principal::Anonymous | Principal::Members)
    });
    entries.sort_unstable_by_key(|entry| entry.principal);
    if entries
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one.principal == other.principal))
    {
        return Err(Failure::invalid("access list", "it names somebody twice"));
    }
    let mut bytes = library.0.to_le_bytes().to_vec();
    for entry in &entries {
        let (kind, id) = entry.principal.columns();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.push(entry.right.value());
    }
    Ok(rows::intern(tx, library, secrets::sha256(&bytes), &entries)?)
}

/// The scope of what people write, for an item. Fails on unknown names.
pub(super) fn scope_of(tx: &mut Tx<'_>, item: &Item, grants: &[Grant]) -> Result<ScopeId, Failure> {
    let place = match item {
        Item::Folder(folder) => &folder.place,
        Item::Document(document) => &document.place,
    };
    let (library, library_name) = (place.row.library, &place.library_name);
    let mut entries = Vec::with_capacity(grants.len());
    for grant in grants {
        let principal = principal_of(tx, library, library_name, &grant.who)?;
        entries.push(ScopeEntry {
            principal,
            right: fitting(item, grant.right)?,
        });
    }
    intern(tx, library, entries)
}

/// A right as the item can carry it: on documents only 0, 2, 5 and 6 make sense (CONTRACT section 11.1).
fn fitting(item: &Item, right: Right) -> Result<Right, Failure> {
    match (item, right) {
        (Item::Document(_), Right::List | Right::Add) => Err(Failure::invalid(
            "access list",
            "documents take no List and no Add",
        )),
        (Item::Document(_), right) => Ok(right.on_document()),
        (Item::Folder(_), right) => Ok(right),
    }
}

fn principal_of(
    tx: &mut Tx<'_>,
    library: LibraryId,
    library_name: &str,
    who: &Grantee,
) -> Result<Principal, Failure> {
    let is_here = |name: &str| name_key(name) == name_key(library_name);
    match who {
        Grantee::Anonymous => Ok(Principal::Anonymous),
        Grantee::Members => Ok(Principal::Members),
        Grantee::Group { library: None, name } => {
            people::find_group(tx, people::NO_LIBRARY, name).map(|group| Principal::Group(group.id))
        }
        Grantee::Group {
            library: Some(home),
            name,
        } if is_here(home) => people::find_group(tx, library, name).map(|group| Principal::Group(group.id)),
        Grantee::Group { .. } => Err(Failure::invalid(
            "access list",
            "it names a group of another library",
        )),
        Grantee::User {
            library: Some(home), ..
        } if !is_here(home) => Err(Failure::NotFound(Thing::User)),
        Grantee::User { login, .. } => people::find_user(tx, login).map(|user| Principal::User(user.id)),
    }
}

/// The list in force on an item, as people read it.
pub(super) fn view(tx: &mut Tx<'_>, item: &Item) -> Result<AccessListView, Failure> {
    let (scope, own) = match item {
        Item::Folder(folder) => {
            let row = &folder.place.row;
            (
                row.scope,
                row.own_list.then_some((row.list_applied_by, row.list_applied)),
            )
        }
        Item::Document(document) => {
            let row = &document.row;
            (
                row.scope,
                row.own_list.then_some((row.list_applied_by, row.list_applied)),
            )
        }
    };
    let (applied_by, applied_at) = match own {
        Some(applied) => applied,
        None => applied_above(tx, folder_of(item))?,
    };
    let entries = rows::entries(tx, scope)?;
    let users = entries.iter().filter_map(|entry| match entry.principal {
        Principal::User(user) => Some(user),
        _ => None,
    });
    let users = Names::of(tx, users.chain([applied_by]))?;
    Ok(AccessListView {
        applied_at,
        applied_by: users.login(applied_by),
        inherited: own.is_none(),
        entries: grants(tx, item, &entries, &users)?,
    })
}

/// Who set the list that a folder hands down, and when.
fn applied_above(tx: &mut Tx<'_>, folder: FolderId) -> Result<(UserId, Timestamp), Failure> {
    let chain = folders::chain(tx, folder)?;
    let source = chain.iter().rev().find(|folder| folder.own_list);
    let source = source.ok_or_else(|| Failure::internal("no folder above has a list of its own"))?;
    Ok((source.list_applied_by, source.list_applied))
}

/// The folder itself, or the one a document lies in.
fn folder_of(item: &Item) -> FolderId {
    match item {
        Item::Folder(folder) => folder.place.row.id,
        Item::Document(document) => document.row.folder,
    }
}

fn grants(
    tx: &mut Tx<'_>,
    item: &Item,
    entries: &[ScopeEntry],
    users: &Names,
) -> Result<Vec<Grant>, Failure> {
    let library_name = match item {
        Item::Folder(folder) => &folder.place.library_name,
        Item::Document(document) => &document.place.library_name,
    };
    let groups = groups_in(tx, entries)?;
    let right_of = |principal| {
        entries
            .iter()
            .find(|entry| entry.principal == principal)
            .map_or(Right::NoAccess, |entry| entry.right)
    };
    let mut grants = vec![
        Grant {
            who: Grantee::Anonymous,
            right: right_of(Principal::Anonymous),
        },
        Grant {
            who: Grantee::Members,
            right: right_of(Principal::Members),
        },
    ];
    for entry in entries {
        let who = match entry.principal {
            Principal::Anonymous | Principal::Members => continue,
            Principal::Group(id) => match groups.get(&id) {
                Some(group) => Grantee::Group {
                    library: (group.library != people::NO_LIBRARY).then(|| library_name.clone()),
                    name: group.name.clone(),
                },
                None => continue,
            },
            Principal::User(user) => Grantee::User {
                library: None,
                login: users.login(user),
            },
        };
        grants.push(Grant {
            who,
            right: entry.right,
        });
    }
    Ok(grants)
}

fn groups_in(tx: &mut Tx<'_>, entries: &[ScopeEntry]) -> Result<HashMap<GroupId, GroupRow>, Failure> {
    let ids: Vec<GroupId> = entries
        .iter()
        .filter_map(|entry| match entry.principal {
            Principal::Group(group) => Some(group),
            _ => None,
        })
        .collect();
    let groups = holdall_catalog::people::groups_of_ids(tx, &ids)?;
    Ok(groups.into_iter().map(|group| (group.id, group)).collect())
}
