//! The walk through the folders there, compared wave by wave with what is here.

use super::Migration;
use super::fetch::{Content, Fetching, Task};
use super::fields::instant;
use super::places::Shortcut;
use anyhow::{Context as _, anyhow, bail};
use holdall_client::srv::{Listed, ListedDocument, ListedFolder, ListedVersion, SrvError};
use holdall_model::{Clock as _, DocumentId, FolderId, SystemClock, VersionNumber};
use holdall_services::{BroughtVersion, FolderContents, KnownItem, KnownVersion};
use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Folders of a wave for each connection.
const WAVE: usize = 8;

/// A folder there, and its place here.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) path: Arc<str>,
    pub(super) folder: FolderId,
}

/// What lies in a folder there.
#[derive(Default)]
struct Listing {
    folders: Vec<ListedFolder>,
    documents: Vec<ListedDocument>,
}

/// The walk, and where it sends what is missing.
pub(super) struct Walk<'a> {
    migration: &'a Migration<'a>,
    fetching: &'a Fetching,
    tasks: SyncSender<Task>,
    versions: SyncSender<BroughtVersion<Content>>,
    ahead: VecDeque<Place>,
    shortcuts: Vec<Shortcut>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        migration: &'a Migration<'a>,
        fetching: &'a Fetching,
        (tasks, versions): (SyncSender<Task>, SyncSender<BroughtVersion<Content>>),
    ) -> Self {
        Self {
            migration,
            fetching,
            tasks,
            versions,
            ahead: VecDeque::new(),
            shortcuts: Vec::new(),
        }
    }

    /// Walks from the folder at `top` there on. Gives the shortcuts that are not here.
    pub(super) fn run(mut self, top: &str) -> anyhow::Result<Vec<Shortcut>> {
        self.ahead.push_back(Place {
            path: Arc::from(top.trim_end_matches('/')),
            folder: self.migration.ground.folder,
        });
        while !self.ahead.is_empty() {
            if self.fetching.is_stopped() {
                bail!("fetching ended");
            }
            let count = self.ahead.len().min(WAVE * self.migration.connections);
            let wave: Vec<Place> = self.ahead.drain(..count).collect();
            let listings = self.migration.list_all(&wave)?;
            let listed: Vec<(Place, Listing)> = wave.into_iter().zip(listings).collect();
            self.descend(&listed)?;
            self.compare(&listed)?;
        }
        Ok(self.shortcuts)
    }

    /// Finds or makes the folders of a wave, which are walked later.
    fn descend(&mut self, wave: &[(Place, Listing)]) -> anyhow::Result<()> {
        let folders = wave
            .iter()
            .flat_map(|(place, listing)| listing.folders.iter().map(move |folder| (place, folder)));
        let folders: Vec<(&Place, &ListedFolder)> = folders.collect();
        self.ahead.extend(self.migration.place_folders(&folders)?);
        Ok(())
    }

    /// Sends on what is missing of the documents of a wave.
    fn compare(&mut self, wave: &[(Place, Listing)]) -> anyhow::Result<()> {
        let contents: Vec<FolderContents> = wave
            .iter()
            .map(|(place, listing)| FolderContents {
                folder: place.folder,
                names: listing
                    .documents
                    .iter()
                    .map(|document| document.name.clone())
                    .collect(),
            })
            .collect();
        let known = self.migration.services.imports.known(&contents)?;
        for ((place, listing), known) in wave.iter().zip(known) {
            for (document, known) in listing.documents.iter().zip(known) {
                self.consider(place, document, known)?;
            }
        }
        Ok(())
    }

    fn consider(&mut self, place: &Place, document: &ListedDocument, known: KnownItem) -> anyhow::Result<()> {
        let path = format!("{}/{}", place.path, document.name);
        self.migration.look(&path, document, &known.name);
        let (existing, here) = match known.document {
            Some((id, versions)) => (Some(id), versions),
            None => (None, Vec::new()),
        };
        if let Some(id) = existing {
            self.migration.remember(document.id, id);
        }
        if let Some(target) = document.target {
            if existing.is_none() {
                let brought = self
                    .migration
                    .document((place.folder, known.name, None), document);
                self.shortcuts.push(Shortcut {
                    path,
                    target,
                    brought,
                });
            }
            self.migration.findings.count_document(0);
            return Ok(());
        }
        let missing = match missing(document, &here) {
            Ok(missing) => missing,
            Err(number) => {
                let reason = format!("another document of that name is here, with another version {number}");
                self.migration.findings.leave_out(&path, &reason);
                return Ok(());
            }
        };
        let count = document.versions.len() - missing.len();
        self.migration.findings.count_document(count);
        self.send(place, document, (known.name, existing), &missing)
    }

    fn send(
        &self,
        place: &Place,
        document: &ListedDocument,
        (name, existing): (String, Option<DocumentId>),
        missing: &[&ListedVersion],
    ) -> anyhow::Result<()> {
        let Some(last) = missing.last().map(|version| version.number) else {
            return Ok(());
        };
        let brought = Arc::new(self.migration.document((place.folder, name, existing), document));
        let there: Arc<str> = Arc::from(document.name.as_str());
        for version in missing {
            let (content, task) = Content::new((&place.path, &there), document.id, version);
            self.migration.bar.inc_length(content.announced_len());
            self.tasks
                .send(task)
                .map_err(|_| anyhow!("nobody fetches any more"))?;
            let brought = BroughtVersion {
                document: Arc::clone(&brought),
                number: VersionNumber(version.number),
                author: self.migration.account(&version.author, "author"),
                comment: version.comment.clone(),
                created: instant(version.created).unwrap_or_else(|| SystemClock.now()),
                published: instant(version.published),
                last: version.number == last,
                source: content,
            };
            self.versions
                .send(brought)
                .map_err(|_| anyhow!("nobody stores any more"))?;
        }
        Ok(())
    }
}

/// The versions that are not here, ascending; the number of one that is here with other content.
fn missing<'a>(document: &'a ListedDocument, here: &[KnownVersion]) -> Result<Vec<&'a ListedVersion>, i64> {
    let mut missing = Vec::new();
    for version in &document.versions {
        match here.iter().find(|known| known.number.0 == version.number) {
            None => missing.push(version),
            Some(known) => {
                let same = version.raw_len.is_none_or(|len| len == known.raw_len)
                    && version.crc32.is_none_or(|crc32| crc32 == known.crc32);
                if !same {
                    return Err(version.number);
                }
            }
        }
    }
    Ok(missing)
}

impl Migration<'_> {
    /// Notes what of a document cannot come along whatever happens to its content.
    fn look(&self, path: &str, document: &ListedDocument, name: &str) {
        if name != document.name {
            self.findings.rename(path, name);
        }
        if !document.checked_out_by.is_empty() {
            self.findings.lock(path, &document.checked_out_by);
        }
        let shown = u64::try_from(document.versions.len()).unwrap_or(u64::MAX);
        let hidden = document.version_count.unwrap_or(shown).saturating_sub(shown);
        if shown > 0 && hidden > 0 {
            let reason = format!("{hidden} of its versions are not shown to this account");
            self.findings.leave_out(path, &reason);
        }
    }

    /// Lists the folders of a wave, several at a time. Only a line that fails is a failure.
    fn list_all(&self, wave: &[Place]) -> anyhow::Result<Vec<Listing>> {
        let next = Mutex::new(wave.iter().enumerate());
        let listings: Mutex<Vec<(usize, Listing)>> = Mutex::new(Vec::with_capacity(wave.len()));
        let take = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || -> Result<(), SrvError> {
            while let Some((number, place)) = take() {
                let listing = self.list_one(place)?;
                let mut listings = listings.lock().unwrap_or_else(PoisonError::into_inner);
                listings.push((number, listing));
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.connections.min(wave.len()))
                .map(|_| scope.spawn(work))
                .collect();
            workers.into_iter().try_for_each(|worker| {
                let listed = worker.join().map_err(|_| anyhow!("a listing thread died"))?;
                listed.context("the connection was lost")
            })
        })?;
        let mut listings = listings.into_inner().unwrap_or_else(PoisonError::into_inner);
        listings.sort_by_key(|(number, _)| *number);
        Ok(listings.into_iter().map(|(_, listing)| listing).collect())
    }

    fn list_one(&self, place: &Place) -> Result<Listing, SrvError> {
        let mut listing = Listing::default();
        let listed = self.client.list(&place.path, &self.zone, &mut |item| match item {
            Listed::Folder(folder) => listing.folders.push(folder),
            Listed::Document(document) => listing.documents.push(*document),
        });
        match listed {
            Ok(()) => {}
            Err(SrvError::Refused { text, .. }) => self.findings.leave_out(&place.path, &text),
            Err(error) => return Err(error),
        }
        let mut documents = Vec::with_capacity(listing.documents.len());
        for mut document in listing.documents {
            if document.versions.is_empty()
                && document.target.is_none()
                && !self.ask_versions(place, &mut document)?
            {
                continue;
            }
            documents.push(document);
        }
        listing.documents = documents;
        Ok(listing)
    }

    /// Asks for the versions of a document whose listing has none; `false` when they are refused, which is noted.
    fn ask_versions(&self, place: &Place, document: &mut ListedDocument) -> Result<bool, SrvError> {
        let path = format!("{}/{}", place.path, document.name);
        match self.client.versions(document.id, &self.zone) {
            Ok(versions) if versions.is_empty() => {
                self.findings
                    .leave_out(&path, "none of its versions is shown to this account");
                Ok(false)
            }
            Ok(versions) => {
                document.versions = versions;
                Ok(true)
            }
            Err(SrvError::Refused { text, .. }) => {
                self.findings.leave_out(&path, &text);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}
