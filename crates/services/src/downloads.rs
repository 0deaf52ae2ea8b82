//! Downloads: any byte range of what was staged, authorised anew for each call.
//!
//! The bytes are frozen at staging; who may have them is not. A download whose owner may no longer read one of its
//! documents ends as a whole: leaving the document out would change the bytes.

mod authorise;
mod body;
mod chunk;
pub(crate) mod content_key;
mod feed;
mod load;
mod manifest;
mod opened;
mod plan_file;
mod shelf;
mod splicing;

pub use body::DownloadBody;
pub use chunk::Chunk;
pub use manifest::{Manifest, ManifestDocument, ManifestEntry, ManifestPart};
pub(crate) use plan_file::PLANS;

use crate::house::House;
use crate::sessions::secrets::digest_of;
use crate::{Caller, Failure};
use feed::Feed;
use holdall_blobs::BlobError;
use holdall_catalog::Tx;
use holdall_catalog::downloads as rows;
use holdall_model::{Digest, DownloadId, Guid, PackId, Timestamp};
use opened::{Content, Opened};
use shelf::Shelf;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// Everything staged that can be fetched.
#[derive(Clone, Debug)]
pub struct Downloads {
    house: Arc<House>,
    shelf: Arc<Shelf>,
    /// Held for reading from before a plan is kept until a row refers to it, and for writing while unused plans go.
    plans: Arc<RwLock<()>>,
}

/// A download that its owner may read at this moment.
#[derive(Clone, Debug)]
pub struct OpenDownload {
    downloads: Downloads,
    opened: Arc<Opened>,
    /// When that was found.
    checked: Timestamp,
}

impl Downloads {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self {
            house,
            shelf: Arc::default(),
            plans: Arc::default(),
        }
    }

    /// Opens a download for the present call, and lets it last longer.
    ///
    /// [`Failure::NoSuchDownload`] if it does not exist, has ended or is somebody else's. [`Failure::DownloadRevoked`] if
    /// the caller may no longer read one of its documents: it has ended then, and later calls get the same answer as
    /// long as this process remembers it, [`Failure::NoSuchDownload`] afterwards.
    pub async fn open(&self, caller: &Caller, handle: &Guid) -> Result<OpenDownload, Failure> {
        let opened = self.find(&digest_of(handle)).await?;
        if opened.facts.user != caller.user() {
            return Err(Failure::NoSuchDownload);
        }
        let checked = self.now();
        self.authorise(&opened).await?;
        Ok(OpenDownload {
            downloads: self.clone(),
            opened,
            checked,
        })
    }

    /// Ends a download of the caller. One that does not exist or is somebody else's stays as it is, without an error.
    pub async fn forget(&self, caller: &Caller, handle: &Guid) -> Result<(), Failure> {
        let (handle, user) = (digest_of(handle), caller.user());
        let forget = move |tx: &mut Tx<'_>| match rows::by_handle(tx, &handle)? {
            Some(row) if row.user == user => rows::delete(tx, row.id),
            _ => Ok(false),
        };
        if self.house.catalog.write(forget).await? {
            self.close(&handle);
        }
        Ok(())
    }

    /// Lets no unused plan go before the guard is dropped.
    pub(crate) async fn keep_plans(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.plans).read_owned().await
    }

    /// Lets nobody stage before the guard is dropped.
    pub(crate) async fn hold_plans(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.plans).write_owned().await
    }

    fn now(&self) -> Timestamp {
        self.house.clock.now()
    }

    /// Takes a download whose row is gone away from everybody in this process.
    fn close(&self, handle: &Digest) {
        if let Some(opened) = self.shelf.find(handle) {
            opened.end(0);
            self.shelf.remove(handle);
        }
    }

    /// Keeps damaged content from being served again, and gives the failure to report.
    async fn note_damage(&self, error: BlobError) -> Failure {
        if let BlobError::Corrupt { pack, offset, .. } = &error
            && let Err(cause) = self.quarantine(*pack, *offset).await
        {
            tracing::error!(%pack, offset, %cause, "damaged content could not be quarantined");
        }
        error.into()
    }

    async fn quarantine(&self, pack: PackId, offset: u64) -> Result<(), Failure> {
        let quarantine = move |tx: &mut Tx<'_>| rows::quarantine_at(tx, pack, offset);
        let blobs = self.house.catalog.write(quarantine).await?;
        tracing::error!(%pack, offset, blobs, "stored content is damaged and was quarantined");
        Ok(())
    }
}

impl OpenDownload {
    /// The exact length in bytes.
    pub fn content_len(&self) -> u64 {
        self.opened.facts.content_len
    }

    /// The strong entity tag, quoted: equal bytes have equal tags.
    pub fn etag(&self) -> &str {
        &self.opened.facts.etag
    }

    /// The SHA-256 of all bytes; only that of a single document is known.
    pub fn digest(&self) -> Option<Digest> {
        match &self.opened.facts.content {
            Content::Archive(_) => None,
            Content::Document(document) => Some(document.digest),
        }
    }

    /// The file name to save under.
    pub fn file_name(&self) -> &str {
        &self.opened.facts.file_name
    }

    /// The media type of the bytes.
    pub fn content_type(&self) -> &'static str {
        match self.opened.facts.content {
            Content::Archive(_) => "application/zip",
            Content::Document(_) => mime_guess::from_path(self.file_name())
                .first_raw()
                .unwrap_or("application/octet-stream"),
        }
    }

    /// Entries in the archive; 1 for a single document.
    pub fn entries(&self) -> u64 {
        self.opened.facts.entries
    }

    /// Documents among the entries.
    pub fn documents(&self) -> u64 {
        self.opened.facts.documents
    }

    /// When it was staged, which is when its bytes came to be.
    pub fn modified(&self) -> Timestamp {
        self.opened.facts.created
    }

    /// When it ends unless it is used before.
    pub fn expires(&self) -> Timestamp {
        self.opened.expires()
    }

    /// When it ends for good.
    pub fn ends(&self) -> Timestamp {
        self.opened.facts.ends
    }

    /// Its number: no secret.
    pub fn number(&self) -> DownloadId {
        self.opened.facts.id
    }

    /// The bytes of a range as a stream. [`Failure::OutOfRange`] if it does not lie inside the content.
    pub fn read(&self, range: Range<u64>) -> Result<DownloadBody, Failure> {
        if range.start > range.end || range.end > self.content_len() {
            let offset = i64::try_from(range.start).unwrap_or(i64::MAX);
            return Err(Failure::OutOfRange {
                offset,
                content_len: self.content_len(),
            });
        }
        let feed = Feed::new(self.downloads.house.blobs.clone(), &self.opened, range);
        Ok(DownloadBody::new(
            self.downloads.clone(),
            Arc::clone(&self.opened),
            feed,
            self.checked,
        ))
    }
}

/// The entity tag of the archive of a plan: half of the digest is enough to tell archives apart.
pub(crate) fn plan_etag(digest: &Digest) -> String {
    let hex = digest.to_string();
    format!("\"{}\"", hex.get(..32).unwrap_or(&hex))
}
