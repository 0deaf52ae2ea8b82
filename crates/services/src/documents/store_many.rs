//! Recording many documents in one transaction, with a statement for all of a kind instead of one for each.

use super::record::record_contents;
use super::require_unlocked;
use super::store::{
    DocumentOptions, Stored, Storing, new_row, require_storable, taken, version_of, with_version,
};
use crate::access::{self, Standing};
use crate::folders::paths::Paths;
use crate::folders::resolve::{facts_of_document, facts_of_folder};
use crate::{Conflict, Failure, FolderRules, Rule, Thing};
use holdall_blobs::StoredBlob;
use holdall_catalog::documents::{Content, DocumentRow};
use holdall_catalog::folders::FolderRow;
use holdall_catalog::versions::{self, NewVersion};
use holdall_catalog::{Tx, documents, folders};
use holdall_model::{DocumentId, FolderId, Right, clean_name};
use std::collections::HashMap;

/// One of many documents to store.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The folder that it goes to.
    pub folder: FolderId,
    /// The document that gets a version; `None` for a new one.
    pub existing: Option<DocumentId>,
    /// The name of a new document.
    pub name: String,
    /// Its content.
    pub blob: StoredBlob,
    /// What is said about it.
    pub options: DocumentOptions,
    /// Whether content that the document has already makes a version, too.
    pub even_unchanged: bool,
}

/// What became of one of many documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredOf {
    /// There is a new document.
    Created(Stored),
    /// The document has a new version.
    Versioned(Stored),
    /// The document has that content already; at most its date of modification was corrected.
    Unchanged(DocumentId),
}

/// The rows that a batch leads to.
#[derive(Default)]
struct Batch {
    versions: Vec<NewVersion>,
    new: Vec<DocumentRow>,
    changed: Vec<DocumentRow>,
}

/// What is there before a batch.
struct Before {
    folders: HashMap<FolderId, (FolderRow, Right)>,
    documents: HashMap<DocumentId, DocumentRow>,
}

/// Stores each arrival that may be stored. A name that is taken fails all.
pub(crate) fn store_many(
    tx: &mut Tx<'_>,
    standing: &Standing,
    storing: Storing,
    arrivals: Vec<NewDocument>,
) -> Result<Vec<Result<StoredOf, Failure>>, Failure> {
    let before = Before::load(tx, standing, &arrivals)?;
    let blobs: Vec<StoredBlob> = arrivals.iter().map(|arrival| arrival.blob).collect();
    let contents = record_contents(tx, &blobs, storing.now)?;
    let count = u64::try_from(arrivals.len()).map_err(Failure::internal)?;
    let mut next = documents::next_ids(tx, count)?;
    let mut batch = Batch::default();
    let mut outcomes = Vec::with_capacity(arrivals.len());
    for (arrival, content) in arrivals.into_iter().zip(contents) {
        let outcome = if let Some(id) = arrival.existing {
            let row = before.changeable(tx, standing, (id, storing))?;
            row.and_then(|(row, rules)| {
                batch.change(
                    (row, &rules),
                    content,
                    (&arrival.options, arrival.even_unchanged),
                    storing,
                )
            })
        } else {
            let id = next;
            next = DocumentId(id.0 + 1);
            let folder = before.creatable(arrival.folder);
            folder.and_then(|folder| batch.create(id, folder, (arrival, content), storing))
        };
        outcomes.push(outcome);
    }
    versions::insert(tx, &batch.versions, storing.now)?;
    documents::insert(tx, &batch.new).map_err(|error| taken(error, Thing::Document))?;
    documents::replace(tx, &batch.changed)?;
    Ok(outcomes)
}

impl Before {
    fn load(tx: &mut Tx<'_>, standing: &Standing, arrivals: &[NewDocument]) -> Result<Self, Failure> {
        let mut folder_ids: Vec<FolderId> = arrivals.iter().map(|arrival| arrival.folder).collect();
        folder_ids.sort_unstable();
        folder_ids.dedup();
        let paths = Paths::above(tx, &folder_ids)?;
        let mut known = HashMap::new();
        for row in folders::of_ids(tx, &folder_ids)? {
            let right = standing.folder_right(tx, &facts_of_folder(&row))?;
            if paths.of(row.id).is_some() && right.lists() {
                known.insert(row.id, (row, right));
            }
        }
        let ids: Vec<DocumentId> = arrivals.iter().filter_map(|arrival| arrival.existing).collect();
        let rows = documents::of_ids(tx, &ids)?;
        Ok(Self {
            folders: known,
            documents: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    fn creatable(&self, id: FolderId) -> Result<&FolderRow, Failure> {
        let (row, right) = self.folders.get(&id).ok_or(Failure::NotFound(Thing::Folder))?;
        access::require(*right, Right::Add)?;
        Ok(row)
    }

    /// The document to change. The outer failure is the catalog's.
    fn changeable(
        &self,
        tx: &mut Tx<'_>,
        standing: &Standing,
        (id, storing): (DocumentId, Storing),
    ) -> Result<Result<(DocumentRow, FolderRules), Failure>, Failure> {
        let found = self
            .documents
            .get(&id)
            .and_then(|row| Some((row, self.folders.get(&row.folder)?)));
        let Some((row, (folder, _))) = found else {
            return Ok(Err(Failure::NotFound(Thing::Document)));
        };
        let right = standing.document_right(tx, &facts_of_document(row))?;
        let allowed =
            access::require(right, Right::Change).and_then(|()| require_unlocked(row, storing.user));
        Ok(allowed.map(|()| (row.clone(), FolderRules::of(folder))))
    }
}

impl Batch {
    fn create(
        &mut self,
        id: DocumentId,
        folder: &FolderRow,
        (arrival, content): (NewDocument, Content),
        storing: Storing,
    ) -> Result<StoredOf, Failure> {
        let name = clean_name(&arrival.name).map_err(|problem| Failure::invalid("name", problem))?;
        let rules = FolderRules::of(folder);
        require_storable(&rules, Rule::NewDocuments, (&name, &arrival.options))?;
        let row = new_row(id, (folder, name), content, (&arrival.options, storing));
        let stored = Stored {
            document: row.id,
            version: row.latest_version,
        };
        self.versions
            .push(version_of(&row, &content, &arrival.options, storing));
        self.new.push(row);
        Ok(StoredOf::Created(stored))
    }

    fn change(
        &mut self,
        (row, rules): (DocumentRow, &FolderRules),
        content: Content,
        (options, even_unchanged): (&DocumentOptions, bool),
        storing: Storing,
    ) -> Result<StoredOf, Failure> {
        if options.must_be_new || row.target.is_some() {
            return Err(Failure::Conflict(Conflict::Exists(Thing::Document)));
        }
        if row.content.blob == content.blob && !even_unchanged {
            let id = row.id;
            let modified = options.modified.unwrap_or(row.modified);
            if modified != row.modified {
                self.changed.push(DocumentRow { modified, ..row });
            }
            return Ok(StoredOf::Unchanged(id));
        }
        require_storable(rules, Rule::Checkins, (&row.name, options))?;
        let row = with_version(row, content, options, storing)?;
        let stored = Stored {
            document: row.id,
            version: row.latest_version,
        };
        self.versions.push(version_of(&row, &content, options, storing));
        self.changed.push(row);
        Ok(StoredOf::Versioned(stored))
    }
}
