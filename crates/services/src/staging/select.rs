//! From items to a selection: found, expanded and judged in one snapshot of the catalog.

use super::harvest::{Fate, Harvest};
use super::selection::{Branch, ROOT, Selection};
use super::shortcuts;
use crate::access::{ItemFacts, Standing};
use crate::folders::resolve::{DocumentAt, FolderAt, Item, resolve};
use crate::{Failure, SkipReason};
use holdall_catalog::staging::{self as rows, StagingDocument, StagingFolder};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, ItemRef, LibraryId, ShortIdError};
use std::collections::{BTreeMap, HashSet};

/// Everything below `items` that the caller may see. What does not resolve is left out silently (CONTRACT section 6.2);
/// what is named twice, or lies below another item, counts once. [`Failure::NothingSelected`] if no item resolves.
pub(super) fn select(
    tx: &mut Tx<'_>,
    standing: &Standing,
    items: &[Result<ItemRef, ShortIdError>],
) -> Result<Selection, Failure> {
    let found = find(tx, standing, items)?;
    if found.folders.is_empty() && found.documents.is_empty() {
        return Err(Failure::NothingSelected);
    }
    let mut selection = Selection::new();
    for folder in found.folders.into_values() {
        selection.add_branch(root_branch(folder));
    }
    grow(tx, &mut selection)?;
    add_documents(tx, &mut selection, found.documents)?;
    judge(tx, standing, &mut selection)?;
    for harvest in &mut selection.harvests {
        shortcuts::follow(tx, standing, harvest)?;
    }
    keep_folders(tx, standing, &mut selection)?;
    Ok(selection)
}

/// The items that resolved, each once and by id, so that their order in the request does not matter.
#[derive(Default)]
struct Found {
    folders: BTreeMap<FolderId, FolderAt>,
    documents: BTreeMap<DocumentId, Box<DocumentAt>>,
}

fn find(
    tx: &mut Tx<'_>,
    standing: &Standing,
    items: &[Result<ItemRef, ShortIdError>],
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for item in items.iter().flatten().filter(|item| seen.insert(*item)) {
        match resolve(tx, standing, item) {
            Ok(Item::Folder(folder)) => {
                found.folders.insert(folder.place.row.id, folder);
            }
            Ok(Item::Document(document)) => {
                found.documents.insert(document.row.id, document);
            }
            Err(Failure::NotFound(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(found)
}

fn root_branch(folder: FolderAt) -> Branch {
    let row = folder.place.row;
    let mut branch = Branch::new(row.id, row.name, ROOT);
    branch.library = row.library;
    branch.scope = row.scope;
    branch.owner = row.owner;
    branch.modified = row.modified;
    branch.path = Some(folder.place.path);
    branch
}

/// Adds all folders below, a level at a time. A selected folder that turns up below another one moves there.
fn grow(tx: &mut Tx<'_>, selection: &mut Selection) -> Result<(), CatalogError> {
    let mut level: Vec<FolderId> = selection
        .branches
        .iter()
        .skip(1)
        .map(|branch| branch.id)
        .collect();
    while !level.is_empty() {
        let below = rows::subfolders(tx, &level)?;
        level.clear();
        for folder in below {
            let above = selection.by_folder.get(&folder.parent).copied().unwrap_or(ROOT);
            if let Some(number) = selection.by_folder.get(&folder.id).copied() {
                selection.hang(number, above);
            } else {
                level.push(folder.id);
                selection.add_branch(inner_branch(folder, above));
            }
        }
    }
    selection.hang_roots();
    Ok(())
}

fn inner_branch(folder: StagingFolder, above: usize) -> Branch {
    let mut branch = Branch::new(folder.id, folder.name, above);
    branch.library = folder.library;
    branch.scope = folder.scope;
    branch.owner = folder.owner;
    branch.modified = folder.modified;
    branch
}

/// Adds the documents of all folders, and those that were selected by themselves and lie in none of them.
fn add_documents(
    tx: &mut Tx<'_>,
    selection: &mut Selection,
    loose: BTreeMap<DocumentId, Box<DocumentAt>>,
) -> Result<(), CatalogError> {
    let mut alone = Harvest::default();
    for document in loose.into_values() {
        if !selection.by_folder.contains_key(&document.row.folder) {
            selection.loose_paths.push(document.path());
            alone.add(&loose_document(&document)?, |_root| Ok(document.row.library))?;
        }
    }
    selection.take_in(alone)?;
    let inner = selection.branches.iter().skip(1);
    let folders: Vec<FolderId> = inner.map(|branch| branch.id).collect();
    let harvests = {
        let library_of = |folder| selection.library_of(folder);
        rows::gather_documents_in(tx, &folders, |harvest: &mut Harvest, document| {
            harvest.add(document, library_of)
        })?
    };
    harvests
        .into_iter()
        .try_for_each(|harvest| selection.take_in(harvest))
}

fn loose_document(document: &DocumentAt) -> Result<StagingDocument<'_>, CatalogError> {
    let (row, content) = (&document.row, &document.row.content);
    let method = u8::try_from(content.method);
    Ok(StagingDocument {
        folder: FolderId(0),
        id: row.id,
        name: &row.name,
        scope: row.scope,
        owner: row.owner,
        modified: row.modified,
        raw_len: content.raw_len,
        stored_len: content.stored_len,
        crc32: content.crc32,
        method: method.map_err(|_beyond| CatalogError::Inconsistent {
            what: "a document's method".to_owned(),
        })?,
        quarantined: row.quarantined,
        kind: row.kind,
        version: u32::try_from(row.served().0).unwrap_or_default(),
        pack: content.pack,
        pack_offset: content.pack_offset,
    })
}

/// Decides what becomes of each document.
fn judge(tx: &mut Tx<'_>, standing: &Standing, selection: &mut Selection) -> Result<(), CatalogError> {
    let libraries: HashSet<LibraryId> = selection
        .branches
        .iter()
        .skip(1)
        .map(|branch| branch.library)
        .collect();
    for library in libraries {
        standing.preload(tx, library)?;
    }
    selection
        .harvests
        .iter_mut()
        .try_for_each(|harvest| judge_harvest(tx, standing, harvest))
}

fn judge_harvest(tx: &mut Tx<'_>, standing: &Standing, harvest: &mut Harvest) -> Result<(), CatalogError> {
    let mut rulings = Vec::with_capacity(harvest.grounds.len());
    for ground in &harvest.grounds {
        let facts = ItemFacts {
            library: ground.library,
            scope: ground.scope,
            owner: ground.owner,
        };
        rulings.push((
            standing.folder_right(tx, &facts)?,
            standing.is_archived(ground.library),
        ));
    }
    for leaf in &mut harvest.leaves {
        let ruling = usize::try_from(leaf.ground)
            .ok()
            .and_then(|ground| rulings.get(ground));
        let (right, archived) = ruling.copied().unwrap_or_default();
        leaf.fate = Fate::of(
            right,
            archived,
            leaf.fate == Fate::Skipped(SkipReason::Quarantined),
        );
    }
    Ok(())
}

/// A folder has an entry if the caller may list it or a document below it is included.
fn keep_folders(tx: &mut Tx<'_>, standing: &Standing, selection: &mut Selection) -> Result<(), CatalogError> {
    for number in 1..selection.branches.len() {
        let Some(branch) = selection.branches.get(number) else {
            continue;
        };
        let facts = ItemFacts {
            library: branch.library,
            scope: branch.scope,
            owner: branch.owner,
        };
        let included = selection
            .leaves_of(branch)
            .iter()
            .any(|leaf| leaf.fate == Fate::Included);
        if included || standing.folder_right(tx, &facts)?.lists() {
            keep_upwards(selection, number);
        }
    }
    Ok(())
}

fn keep_upwards(selection: &mut Selection, number: usize) {
    let mut next = number;
    while let Some(branch) = selection.branches.get_mut(next).filter(|branch| !branch.kept) {
        branch.kept = true;
        next = branch.above;
    }
}
