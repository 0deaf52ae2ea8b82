//! Access lists as people read them, for many items at once.

use super::{AccessListView, Grant, Grantee};
use crate::folders::resolve::Item;
use crate::folders::views::Names;
use crate::{Failure, people};
use holdall_catalog::Tx;
use holdall_catalog::access::{self as rows, Principal, ScopeEntry};
use holdall_catalog::documents::DocumentRow;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::people::GroupRow;
use holdall_model::{FolderId, GroupId, Right, ScopeId, Timestamp, UserId};
use std::collections::HashMap;

/// What an item says of its list.
#[derive(Clone, Debug)]
pub(crate) struct ListOf {
    scope: ScopeId,
    /// Who set it and when, if it was set on the item.
    own: Option<(UserId, Timestamp)>,
    /// The folder itself, or the one that a document lies in.
    folder: FolderId,
    library_name: String,
}

impl ListOf {
    /// The list of a folder in a library of that name.
    pub(crate) fn folder(row: &FolderRow, library_name: String) -> Self {
        Self {
            scope: row.scope,
            own: row.own_list.then_some((row.list_applied_by, row.list_applied)),
            folder: row.id,
            library_name,
        }
    }

    /// The list of a document in a library of that name.
    pub(crate) fn document(row: &DocumentRow, library_name: String) -> Self {
        Self {
            scope: row.scope,
            own: row.own_list.then_some((row.list_applied_by, row.list_applied)),
            folder: row.folder,
            library_name,
        }
    }
}

/// The list in force on an item.
pub(super) fn view(tx: &mut Tx<'_>, item: &Item) -> Result<AccessListView, Failure> {
    let list = match item {
        Item::Folder(folder) => ListOf::folder(&folder.place.row, folder.place.library_name.clone()),
        Item::Document(document) => ListOf::document(&document.row, document.place.library_name.clone()),
    };
    let view = views(tx, &[list])?.pop();
    view.ok_or_else(|| Failure::internal("no list for an item"))
}

/// The lists in force on items, in their order.
pub(crate) fn views(tx: &mut Tx<'_>, lists: &[ListOf]) -> Result<Vec<AccessListView>, Failure> {
    let scopes = distinct(lists.iter().map(|list| list.scope));
    let entries = rows::entries_of(tx, &scopes)?;
    let inheriting = lists.iter().filter(|list| list.own.is_none());
    let inheriting = distinct(inheriting.map(|list| list.folder));
    let above = rows::applied_above(tx, &inheriting)?;
    let named = entries
        .values()
        .flatten()
        .filter_map(|entry| match entry.principal {
            Principal::User(user) => Some(user),
            _ => None,
        });
    let appliers = lists
        .iter()
        .filter_map(|list| list.own)
        .chain(above.values().copied());
    let users = Names::of(tx, named.chain(appliers.map(|(user, _)| user)))?;
    let groups = groups_in(tx, &entries)?;
    let view = |list: &ListOf| {
        let applied = list.own.or_else(|| above.get(&list.folder).copied());
        let (by, at) = applied.ok_or_else(|| Failure::internal("no folder above has a list of its own"))?;
        let entries = entries.get(&list.scope).map(Vec::as_slice).unwrap_or_default();
        Ok(AccessListView {
            applied_at: at,
            applied_by: users.login(by),
            inherited: list.own.is_none(),
            entries: grants(&list.library_name, entries, (&users, &groups)),
        })
    };
    lists.iter().map(view).collect()
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn grants(
    library_name: &str,
    entries: &[ScopeEntry],
    (users, groups): (&Names, &HashMap<GroupId, GroupRow>),
) -> Vec<Grant> {
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
    grants.extend(entries.iter().filter_map(|entry| {
        let who = match entry.principal {
            Principal::Anonymous | Principal::Members => return None,
            Principal::Group(id) => {
                let group = groups.get(&id)?;
                let is_local = group.library != people::NO_LIBRARY;
                Grantee::Group {
                    library: is_local.then(|| library_name.to_owned()),
                    name: group.name.clone(),
                }
            }
            Principal::User(user) => Grantee::User {
                library: None,
                login: users.login(user),
            },
        };
        Some(Grant {
            who,
            right: entry.right,
        })
    }));
    grants
}

fn groups_in(
    tx: &mut Tx<'_>,
    entries: &HashMap<ScopeId, Vec<ScopeEntry>>,
) -> Result<HashMap<GroupId, GroupRow>, Failure> {
    let groups = entries
        .values()
        .flatten()
        .filter_map(|entry| match entry.principal {
            Principal::Group(group) => Some(group),
            _ => None,
        });
    let groups = holdall_catalog::people::groups_of_ids(tx, &distinct(groups))?;
    Ok(groups.into_iter().map(|group| (group.id, group)).collect())
}
