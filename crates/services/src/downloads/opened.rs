//! A download that is open in this process: its frozen bytes, and whether it still lives.

use super::delivery::{Counted, Delivery};
use super::plan_file::PlanFile;
use holdall_archive::Plan;
use holdall_blobs::{Locator, Method};
use holdall_model::{Digest, DocumentId, DownloadId, Timestamp, UserId, VersionNumber};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// What the bytes of a download are.
#[derive(Debug)]
pub(crate) enum Content {
    /// An archive, spliced from a plan.
    Archive(Arc<Plan<PlanFile>>),
    /// One document's raw bytes.
    Document(DocumentContent),
}

/// Where one document's bytes are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentContent {
    pub document: DocumentId,
    /// Zero when it is not known.
    pub version: VersionNumber,
    /// Of the raw bytes.
    pub digest: Digest,
    /// Of the raw bytes.
    pub crc32: u32,
    pub locator: Locator,
    pub method: Method,
    pub stored_len: u64,
}

/// What never changes about a download.
#[derive(Debug)]
pub(crate) struct Facts {
    pub id: DownloadId,
    pub handle: Digest,
    pub user: UserId,
    pub file_name: String,
    pub content_len: u64,
    pub entries: u64,
    pub documents: u64,
    pub etag: String,
    pub created: Timestamp,
    pub ends: Timestamp,
    pub content: Content,
}

/// A download's facts and its state, shared by all calls and streams that use it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub facts: Facts,
    /// Serialises re-checks, so that a change of rights costs one scan and not one a connection.
    pub recheck: tokio::sync::Mutex<()>,
    expires: AtomicI64,
    confirmed: AtomicI64,
    verified_epoch: AtomicI64,
    ended: AtomicBool,
    lost: AtomicU64,
    /// What was sent of it and is not written down yet.
    pub delivery: Arc<Delivery>,
    /// How many documents of each part were sent whole.
    pub counted: Counted,
    /// Whether the shelf saw it used since it was last considered for eviction.
    pub(super) used: AtomicBool,
}

impl Opened {
    /// A download as its row says it is at `now`; `verified_epoch` is the epoch in which its owner could read all of it.
    pub(super) fn new(facts: Facts, expires: Timestamp, verified_epoch: i64, now: Timestamp) -> Self {
        Self {
            facts,
            recheck: tokio::sync::Mutex::new(()),
            expires: AtomicI64::new(expires.0),
            confirmed: AtomicI64::new(now.0),
            verified_epoch: AtomicI64::new(verified_epoch),
            ended: AtomicBool::new(false),
            lost: AtomicU64::new(0),
            delivery: Arc::default(),
            counted: Counted::default(),
            used: AtomicBool::new(true),
        }
    }

    /// When it ends unless it is used before.
    pub(super) fn expires(&self) -> Timestamp {
        Timestamp(self.expires.load(Ordering::Acquire))
    }

    /// Takes over a later expiry.
    pub(super) fn extend(&self, expires: Timestamp) {
        self.expires.fetch_max(expires.0, Ordering::AcqRel);
    }

    /// When the row was last known to exist.
    pub(super) fn confirmed(&self) -> Timestamp {
        Timestamp(self.confirmed.load(Ordering::Acquire))
    }

    /// Notes that the row existed at `now`.
    pub(super) fn confirm(&self, now: Timestamp) {
        self.confirmed.fetch_max(now.0, Ordering::AcqRel);
    }

    /// The last epoch of the access lists in which the owner could read all of it.
    pub(super) fn verified_epoch(&self) -> i64 {
        self.verified_epoch.load(Ordering::Acquire)
    }

    /// Notes that the owner could read all of it in `epoch`.
    pub(super) fn verify(&self, epoch: i64) {
        self.verified_epoch.fetch_max(epoch, Ordering::AcqRel);
    }

    /// Ends the download for every call and stream of this process; `lost` documents may no longer be read.
    pub(super) fn end(&self, lost: u64) {
        self.lost.fetch_max(lost, Ordering::AcqRel);
        self.ended.store(true, Ordering::Release);
    }

    /// `None` while it lives; else how many documents were lost, zero if it was deleted or has expired.
    pub(super) fn ended(&self) -> Option<u64> {
        self.ended
            .load(Ordering::Acquire)
            .then(|| self.lost.load(Ordering::Acquire))
    }
}
