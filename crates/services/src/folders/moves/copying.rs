//! Copying items: new rows that share the content of the old ones.

use super::Errand;
use super::destination::{Destination, Goal};
use crate::access::{self, ItemFacts};
use crate::folders::resolve::{DocumentAt, FolderAt, Item, resolve};
use crate::folders::visible_folders;
use crate::{Conflict, Failure, Skip, SkipReason, Thing};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::folders::{self, FolderRow, NewFolder};
use holdall_catalog::subtrees::{self, DocumentIn};
use holdall_catalog::versions::{self, NewVersion};
use holdall_model::{DocumentId, FolderId, ItemRef, Right, Timestamp, UserId, VersionNumber, name_key};
use std::collections::{HashMap, HashSet};

/// Documents that are copied in one go; bounds the memory.
const BATCH: usize = 10_000;

/// Copies an item: see [`super::Moves::copy`].
pub(super) fn copy(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    source: &ItemRef,
    destination: &Destination,
) -> Result<Vec<Skip>, Failure> {
    let item = resolve(tx, errand.standing, source)?;
    let (right, name) = match &item {
        Item::Folder(folder) => (folder.right, &folder.place.row.name),
        Item::Document(document) => (document.right, &document.row.name),
    };
    access::require(right, Right::Read)?;
    let goal = Goal::find(tx, errand.standing, destination, name)?;
    let (action, subject, skips) = match &item {
        Item::Document(document) => {
            copy_document(tx, errand, document, &goal)?;
            ("document copied", document.path(), Vec::new())
        }
        Item::Folder(folder) => {
            let skips = copy_folder(tx, errand, folder, &goal)?;
            ("folder copied", folder.place.path.clone(), skips)
        }
    };
    let deed = Deed {
        at: errand.now,
        user: errand.standing.user(),
        action,
        subject: &subject,
        detail: &goal.path(),
    };
    audit::record(tx, deed)?;
    Ok(skips)
}

fn copy_document(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    document: &DocumentAt,
    goal: &Goal,
) -> Result<(), Failure> {
    if errand.standing.is_archived(document.row.library) {
        return Err(Failure::Offline);
    }
    goal.admit_document(true)?;
    if documents::by_name(tx, goal.place.row.id, &name_key(&goal.name))?.is_some() {
        return Err(Failure::Conflict(Conflict::Exists(Thing::Document)));
    }
    let row = DocumentRow {
        name: goal.name.clone(),
        ..document.row.clone()
    };
    insert(tx, errand, &goal.place.row, vec![(row, goal.place.row.id)])
}

/// The folders that are copied: where the copy of each goes.
struct Copies<'a> {
    errand: Errand<'a>,
    root: &'a FolderRow,
    of: HashMap<FolderId, FolderId>,
    paths: HashMap<FolderId, String>,
}

fn copy_folder(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    folder: &FolderAt,
    goal: &Goal,
) -> Result<Vec<Skip>, Failure> {
    let row = &folder.place.row;
    let facts = subtrees::facts(tx, row.id, errand.standing.user())?;
    goal.admit_folder(true)?;
    goal.admit_tree(tx, row.id, facts.depth)?;
    if folders::child(tx, goal.place.row.id, &name_key(&goal.name))?.is_some() {
        return Err(Failure::Conflict(Conflict::Exists(Thing::Folder)));
    }
    errand.standing.preload(tx, row.library)?;
    let mut copies = Copies {
        errand,
        root: &goal.place.row,
        of: HashMap::from([(row.parent, goal.place.row.id)]),
        paths: HashMap::from([(row.id, folder.place.path.clone())]),
    };
    let top = FolderRow {
        name: goal.name.clone(),
        ..row.clone()
    };
    let mut level = vec![top];
    while !level.is_empty() {
        let ids = copies.level(tx, level)?;
        let below = subtrees::children_of(tx, &ids)?;
        level = visible_folders(tx, errand.standing, below)?;
        for child in &level {
            let above = copies.paths.get(&child.parent).cloned().unwrap_or_default();
            copies.paths.insert(child.id, format!("{above}/{}", child.name));
        }
    }
    let sources: Vec<FolderId> = copies.paths.keys().copied().collect();
    let (wanted, skips) = copies.choose(tx, row, &sources)?;
    for batch in wanted.chunks(BATCH) {
        copies.documents(tx, batch)?;
    }
    Ok(skips)
}

impl Copies<'_> {
    /// Copies the folders of one level, whose parents are copied already; gives the ids of the originals.
    fn level(&mut self, tx: &mut Tx<'_>, level: Vec<FolderRow>) -> Result<Vec<FolderId>, Failure> {
        let count = u64::try_from(level.len()).map_err(Failure::internal)?;
        let mut next = folders::next_ids(tx, count)?;
        let mut rows = Vec::with_capacity(level.len());
        let mut ids = Vec::with_capacity(level.len());
        for row in level {
            let parent = self.of.get(&row.parent).copied();
            ids.push(row.id);
            self.of.insert(row.id, next);
            rows.push(NewFolder {
                id: next,
                parent: parent.ok_or_else(|| Failure::internal("a copy without a parent"))?,
                name_key: name_key(&row.name),
                name: row.name,
                library: self.root.library,
                scope: self.root.scope,
                owner: self.errand.standing.user(),
                description: row.description,
                rules: row.rules,
            });
            next = FolderId(next.0 + 1);
        }
        folders::insert(tx, &rows, self.errand.now)?;
        Ok(ids)
    }

    /// The documents below that are copied, and those that the caller may see but not have.
    fn choose(
        &self,
        tx: &mut Tx<'_>,
        root: &FolderRow,
        sources: &[FolderId],
    ) -> Result<(Vec<DocumentId>, Vec<Skip>), Failure> {
        let seen = subtrees::documents_in(tx, sources)?;
        let facts = |document: &DocumentIn| ItemFacts {
            library: root.library,
            scope: document.scope,
            owner: document.owner,
        };
        let grounds: HashSet<ItemFacts> = seen.iter().map(facts).collect();
        let mut rights = HashMap::with_capacity(grounds.len());
        for facts in grounds {
            rights.insert(facts, self.errand.standing.folder_right(tx, &facts)?);
        }
        let offline = self.errand.standing.is_archived(root.library);
        let (mut wanted, mut left) = (Vec::with_capacity(seen.len()), Vec::new());
        for document in seen {
            let id = document.id;
            let right = rights.get(&facts(&document)).copied().unwrap_or(Right::NoAccess);
            match right {
                right if right.on_document().reads() && !offline => wanted.push(id),
                right if right.on_document().reads() => left.push((id, SkipReason::Offline)),
                right if right.lists() => left.push((id, SkipReason::NotReadable)),
                _ => {}
            }
        }
        let skips = self.skips(tx, &left)?;
        Ok((wanted, skips))
    }

    fn skips(&self, tx: &mut Tx<'_>, left: &[(DocumentId, SkipReason)]) -> Result<Vec<Skip>, Failure> {
        let reasons: HashMap<DocumentId, SkipReason> = left.iter().copied().collect();
        let ids: Vec<DocumentId> = left.iter().map(|(id, _)| *id).collect();
        let mut skips = Vec::with_capacity(left.len());
        for row in documents::of_ids(tx, &ids)? {
            let above = self.paths.get(&row.folder).cloned().unwrap_or_default();
            let reason = reasons.get(&row.id).copied();
            skips.push(Skip {
                path: format!("{above}/{}", row.name),
                document: row.id,
                reason: reason.unwrap_or(SkipReason::NotReadable),
            });
        }
        skips.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(skips)
    }

    fn documents(&self, tx: &mut Tx<'_>, batch: &[DocumentId]) -> Result<(), Failure> {
        let rows = documents::of_ids(tx, batch)?;
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            let folder = self.of.get(&row.folder).copied();
            let folder = folder.ok_or_else(|| Failure::internal("a copy without a folder"))?;
            placed.push((row, folder));
        }
        insert(tx, self.errand, self.root, placed)
    }
}

/// Inserts copies of documents, each into its folder; all inherit the list in force in `root`.
fn insert(
    tx: &mut Tx<'_>,
    errand: Errand<'_>,
    root: &FolderRow,
    placed: Vec<(DocumentRow, FolderId)>,
) -> Result<(), Failure> {
    let count = u64::try_from(placed.len()).map_err(Failure::internal)?;
    let mut next = documents::next_ids(tx, count)?;
    let mut rows = Vec::with_capacity(placed.len());
    for (row, folder) in placed {
        rows.push(copy_of(row, next, (root, folder), errand));
        next = DocumentId(next.0 + 1);
    }
    documents::insert(tx, &rows)?;
    let versions: Vec<NewVersion> = rows
        .iter()
        .filter(|row| row.version_count > 0)
        .map(|row| NewVersion {
            document: row.id,
            number: row.latest_version,
            blob: row.content.blob,
            author: row.owner,
            comment: String::new(),
            published: row.published_version == row.latest_version,
        })
        .collect();
    versions::insert(tx, &versions, errand.now)?;
    Ok(())
}

/// A document's copy: of the version that readers get, which begins a history of its own.
fn copy_of(
    row: DocumentRow,
    id: DocumentId,
    (root, folder): (&FolderRow, FolderId),
    errand: Errand<'_>,
) -> DocumentRow {
    let user = errand.standing.user();
    let published = row.published_version.0 != 0;
    // A shortcut has no versions, and its copy neither.
    let first = |there: bool| {
        if there {
            VersionNumber::FIRST
        } else {
            VersionNumber(0)
        }
    };
    DocumentRow {
        id,
        folder,
        library: root.library,
        scope: root.scope,
        own_list: false,
        list_applied_by: UserId(0),
        list_applied: Timestamp(0),
        owner: user,
        latest_version: first(row.version_count > 0),
        published_version: first(published),
        version_count: row.version_count.min(1),
        registered_by: user,
        registered: errand.now,
        locked_by: None,
        locked: Timestamp(0),
        ..row
    }
}
