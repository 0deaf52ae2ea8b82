//! Unpacking an uploaded zip into a folder: from the archive straight into the content store (docs/decisions/0008).
//!
//! Nothing in the archive is trusted: see `listing` for what is left out and why. Documents are deflated anew, like any other.

mod entry;
mod listing;

pub(crate) use entry::Packed;
pub use listing::{LeftOut, LeftOutReason};

use super::Imports;
use super::places::{OnDenied, Places};
use super::tree::ImportTree;
use crate::access::{self, Standing};
use crate::documents::{DocumentOptions, NewDocument, StoredOf};
use crate::folders::resolve::resolve_folder;
use crate::{Caller, Failure, settings};
use entry::Entry;
use holdall_blobs::Put;
use holdall_catalog::Tx;
use holdall_model::{Digest, DocumentId, FolderId, ItemRef, Right};
use listing::Listing;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What to do about documents that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnExisting {
    /// Leave them as they are, and the archive's document out.
    #[default]
    Refuse,
    /// Give them a version.
    Version,
    /// Give them a version if their content differs.
    VersionIfChanged,
}

/// A document of the archive and where it goes.
struct Arrival {
    folder: FolderId,
    existing: Option<DocumentId>,
    name: String,
    entry: Arc<Entry>,
}

impl Imports {
    /// The folder to unpack into, in which the right to create is needed, and how long its documents may be.
    pub(crate) async fn unpack_target(
        &self,
        caller: &Caller,
        folder: &ItemRef,
    ) -> Result<(FolderId, u64), Failure> {
        let folder = folder.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &folder)?;
            access::require(found.right, Right::Add)?;
            Ok((found.place.row.id, settings::current(tx)?.document_max_len))
        };
        self.house.read_as(caller, find).await
    }

    /// Stores what an archive holds below a folder and says what was left out, by path. Runs on a thread outside the runtime.
    ///
    /// [`Failure::NotAnArchive`] when it cannot be read or is above the bounds of `listing`; nothing was stored then. After any
    /// other failure, what was stored by then stays.
    pub(crate) fn unpack(
        &self,
        caller: &Caller,
        (target, max_len): (FolderId, u64),
        (packed, on_existing): (Packed, OnExisting),
    ) -> Result<Vec<LeftOut>, Failure> {
        let packed = Arc::new(packed);
        let Listing { tree, mut left_out } = listing::list(&packed, max_len)?;
        let places = Places::make(&self.house, caller, (target, OnDenied::LeaveOut), &tree.folders)?;
        let arrivals = arrivals(places, tree, &mut left_out);
        let mut failure = None;
        let done = |batch| match self.keep(caller, batch, on_existing, &mut left_out) {
            Ok(()) => ControlFlow::Continue(()),
            Err(reason) => {
                failure = Some(reason);
                ControlFlow::Break(())
            }
        };
        let known = |digests: &[Digest]| self.known_contents(digests);
        let open = |arrival: &Arrival| arrival.entry.open(&packed);
        self.house
            .blobs
            .ingest(arrivals.into_iter(), open, &known, done)?;
        left_out.sort_by(|one, other| one.path.cmp(&other.path));
        failure.map_or(Ok(left_out), Err)
    }

    /// Records a batch that is in the content store.
    fn keep(
        &self,
        caller: &Caller,
        batch: Vec<(Arrival, io::Result<Put>)>,
        on_existing: OnExisting,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<(), Failure> {
        let (mut paths, mut documents) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
        for (arrival, put) in batch {
            let path = arrival.entry.path.clone();
            let blob = match put {
                Ok(put) => put.blob,
                Err(error) => {
                    let reason = LeftOutReason::Damaged(error.to_string());
                    left_out.push(LeftOut { path, reason });
                    continue;
                }
            };
            paths.push(path);
            documents.push(NewDocument {
                folder: arrival.folder,
                existing: arrival.existing,
                name: arrival.name,
                blob,
                options: DocumentOptions {
                    modified: Some(arrival.entry.modified),
                    must_be_new: on_existing == OnExisting::Refuse,
                    ..DocumentOptions::default()
                },
                even_unchanged: on_existing == OnExisting::Version,
            });
        }
        let outcomes = self.documents.store_many_blocking(caller, documents)?;
        for (path, outcome) in paths.into_iter().zip(outcomes) {
            match outcome {
                Ok(StoredOf::Created(_) | StoredOf::Versioned(_) | StoredOf::Unchanged(_)) => {}
                // A folder that may not be seen answers as one in which nothing may be created (L8).
                Err(Failure::NotFound(_)) => left_out.push(LeftOut::refused(path, Failure::Denied)),
                Err(failure) => left_out.push(LeftOut::refused(path, failure)),
            }
        }
        Ok(())
    }
}

/// The documents whose folders are there; others are left out.
fn arrivals(mut places: Places, tree: ImportTree<Arc<Entry>>, left_out: &mut Vec<LeftOut>) -> Vec<Arrival> {
    for (folder, number) in tree.folders.into_iter().zip(1..) {
        // A folder that only a document's path names is not worth a word of its own.
        if !places.has(number) && folder.source.path.ends_with(['/', '\\']) {
            left_out.push(LeftOut::refused(folder.source.path.clone(), Failure::Denied));
        }
    }
    let mut arrivals = Vec::with_capacity(tree.files.len());
    for file in tree.files {
        let Some((folder, name)) = places.of_file(file.folder, &file.name) else {
            left_out.push(LeftOut::refused(file.source.path.clone(), Failure::Denied));
            continue;
        };
        arrivals.push(Arrival {
            existing: places.document(folder, &name).map(|known| known.id),
            folder,
            name,
            entry: file.source,
        });
    }
    arrivals
}
