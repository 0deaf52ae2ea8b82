//! Where each folder of an import goes: found or made, all in one transaction, a set query a level.

use super::tree::{ImportFolder, ImportTree, SiblingNames};
use crate::access::{self, Standing};
use crate::folders::resolve::facts_of_folder;
use crate::house::House;
use crate::{Caller, Failure, FolderRules, Rule, Thing};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::folders::{self, FolderRow, NewFolder};
use holdall_catalog::imports::{self, KnownDocument};
use holdall_model::{FolderId, Right, Timestamp, UserId, name_key};
use std::collections::HashMap;

/// The folders of an import, and what lay in them before.
#[derive(Debug)]
pub(super) struct Places {
    /// By folder number; the first is the target. `None` for those that the caller may not make.
    ids: Vec<Option<FolderId>>,
    /// The stored names of the folders, the target left out.
    pub(super) names: Vec<String>,
    /// Folders that were made.
    pub(super) made: u64,
    documents: HashMap<(FolderId, String), KnownDocument>,
    files: SiblingNames,
}

/// A source folder without what the caller calls it by.
#[derive(Clone, Debug)]
struct Wanted {
    parent: usize,
    depth: usize,
    name: String,
}

/// What to do about folders that the caller may not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDenied {
    /// Make none at all.
    Fail,
    /// Leave them out, and what would go into them.
    LeaveOut,
}

/// Who makes folders, and when.
#[derive(Clone, Copy, Debug)]
struct Making {
    owner: UserId,
    now: Timestamp,
    on_denied: OnDenied,
}

impl Places {
    /// Finds or makes every folder below `target`. Making one needs the right to create in the folder above it.
    pub(super) fn make<T>(
        house: &House,
        owner: &Caller,
        (target, on_denied): (FolderId, OnDenied),
        folders: &[ImportFolder<T>],
    ) -> Result<Self, Failure> {
        let wanted = name_all(folders);
        let names = wanted.iter().map(|folder| folder.name.clone()).collect();
        let making = Making {
            owner: owner.user(),
            now: house.clock.now(),
            on_denied,
        };
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let (ids, made) = make_levels(tx, standing, (target, &wanted), making)?;
            let there: Vec<FolderId> = ids.iter().copied().flatten().collect();
            let documents = imports::documents_in(tx, &there)?;
            Ok::<_, Failure>((ids, made, documents))
        };
        let (ids, made, documents) = house.write_as_blocking(owner, find)?;
        let documents = documents
            .into_iter()
            .map(|known| ((known.folder, known.name_key.clone()), known))
            .collect();
        Ok(Self {
            ids,
            names,
            made,
            documents,
            files: SiblingNames::default(),
        })
    }

    /// Whether the folder of that number is there.
    pub(super) fn has(&self, folder: usize) -> bool {
        self.ids.get(folder).copied().flatten().is_some()
    }

    /// The folder of that number, and the name that a file in it gets.
    pub(super) fn of_file(&mut self, folder: usize, name: &str) -> Option<(FolderId, String)> {
        let id = self.ids.get(folder).copied().flatten()?;
        Some((id, self.files.assign(folder, name)))
    }

    /// The document that lay there before.
    pub(super) fn document(&self, folder: FolderId, name: &str) -> Option<&KnownDocument> {
        self.documents.get(&(folder, name_key(name)))
    }
}

fn name_all<T>(folders: &[ImportFolder<T>]) -> Vec<Wanted> {
    let mut names = SiblingNames::default();
    let mut wanted: Vec<Wanted> = Vec::with_capacity(folders.len());
    for folder in folders {
        let above = folder.parent.checked_sub(1).and_then(|index| wanted.get(index));
        let depth = above.map_or(1, |above| above.depth + 1);
        wanted.push(Wanted {
            parent: folder.parent,
            depth,
            name: names.assign(folder.parent, &folder.name),
        });
    }
    wanted
}

fn make_levels(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (target, wanted): (FolderId, &[Wanted]),
    making: Making,
) -> Result<(Vec<Option<FolderId>>, u64), Failure> {
    let mut ids = vec![None; wanted.len() + 1];
    if let Some(first) = ids.first_mut() {
        *first = Some(target);
    }
    let deepest = wanted.iter().map(|folder| folder.depth).max().unwrap_or(0);
    let mut made = 0;
    for depth in 1..=deepest {
        let level: Vec<usize> = (1..=wanted.len())
            .filter(|number| is_at(wanted, *number, depth))
            .collect();
        made += make_level(tx, standing, (&mut ids, wanted, &level), making)?;
    }
    if made > 0 {
        let (subject, detail) = (target.to_string(), made.to_string());
        let deed = Deed {
            at: making.now,
            user: making.owner,
            action: "folders imported",
            subject: &subject,
            detail: &detail,
        };
        audit::record(tx, deed)?;
    }
    Ok((ids, made))
}

fn is_at(wanted: &[Wanted], number: usize, depth: usize) -> bool {
    wanted
        .get(number.wrapping_sub(ImportTree::<()>::ROOT + 1))
        .is_some_and(|folder| folder.depth == depth)
}

/// Finds or makes the folders of one level, whose parents are known, and enters their ids.
fn make_level(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (ids, wanted, level): (&mut [Option<FolderId>], &[Wanted], &[usize]),
    making: Making,
) -> Result<u64, Failure> {
    let place = |ids: &[Option<FolderId>], number: usize| -> Option<(FolderId, String, String)> {
        let folder = wanted.get(number.checked_sub(1)?)?;
        Some((
            ids.get(folder.parent).copied().flatten()?,
            name_key(&folder.name),
            folder.name.clone(),
        ))
    };
    let mut parents: Vec<FolderId> = level
        .iter()
        .filter_map(|number| Some(place(ids, *number)?.0))
        .collect();
    parents.sort_unstable();
    parents.dedup();
    let known: HashMap<(FolderId, String), FolderId> = imports::folders_in(tx, &parents)?
        .into_iter()
        .map(|row| ((row.parent, row.name_key), row.id))
        .collect();
    let mut missing = Vec::new();
    for &number in level {
        let Some((parent, key, name)) = place(ids, number) else {
            continue;
        };
        match (known.get(&(parent, key.clone())), ids.get_mut(number)) {
            (Some(found), Some(id)) => *id = Some(*found),
            _ => missing.push((number, parent, key, name)),
        }
    }
    let rows = insert(tx, standing, missing, making)?;
    let made = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    for (number, made_id) in rows {
        if let Some(id) = ids.get_mut(number) {
            *id = Some(made_id);
        }
    }
    Ok(made)
}

/// Inserts folders, given as number, parent, name key and name; gives number and id of each.
fn insert(
    tx: &mut Tx<'_>,
    standing: &Standing,
    missing: Vec<(usize, FolderId, String, String)>,
    making: Making,
) -> Result<Vec<(usize, FolderId)>, Failure> {
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let parents = creatable(tx, standing, &missing, making.on_denied)?;
    let mut next = folders::next_ids(tx, u64::try_from(missing.len()).map_err(Failure::internal)?)?;
    let (mut rows, mut numbers) = (
        Vec::with_capacity(missing.len()),
        Vec::with_capacity(missing.len()),
    );
    for (number, parent, name_key, name) in missing {
        let Some(above) = parents.get(&parent) else {
            if making.on_denied == OnDenied::LeaveOut {
                continue;
            }
            return Err(Failure::NotFound(Thing::Folder));
        };
        let (library, scope, rules) = (above.library, above.scope, above.rules.clone());
        rows.push(NewFolder {
            id: next,
            parent,
            name,
            name_key,
            library,
            scope,
            owner: making.owner,
            description: String::new(),
            rules,
        });
        numbers.push((number, next));
        next = FolderId(next.0 + 1);
    }
    folders::insert(tx, &rows, making.now)?;
    Ok(numbers)
}

/// The folders above the missing ones, in each of which the caller may create.
fn creatable(
    tx: &mut Tx<'_>,
    standing: &Standing,
    missing: &[(usize, FolderId, String, String)],
    on_denied: OnDenied,
) -> Result<HashMap<FolderId, FolderRow>, Failure> {
    let mut ids: Vec<FolderId> = missing.iter().map(|(_, parent, ..)| *parent).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut parents = HashMap::new();
    for row in folders::of_ids(tx, &ids)? {
        let right = standing.folder_right(tx, &facts_of_folder(&row))?;
        let allowed =
            access::require(right, Right::Add).and_then(|()| FolderRules::of(&row).require(Rule::NewFolders));
        match allowed {
            Err(failure) if on_denied == OnDenied::Fail => return Err(failure),
            Err(_) => {}
            Ok(()) => drop(parents.insert(row.id, row)),
        }
    }
    Ok(parents)
}
