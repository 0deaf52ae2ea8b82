//! Downloads: any byte range of what was staged, authorised anew for each call.
//!
//! The bytes are frozen at staging; who may have them is not. A download whose owner may no longer read one of its
//! documents ends as a whole: leaving the document out would change the bytes.

mod authorise;
mod body;
mod chunk;
pub(crate) mod content_key;
mod delivery;
mod egress;
mod feed;
mod links;
mod load;
mod manifest;
mod opened;
mod plan_file;
mod running;
mod shelf;
mod splicing;

pub use body::DownloadBody;
pub use chunk::Chunk;
pub(crate) use delivery::Ledger;
pub use delivery::{Delivered, DeliveryStatus, Door, ListedDownload, Receipt, ReceiptLines, SentNote};
pub use links::{LinkOptions, LinkView, Links, MadeLink, Visitor};
pub use manifest::{Manifest, ManifestDocument, ManifestEntry, ManifestPart};
pub(crate) use plan_file::PLANS;

use crate::house::House;
use crate::sessions::secrets::digest_of;
use crate::{Caller, Failure};
use egress::Egress;
use feed::Feed;
use holdall_blobs::BlobError;
use holdall_catalog::Tx;
use holdall_catalog::downloads::{self as rows, ended};
use holdall_model::{Digest, DownloadId, Guid, PackId, Timestamp, UserId};
use opened::{Content, Opened};
use running::{Running, RunningDownload};
use shelf::Shelf;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// Everything staged that can be fetched.
#[derive(Clone, Debug)]
pub struct Downloads {
    house: Arc<House>,
    shelf: Arc<Shelf>,
    /// Who is being served.
    running: Arc<Running>,
    /// How the way out is shared, if it has a limit.
    egress: Option<Arc<Egress>>,
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
    door: Door,
}

impl Downloads {
    pub(crate) fn new(house: Arc<House>) -> Self {
        let egress = house.options.egress_limit.map(Egress::new).map(Arc::new);
        Self {
            house,
            shelf: Arc::default(),
            running: Arc::default(),
            egress,
            plans: Arc::default(),
        }
    }

    /// Opens a download for the present call, and lets it last longer.
    ///
    /// [`Failure::NoSuchDownload`] if it does not exist or is somebody else's; [`Failure::DownloadEnded`] for a day after it has
    /// ended. [`Failure::DownloadRevoked`] if the caller may no longer read one of its documents: it has ended then, and later calls
    /// get the same answer for that day.
    pub async fn open(&self, caller: &Caller, handle: &Guid) -> Result<OpenDownload, Failure> {
        let (handle, user) = (digest_of(handle), caller.user());
        match self.open_of(&handle, user).await {
            Err(Failure::NoSuchDownload) => Err(self.why_gone(handle, user).await?),
            opened => opened,
        }
    }

    /// Opens a download by the digest of its handle, with the rights of its owner: for links.
    pub(crate) async fn open_of(&self, handle: &Digest, owner: UserId) -> Result<OpenDownload, Failure> {
        let opened = self.find(handle).await?;
        if opened.facts.user != owner {
            return Err(Failure::NoSuchDownload);
        }
        let checked = self.now();
        self.authorise(&opened).await.map_err(|failure| match failure {
            Failure::NoSuchDownload => Failure::DownloadEnded,
            other => other,
        })?;
        Ok(OpenDownload {
            downloads: self.clone(),
            opened,
            checked,
            door: Door::default(),
        })
    }

    /// Why there is no download for a handle of the user's.
    async fn why_gone(&self, handle: Digest, user: UserId) -> Result<Failure, Failure> {
        let look = move |tx: &mut Tx<'_>| ended::by_handle(tx, &handle);
        let found = self.house.catalog.read(look).await?;
        Ok(match found.filter(|ended| ended.user == user) {
            None => Failure::NoSuchDownload,
            Some(ended) if ended.lost > 0 => Failure::DownloadRevoked {
                documents: ended.lost,
            },
            Some(_) => Failure::DownloadEnded,
        })
    }

    /// Ends a download of the caller. One that does not exist or is somebody else's stays as it is, without an error.
    pub async fn forget(&self, caller: &Caller, handle: &Guid) -> Result<(), Failure> {
        let (handle, user, now) = (digest_of(handle), caller.user(), self.now());
        let forget = move |tx: &mut Tx<'_>| match rows::by_handle(tx, &handle)? {
            Some(row) if row.user == user => ended::end(tx, row.id, 0, now),
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

    /// The bytes of a range as a stream. [`Failure::OutOfRange`] if it does not lie inside the content;
    /// [`Failure::TooManyRunning`] when as many are being sent to the caller as may be.
    pub fn read(&self, range: Range<u64>) -> Result<DownloadBody, Failure> {
        self.require_inside(&range)?;
        let most = self.downloads.house.options.downloads_at_once;
        let running = self.downloads.running.enter(self.opened.facts.user, most)?;
        Ok(self.body(range, Some(running)))
    }

    fn require_inside(&self, range: &Range<u64>) -> Result<(), Failure> {
        if range.start > range.end || range.end > self.content_len() {
            let offset = i64::try_from(range.start).unwrap_or(i64::MAX);
            return Err(Failure::OutOfRange {
                offset,
                content_len: self.content_len(),
            });
        }
        Ok(())
    }

    fn body(&self, range: Range<u64>, running: Option<RunningDownload>) -> DownloadBody {
        let feed = Feed::new(self.downloads.house.blobs.clone(), &self.opened, range.clone());
        DownloadBody::new(self.clone(), (feed, running), self.note_of(range))
    }

    /// The same download on its way through another door.
    #[must_use]
    pub fn through(self, door: Door) -> Self {
        Self { door, ..self }
    }

    /// Notes what is sent of a range by other means than [`Self::read`].
    pub fn note_of(&self, range: Range<u64>) -> SentNote {
        SentNote::new(&self.downloads.house, &self.opened, range, self.door)
    }

    /// As [`Self::read`], for bytes that are looked at and not sent.
    pub fn inspect(&self, range: Range<u64>) -> Result<DownloadBody, Failure> {
        self.require_inside(&range)?;
        Ok(self.body(range, None).unnoted())
    }
}

/// The entity tag of the archive of a plan: half of the digest is enough to tell archives apart.
pub(crate) fn plan_etag(digest: &Digest) -> String {
    let hex = digest.to_string();
    format!("\"{}\"", hex.get(..32).unwrap_or(&hex))
}
