//! Bringing a whole tree of files in: folders in one transaction, content on all cores, documents pack by pack.
//!
//! What is unchanged since an earlier import (same place, length and time of modification) is not even opened.

mod history;
mod places;
mod tree;
pub(crate) mod unpack;

pub use history::{
    Accounts, BroughtDocument, BroughtFolder, BroughtIn, BroughtList, BroughtMembers, BroughtShortcut,
    BroughtVersion, FolderContents, Ground, History, KnownItem, KnownVersion, NotBrought, PlacedFolder,
};
pub use tree::{ImportFile, ImportFolder, ImportTree};
pub use unpack::{LeftOut, LeftOutReason, OnExisting};

use crate::documents::{DocumentOptions, Documents, NewDocument, StoredOf};
use crate::folders::{FolderView, Folders};
use crate::house::House;
use crate::libraries::Libraries;
use crate::{Caller, Failure};
use holdall_blobs::{Method, Put, StoredBlob};
use holdall_catalog::blobs::{self, BlobRow};
use holdall_model::{Digest, DocumentId, FolderId, ItemPath, Timestamp};
use places::{OnDenied, Places};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Opens a file of the source for reading.
pub type OpenSource<T> = dyn Fn(&T) -> io::Result<Box<dyn Read + Send>> + Sync;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Folders that were not there before.
    pub folders_made: u64,
    /// New documents.
    pub added: u64,
    /// Documents that got a version.
    pub changed: u64,
    /// Documents that were there already with that content.
    pub unchanged: u64,
    /// The raw length of what was read in bytes.
    pub raw_len: u64,
}

/// What happens while an import runs.
#[derive(Clone, Copy, Debug)]
pub enum ImportEvent<'a, T> {
    /// Files of that many bytes in all are dealt with.
    Done {
        /// Raw bytes.
        raw_len: u64,
    },
    /// An item is stored under another name than its own.
    Renamed {
        /// The item.
        source: &'a T,
        /// The name it got.
        name: &'a str,
    },
    /// A file is not imported.
    LeftOut {
        /// The file.
        source: &'a T,
        /// Why.
        reason: &'a str,
    },
}

/// A file to store.
#[derive(Debug)]
struct Arrival<T> {
    folder: FolderId,
    existing: Option<DocumentId>,
    name: String,
    modified: Timestamp,
    source: T,
}

/// Imports of whole trees.
#[derive(Clone, Debug)]
pub struct Imports {
    house: Arc<House>,
    libraries: Libraries,
    folders: Folders,
    documents: Documents,
}

impl Imports {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self {
            libraries: Libraries::new(Arc::clone(&house)),
            folders: Folders::new(Arc::clone(&house)),
            documents: Documents::new(Arc::clone(&house)),
            house,
        }
    }

    /// The folder at `target`, made with its library when absent. `owner` manages a library made here; in one that exists the
    /// right to create folders is needed.
    pub async fn prepare(&self, owner: &Caller, target: &ItemPath) -> Result<FolderView, Failure> {
        let library = target
            .segments()
            .first()
            .ok_or(Failure::Required { field: "target" })?;
        self.libraries.ensure(library, owner).await?;
        self.folders.create(owner, target).await
    }

    /// Imports `tree` into a folder and tells `observe` what happens. Runs on a thread outside the runtime.
    ///
    /// A file that cannot be read is left out and the rest goes on. An error of the store ends the import; what was stored by
    /// then stays, and the next import goes on from there.
    pub fn import<T: Send + Sync>(
        &self,
        owner: &Caller,
        (target, tree): (FolderId, ImportTree<T>),
        open: &OpenSource<T>,
        mut observe: impl FnMut(ImportEvent<'_, T>),
    ) -> Result<ImportSummary, Failure> {
        let places = Places::make(&self.house, owner, (target, OnDenied::Fail), &tree.folders)?;
        let mut summary = ImportSummary {
            folders_made: places.made,
            ..ImportSummary::default()
        };
        for (folder, name) in tree
            .folders
            .iter()
            .zip(&places.names)
            .filter(|(folder, name)| folder.name != **name)
        {
            observe(ImportEvent::Renamed {
                source: &folder.source,
                name,
            });
        }
        let arrivals = choose(places, tree.files, &mut summary, &mut observe);
        let mut failure = None;
        let done = |batch: Vec<(Arrival<T>, io::Result<Put>)>| match self.store(
            owner,
            batch,
            &mut summary,
            &mut observe,
        ) {
            Ok(()) => ControlFlow::Continue(()),
            Err(reason) => {
                failure = Some(reason);
                ControlFlow::Break(())
            }
        };
        let known = |digests: &[Digest]| self.known_contents(digests);
        self.house.blobs.ingest(
            arrivals.into_iter(),
            |arrival| open(&arrival.source),
            &known,
            done,
        )?;
        failure.map_or(Ok(summary), Err)
    }

    fn store<T>(
        &self,
        owner: &Caller,
        batch: Vec<(Arrival<T>, io::Result<Put>)>,
        summary: &mut ImportSummary,
        observe: &mut impl FnMut(ImportEvent<'_, T>),
    ) -> Result<(), Failure> {
        let (mut sources, mut documents) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
        for (arrival, put) in batch {
            match put {
                Ok(put) => {
                    summary.raw_len += put.blob.raw_len;
                    sources.push((arrival.source, put.blob.raw_len));
                    let modified = Some(arrival.modified);
                    let options = DocumentOptions {
                        modified,
                        ..DocumentOptions::default()
                    };
                    let Arrival {
                        folder,
                        existing,
                        name,
                        ..
                    } = arrival;
                    documents.push(NewDocument {
                        folder,
                        existing,
                        name,
                        blob: put.blob,
                        options,
                        even_unchanged: false,
                    });
                }
                Err(error) => observe(ImportEvent::LeftOut {
                    source: &arrival.source,
                    reason: &error.to_string(),
                }),
            }
        }
        let outcomes = self.documents.store_many_blocking(owner, documents)?;
        for ((source, raw_len), outcome) in sources.iter().zip(outcomes) {
            match outcome {
                Ok(StoredOf::Created(_)) => summary.added += 1,
                Ok(StoredOf::Versioned(_)) => summary.changed += 1,
                Ok(StoredOf::Unchanged(_)) => summary.unchanged += 1,
                Err(failure) => observe(ImportEvent::LeftOut {
                    source,
                    reason: &failure.to_string(),
                }),
            }
            observe(ImportEvent::Done { raw_len: *raw_len });
        }
        Ok(())
    }

    /// Content that the catalog has and that is not damaged. When the catalog cannot tell, content is stored once more, which harms nothing.
    fn known_contents(&self, digests: &[Digest]) -> Vec<Option<StoredBlob>> {
        let wanted = digests.to_vec();
        let rows = self
            .house
            .catalog
            .read_blocking(move |tx| blobs::by_digests(tx, &wanted));
        let rows = rows.unwrap_or_else(|error| {
            tracing::warn!(%error, "the catalog cannot tell which content it has");
            Vec::new()
        });
        let mut known: Vec<_> = rows
            .into_iter()
            .map(|row| row.filter(|row| !row.quarantined).as_ref().map(stored_blob))
            .collect();
        known.resize(digests.len(), None);
        known
    }
}

/// Where the content of a catalog row is stored.
fn stored_blob(row: &BlobRow) -> StoredBlob {
    StoredBlob {
        digest: row.digest,
        raw_len: row.raw_len,
        crc32: row.crc32,
        stored_len: row.stored_len,
        method: if row.method == 0 {
            Method::Stored
        } else {
            Method::Deflated
        },
        pack: row.pack,
        offset: row.pack_offset,
    }
}

/// The files that are new or may have changed, with the names they get.
fn choose<T>(
    mut places: Places,
    files: Vec<ImportFile<T>>,
    summary: &mut ImportSummary,
    observe: &mut impl FnMut(ImportEvent<'_, T>),
) -> Vec<Arrival<T>> {
    let mut arrivals = Vec::with_capacity(files.len());
    for file in files {
        let Some((folder, name)) = places.of_file(file.folder, &file.name) else {
            observe(ImportEvent::LeftOut {
                source: &file.source,
                reason: "its folder is unknown",
            });
            continue;
        };
        if name != file.name {
            observe(ImportEvent::Renamed {
                source: &file.source,
                name: &name,
            });
        }
        let known = places.document(folder, &name);
        if known.is_some_and(|known| known.raw_len == file.raw_len && known.modified == file.modified) {
            summary.unchanged += 1;
            observe(ImportEvent::Done {
                raw_len: file.raw_len,
            });
            continue;
        }
        let existing = known.map(|known| known.id);
        arrivals.push(Arrival {
            folder,
            existing,
            name,
            modified: file.modified,
            source: file.source,
        });
    }
    arrivals
}
