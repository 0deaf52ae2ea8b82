//! Documents with their past: all versions of a pack in one transaction, with a statement for all of a kind.

use super::rows::{self, Scopes, distinct};
use super::{BroughtDocument, BroughtShortcut, BroughtVersion};
use crate::access::Standing;
use crate::documents::{Stored, StoredOf, record_contents, taken};
use crate::{Conflict, Failure, Thing};
use holdall_blobs::StoredBlob;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::{self as document_rows, Content, DocumentNotes, DocumentRow};
use holdall_catalog::folders::FolderRow;
use holdall_catalog::versions::{self, NewVersion, PastVersion};
use holdall_catalog::{Tx, versions as version_rows};
use holdall_model::{DocumentId, DocumentKind, FolderId, Timestamp, UserId, VersionNumber};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A version whose content is stored.
pub(super) struct Arrival {
    document: Arc<BroughtDocument>,
    existing: Option<DocumentId>,
    version: PastVersion,
    blob: StoredBlob,
}

impl Arrival {
    pub(super) fn new<T>(
        version: &BroughtVersion<T>,
        blob: StoredBlob,
        begun: &HashMap<i64, DocumentId>,
    ) -> Self {
        let document = Arc::clone(&version.document);
        Self {
            existing: document.existing.or_else(|| begun.get(&document.key).copied()),
            version: PastVersion {
                version: NewVersion {
                    document: DocumentId(0),
                    number: version.number,
                    blob: holdall_model::BlobId(0),
                    author: version.author,
                    comment: version.comment.clone(),
                    published: version.published.is_some(),
                },
                created: version.created,
                published: version.published,
            },
            document,
            blob,
        }
    }
}

/// The rows that a batch leads to.
#[derive(Default)]
struct Batch {
    versions: Vec<PastVersion>,
    new: Vec<DocumentRow>,
    changed: Vec<DocumentRow>,
}

/// What is there before a batch.
struct Before {
    folders: HashMap<FolderId, FolderRow>,
    documents: HashMap<DocumentId, DocumentRow>,
    numbers: HashSet<(DocumentId, VersionNumber)>,
}

/// Stores the versions of a batch; those of one document come one after the other.
pub(super) fn store(
    tx: &mut Tx<'_>,
    standing: &Standing,
    arrivals: &[Arrival],
    now: Timestamp,
) -> Result<Vec<Result<StoredOf, Failure>>, Failure> {
    let before = Before::load(tx, standing, arrivals)?;
    let blobs: Vec<StoredBlob> = arrivals.iter().map(|arrival| arrival.blob).collect();
    let contents = record_contents(tx, &blobs, now)?;
    let count = u64::try_from(arrivals.len()).map_err(Failure::internal)?;
    let mut next = document_rows::next_ids(tx, count)?;
    let (mut batch, mut scopes) = (Batch::default(), Scopes::default());
    let mut outcomes = Vec::with_capacity(arrivals.len());
    let mut contents = contents.into_iter();
    for group in arrivals.chunk_by(|one, other| one.document.key == other.document.key) {
        let contents: Vec<Content> = contents.by_ref().take(group.len()).collect();
        match before.row(tx, group, next, &mut scopes)? {
            Ok((row, is_new)) => {
                next = DocumentId(next.0 + i64::from(is_new));
                outcomes.extend(batch.add((row, is_new), (group, &contents), &before.numbers));
            }
            Err(thing) => outcomes.extend(group.iter().map(|_| Err(Failure::NotFound(thing)))),
        }
    }
    document_rows::insert(tx, &batch.new).map_err(|error| taken(error, Thing::Document))?;
    document_rows::replace(tx, &batch.changed)?;
    versions::insert_past(tx, &batch.versions)?;
    note(tx, (standing.user(), now), &batch)?;
    Ok(outcomes)
}

impl Before {
    fn load(tx: &mut Tx<'_>, standing: &Standing, arrivals: &[Arrival]) -> Result<Self, Failure> {
        let folders = distinct(arrivals.iter().map(|arrival| arrival.document.folder));
        let mut ids: Vec<DocumentId> = arrivals.iter().filter_map(|arrival| arrival.existing).collect();
        ids.sort_unstable();
        ids.dedup();
        let numbers = version_rows::of_documents(tx, &ids)?.into_iter();
        Ok(Self {
            folders: rows::controlled(tx, standing, &folders)?,
            documents: document_rows::of_ids(tx, &ids)?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            numbers: numbers.map(|(id, version)| (id, version.number)).collect(),
        })
    }

    /// The row that a group of versions goes to, and whether it is new. The inner failure says what is not there.
    fn row(
        &self,
        tx: &mut Tx<'_>,
        group: &[Arrival],
        id: DocumentId,
        scopes: &mut Scopes,
    ) -> Result<Result<(DocumentRow, bool), Thing>, Failure> {
        let Some(first) = group.first() else {
            return Ok(Err(Thing::Document));
        };
        let Some(folder) = self.folders.get(&first.document.folder) else {
            return Ok(Err(Thing::Folder));
        };
        if let Some(existing) = first.existing {
            let row = self
                .documents
                .get(&existing)
                .filter(|row| row.folder == folder.id);
            return Ok(row.map(|row| (row.clone(), false)).ok_or(Thing::Document));
        }
        Ok(Ok((new_row(tx, (id, folder), &first.document, scopes)?, true)))
    }
}

impl Batch {
    fn add(
        &mut self,
        (mut row, is_new): (DocumentRow, bool),
        (group, contents): (&[Arrival], &[Content]),
        taken: &HashSet<(DocumentId, VersionNumber)>,
    ) -> Vec<Result<StoredOf, Failure>> {
        let mut outcomes = Vec::with_capacity(group.len());
        for (arrival, content) in group.iter().zip(contents) {
            let number = arrival.version.version.number;
            if taken.contains(&(row.id, number)) || row.target.is_some() {
                outcomes.push(Err(Failure::Conflict(Conflict::Exists(Thing::Version))));
                continue;
            }
            let is_first = is_new && row.version_count == 0;
            add_version(&mut row, &arrival.document, number, *content);
            self.versions.push(PastVersion {
                version: NewVersion {
                    document: row.id,
                    blob: content.blob,
                    ..arrival.version.version.clone()
                },
                ..arrival.version
            });
            let stored = Stored {
                document: row.id,
                version: number,
            };
            outcomes.push(Ok(if is_first {
                StoredOf::Created(stored)
            } else {
                StoredOf::Versioned(stored)
            }));
        }
        if row.version_count > 0 {
            let rows = if is_new { &mut self.new } else { &mut self.changed };
            rows.push(row);
        }
        outcomes
    }
}

/// Readers get the version that was published, and until it is there the newest one.
fn add_version(row: &mut DocumentRow, document: &BroughtDocument, number: VersionNumber, content: Content) {
    let is_published = number == document.published;
    let stands_in = row.published_version.0 == 0 && number > row.latest_version;
    if is_published || stands_in {
        row.content = content;
        row.quarantined = false;
    }
    if is_published {
        row.published_version = number;
        row.withdrawn = document.withdrawn;
    }
    row.latest_version = row.latest_version.max(number);
    row.version_count += 1;
    row.modified = document.modified;
}

/// Inserts shortcuts, all at once.
pub(super) fn store_shortcuts(
    tx: &mut Tx<'_>,
    standing: &Standing,
    shortcuts: &[BroughtShortcut],
) -> Result<(), Failure> {
    let folders = distinct(shortcuts.iter().map(|shortcut| shortcut.document.folder));
    let folders = rows::controlled(tx, standing, &folders)?;
    let count = u64::try_from(shortcuts.len()).map_err(Failure::internal)?;
    let (mut next, mut scopes) = (document_rows::next_ids(tx, count)?, Scopes::default());
    let mut new = Vec::with_capacity(shortcuts.len());
    for shortcut in shortcuts {
        let folder = folders.get(&shortcut.document.folder);
        let folder = folder.ok_or(Failure::NotFound(Thing::Folder))?;
        new.push(DocumentRow {
            kind: DocumentKind::Shortcut,
            target: Some(shortcut.target),
            ..new_row(tx, (next, folder), &shortcut.document, &mut scopes)?
        });
        next = DocumentId(next.0 + 1);
    }
    document_rows::insert(tx, &new).map_err(|error| taken(error, Thing::Document))
}

fn new_row(
    tx: &mut Tx<'_>,
    (id, folder): (DocumentId, &FolderRow),
    document: &BroughtDocument,
    scopes: &mut Scopes,
) -> Result<DocumentRow, Failure> {
    let list = document.list.as_deref();
    let scope = match list {
        Some(list) => scopes.of(tx, folder.library, &list.entries)?,
        None => folder.scope,
    };
    let (registered_by, registered) = document.registered;
    let described = !document.description.is_empty();
    Ok(DocumentRow {
        id,
        folder: folder.id,
        name: document.name.clone(),
        library: folder.library,
        scope,
        own_list: list.is_some(),
        list_applied_by: list.map_or(UserId(0), |list| list.applied_by),
        list_applied: list.map_or(Timestamp(0), |list| list.applied),
        owner: document.owner,
        content: Content::NONE,
        quarantined: false,
        kind: document.kind,
        target: None,
        latest_version: VersionNumber(0),
        published_version: VersionNumber(0),
        withdrawn: false,
        version_count: 0,
        created: document.created,
        modified: document.modified,
        registered_by,
        registered,
        locked_by: None,
        locked: Timestamp(0),
        description: document.description.clone(),
        keywords: String::new(),
        notes: DocumentNotes {
            update_instructions: document.update_instructions.clone(),
            author: document.author.clone(),
            language: document.language.clone(),
            source: document.source.clone(),
            described: described.then_some((document.owner, document.modified)),
        },
    })
}

fn note(tx: &mut Tx<'_>, (user, at): (UserId, Timestamp), batch: &Batch) -> Result<(), Failure> {
    let rows = batch.new.first().or_else(|| batch.changed.first());
    let Some(first) = rows else { return Ok(()) };
    let (subject, detail) = (first.folder.to_string(), batch.versions.len().to_string());
    let deed = Deed {
        at,
        user,
        action: "versions brought in",
        subject: &subject,
        detail: &detail,
    };
    Ok(audit::record(tx, deed)?)
}
