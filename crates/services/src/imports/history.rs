//! Bringing a tree in with its past: versions with their numbers, authors and dates, owners, access lists. For the operator of the
//! machine, never for an edge: who brings a past in could invent one.

mod accounts;
mod documents;
mod folders;
mod known;
mod rows;

pub use accounts::{Accounts, BroughtList, BroughtMembers};
pub use folders::{BroughtFolder, PlacedFolder};
pub use known::{FolderContents, KnownItem, KnownVersion};

use super::Imports;
use crate::house::House;
use crate::{Caller, Failure, StoredOf};
use holdall_blobs::{Put, StoredBlob};
use holdall_model::{Digest, DocumentId, DocumentKind, FolderId, ItemPath, Timestamp, UserId, VersionNumber};
use std::collections::HashMap;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

/// A document as it was elsewhere.
#[derive(Clone, Debug)]
pub struct BroughtDocument {
    /// What the caller calls it by; unique in an import.
    pub key: i64,
    /// The folder it goes to.
    pub folder: FolderId,
    /// The document that gets the versions; `None` for a new one.
    pub existing: Option<DocumentId>,
    /// Its name, as [`Imports::known`] gave it.
    pub name: String,
    /// What its content is.
    pub kind: DocumentKind,
    /// The owner.
    pub owner: UserId,
    /// When the content was made.
    pub created: Timestamp,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// Who uploaded the first version, and when.
    pub registered: (UserId, Timestamp),
    /// Free text.
    pub description: String,
    /// How to update it.
    pub update_instructions: String,
    /// Who wrote it.
    pub author: String,
    /// The language it is in.
    pub language: String,
    /// Where it comes from.
    pub source: String,
    /// The version that readers get; zero when none was published.
    pub published: VersionNumber,
    /// Whether that one no longer counts as published, though readers keep it.
    pub withdrawn: bool,
    /// Its own access list; `None` inherits.
    pub list: Option<Arc<BroughtList>>,
}

/// A version as it was elsewhere. Versions of one document come one after the other, ascending.
#[derive(Debug)]
pub struct BroughtVersion<T> {
    /// The document.
    pub document: Arc<BroughtDocument>,
    /// Its number.
    pub number: VersionNumber,
    /// Who uploaded it.
    pub author: UserId,
    /// What was said about it.
    pub comment: String,
    /// When it was uploaded.
    pub created: Timestamp,
    /// When it was published; `None` when it never was.
    pub published: Option<Timestamp>,
    /// Whether it is the document's last one in this import.
    pub last: bool,
    /// Whatever the caller opens it by.
    pub source: T,
}

/// A shortcut as it was elsewhere.
#[derive(Clone, Debug)]
pub struct BroughtShortcut {
    /// What it is; its kind and what concerns versions do not count.
    pub document: BroughtDocument,
    /// The document here that it stands for.
    pub target: DocumentId,
}

/// What became of a version.
#[derive(Debug)]
pub struct BroughtIn {
    /// What is stored; [`Failure::Internal`] is not among the failures here.
    pub outcome: Result<StoredOf, NotBrought>,
    /// The raw length of its content in bytes; zero when it could not be read.
    pub raw_len: u64,
}

/// Why a version did not come in.
#[derive(Debug)]
pub enum NotBrought {
    /// Its content could not be read.
    Unreadable(io::Error),
    /// It cannot be stored.
    Refused(Failure),
}

/// The target of an import with a past.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The folder.
    pub folder: FolderId,
    /// Whether nothing lies in it.
    pub empty: bool,
    /// Whether it is the topmost folder of its library.
    pub topmost: bool,
    /// The accounts and groups that the past may name.
    pub accounts: Arc<Accounts>,
}

/// An import with a past under way. Keeps which documents still get versions.
#[derive(Debug)]
pub struct History {
    house: Arc<House>,
    owner: Caller,
    imports: Imports,
    begun: Mutex<HashMap<i64, DocumentId>>,
}

impl Imports {
    /// The folder at `target`, made with its library when absent, as [`Self::prepare`] does. Full control of it is needed.
    pub async fn ground(&self, owner: &Caller, target: &ItemPath) -> Result<Ground, Failure> {
        let folder = self.prepare(owner, target).await?.id;
        let look = move |tx: &mut holdall_catalog::Tx<'_>, standing: &crate::access::Standing| {
            let row = rows::controlled(tx, standing, &[folder])?
                .remove(&folder)
                .ok_or(Failure::Denied)?;
            let topmost = row.parent == holdall_catalog::folders::NO_PARENT;
            let facts = (rows::is_empty(tx, folder)?, topmost);
            Ok((facts, Accounts::load(tx, row.library)?))
        };
        let ((empty, topmost), accounts) = self.house.read_as(owner, look).await?;
        Ok(Ground {
            folder,
            empty,
            topmost,
            accounts: Arc::new(accounts),
        })
    }

    /// Makes shortcuts, all in one transaction. Runs on a thread outside the runtime. Full control of their folders is needed.
    pub fn bring_shortcuts(&self, owner: &Caller, shortcuts: Vec<BroughtShortcut>) -> Result<(), Failure> {
        if shortcuts.is_empty() {
            return Ok(());
        }
        self.house.write_as_blocking(owner, move |tx, standing| {
            documents::store_shortcuts(tx, standing, &shortcuts)
        })
    }

    /// Begins an import with a past, on whose documents `owner` has full control.
    pub fn history(&self, owner: &Caller) -> History {
        History {
            house: Arc::clone(&self.house),
            owner: owner.clone(),
            imports: self.clone(),
            begun: Mutex::default(),
        }
    }
}

impl History {
    /// Stores versions, in order, each pack of content in one transaction with all that is in it; tells of each once it is durable.
    /// Runs on a thread outside the runtime, and may be called again with what comes next.
    ///
    /// A version that cannot be read fails alone. An error of the store ends the import; what was told by then stays.
    pub fn bring<'a, T: Send>(
        &self,
        versions: impl Iterator<Item = BroughtVersion<T>> + Send,
        open: impl Fn(&BroughtVersion<T>) -> io::Result<Box<dyn Read + Send + 'a>> + Sync,
        mut tell: impl FnMut(&BroughtVersion<T>, BroughtIn),
    ) -> Result<(), Failure> {
        let mut failure = None;
        let done = |batch: Vec<(BroughtVersion<T>, io::Result<Put>)>| match self.store(batch, &mut tell) {
            Ok(()) => ControlFlow::Continue(()),
            Err(reason) => {
                failure = Some(reason);
                ControlFlow::Break(())
            }
        };
        let known = |digests: &[Digest]| self.imports.known_contents(digests);
        self.house.blobs.ingest(versions, open, &known, done)?;
        failure.map_or(Ok(()), Err)
    }

    fn store<T>(
        &self,
        batch: Vec<(BroughtVersion<T>, io::Result<Put>)>,
        tell: &mut impl FnMut(&BroughtVersion<T>, BroughtIn),
    ) -> Result<(), Failure> {
        let mut readable = Vec::with_capacity(batch.len());
        for (version, put) in batch {
            match put {
                Ok(put) => readable.push((version, put.blob)),
                Err(error) => {
                    let outcome = Err(NotBrought::Unreadable(error));
                    tell(&version, BroughtIn { outcome, raw_len: 0 });
                }
            }
        }
        let outcomes = self.record(&readable)?;
        for ((version, blob), outcome) in readable.iter().zip(outcomes) {
            let brought = BroughtIn {
                outcome: outcome.map_err(NotBrought::Refused),
                raw_len: blob.raw_len,
            };
            tell(version, brought);
        }
        Ok(())
    }

    fn record<T>(
        &self,
        readable: &[(BroughtVersion<T>, StoredBlob)],
    ) -> Result<Vec<Result<StoredOf, Failure>>, Failure> {
        let mut begun = self
            .begun
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let arrivals: Vec<documents::Arrival> = readable
            .iter()
            .map(|(version, blob)| documents::Arrival::new(version, *blob, &begun))
            .collect();
        let now = self.house.clock.now();
        let outcomes = self.house.write_as_blocking(&self.owner, move |tx, standing| {
            documents::store(tx, standing, &arrivals, now)
        })?;
        for ((version, _), outcome) in readable.iter().zip(&outcomes) {
            match outcome {
                Ok(StoredOf::Created(stored) | StoredOf::Versioned(stored)) if !version.last => {
                    begun.insert(version.document.key, stored.document);
                }
                _ if version.last => drop(begun.remove(&version.document.key)),
                _ => {}
            }
        }
        Ok(outcomes)
    }
}
