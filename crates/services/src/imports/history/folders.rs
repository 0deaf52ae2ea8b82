//! Folders with their past: found or made, a wave of them in one transaction.

use super::super::Imports;
use super::super::tree::SiblingNames;
use super::rows::{self, Scopes, distinct};
use super::{BroughtList, BroughtMembers};
use crate::access::Standing;
use crate::folders::RulesChange;
use crate::folders::rules::{row_change, row_of};
use crate::{Caller, Failure, Thing};
use holdall_catalog::access::{self as lists, ListSetting};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::folder_rules::RulesRow;
use holdall_catalog::folders::{self as folder_rows, FolderRow, NewFolder, PastFolder};
use holdall_catalog::libraries::members as member_rows;
use holdall_catalog::{Tx, folder_rules, imports, owners};
use holdall_model::{FolderId, Timestamp, UserId, name_key};
use std::collections::HashMap;
use std::sync::Arc;

/// A folder as it was elsewhere.
#[derive(Clone, Debug)]
pub struct BroughtFolder {
    /// The folder it goes to.
    pub parent: FolderId,
    /// Its name there.
    pub name: String,
    /// Free text.
    pub description: String,
    /// When it was made.
    pub created: Timestamp,
    /// The owner.
    pub owner: UserId,
    /// Its own access list; `None` inherits.
    pub list: Option<Arc<BroughtList>>,
    /// Its rules; what they leave out is as in a new library.
    pub rules: RulesChange,
}

/// A folder's place here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFolder {
    /// The folder.
    pub id: FolderId,
    /// The name it has: its own where that can be stored.
    pub name: String,
    /// Whether it was made just now.
    pub made: bool,
    /// Whether its rules could be kept, when it was made.
    pub rules_kept: bool,
}

impl Imports {
    /// Finds or makes folders, in the order of `brought`; siblings come together, in an order that is always the same. What is there
    /// already stays as it is. Runs on a thread outside the runtime. [`Failure::Denied`] without full control of a parent.
    pub fn place_folders(
        &self,
        owner: &Caller,
        brought: Vec<BroughtFolder>,
    ) -> Result<Vec<PlacedFolder>, Failure> {
        let now = self.house.clock.now();
        let place = move |tx: &mut Tx<'_>, standing: &Standing| place(tx, standing, &brought, now);
        self.house.write_as_blocking(owner, place)
    }

    /// Gives the target of an import, in which nothing lies yet, what the brought folder has, and its library the brought members;
    /// name and parent stay. Runs on a thread outside the runtime. Fails when the rules name what is no file type.
    pub fn furnish(
        &self,
        owner: &Caller,
        target: FolderId,
        (brought, members): (BroughtFolder, BroughtMembers),
    ) -> Result<(), Failure> {
        let now = self.house.clock.now();
        let furnish = move |tx: &mut Tx<'_>, standing: &Standing| {
            let row = rows::controlled(tx, standing, &[target])?.remove(&target);
            let row = row.ok_or(Failure::Denied)?;
            folder_rows::describe(tx, target, &row.name, &brought.description, now)?;
            folder_rows::backdate(tx, target, brought.created)?;
            owners::set_on_folder(tx, target, brought.owner)?;
            folder_rules::set(tx, target, &row_change(&brought.rules)?, false)?;
            if let Some(list) = &brought.list {
                let scope = Scopes::default().of(tx, row.library, &list.entries)?;
                lists::set_on_folder(tx, target, setting(list, scope))?;
            }
            member_rows::add_many(tx, row.library, &members.members)?;
            for manager in members.managers {
                member_rows::appoint(tx, row.library, manager)?;
            }
            tx.bump_authz_epoch()?;
            note(tx, (standing.user(), now), target, 1)
        };
        self.house.write_as_blocking(owner, furnish)
    }
}

fn setting(list: &BroughtList, scope: holdall_model::ScopeId) -> ListSetting {
    ListSetting {
        scope,
        by: list.applied_by,
        at: list.applied,
    }
}

fn place(
    tx: &mut Tx<'_>,
    standing: &Standing,
    brought: &[BroughtFolder],
    now: Timestamp,
) -> Result<Vec<PlacedFolder>, Failure> {
    let parents = distinct(brought.iter().map(|folder| folder.parent));
    let above = rows::controlled(tx, standing, &parents)?;
    let there: HashMap<(FolderId, String), FolderId> = imports::folders_in(tx, &parents)?
        .into_iter()
        .map(|row| ((row.parent, row.name_key), row.id))
        .collect();
    let mut next = folder_rows::next_ids(tx, u64::try_from(brought.len()).map_err(Failure::internal)?)?;
    let (mut names, mut scopes) = (SiblingNames::default(), Scopes::default());
    let (mut placed, mut new) = (Vec::with_capacity(brought.len()), Vec::new());
    for folder in brought {
        let parent = above
            .get(&folder.parent)
            .ok_or(Failure::NotFound(Thing::Folder))?;
        let number = usize::try_from(folder.parent.0).map_err(Failure::internal)?;
        let name = names.assign(number, &folder.name);
        let found = there.get(&(folder.parent, name_key(&name))).copied();
        let rules = row_of(&folder.rules);
        placed.push(PlacedFolder {
            id: found.unwrap_or(next),
            name: name.clone(),
            made: found.is_none(),
            rules_kept: rules.is_ok(),
        });
        if found.is_none() {
            let mut past = past(tx, (next, name), (folder, parent), &mut scopes)?;
            past.folder.rules = rules.unwrap_or_default();
            new.push(past);
            next = FolderId(next.0 + 1);
        }
    }
    folder_rows::insert_past(tx, &new)?;
    if let (Some(first), false) = (parents.first(), new.is_empty()) {
        note(tx, (standing.user(), now), *first, new.len())?;
    }
    Ok(placed)
}

fn past(
    tx: &mut Tx<'_>,
    (id, name): (FolderId, String),
    (folder, parent): (&BroughtFolder, &FolderRow),
    scopes: &mut Scopes,
) -> Result<PastFolder, Failure> {
    let list = match &folder.list {
        Some(list) => Some(setting(list, scopes.of(tx, parent.library, &list.entries)?)),
        None => None,
    };
    Ok(PastFolder {
        folder: NewFolder {
            id,
            parent: folder.parent,
            name_key: name_key(&name),
            name,
            library: parent.library,
            scope: list.map_or(parent.scope, |list| list.scope),
            owner: folder.owner,
            description: folder.description.clone(),
            rules: RulesRow::default(),
        },
        created: folder.created,
        list,
    })
}

fn note(
    tx: &mut Tx<'_>,
    (user, at): (UserId, Timestamp),
    subject: FolderId,
    count: usize,
) -> Result<(), Failure> {
    let (subject, detail) = (subject.to_string(), count.to_string());
    let deed = Deed {
        at,
        user,
        action: "folders brought in",
        subject: &subject,
        detail: &detail,
    };
    Ok(audit::record(tx, deed)?)
}
