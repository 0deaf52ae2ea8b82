//! How far downloads have come, for those whose they are.

use super::super::manifest::{Manifest, ManifestEntry, ManifestPart};
use super::super::{Downloads, OpenDownload};
use super::{Door, Spans};
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::deliveries::{self, DeliveryRow};
use holdall_catalog::downloads::{self as rows, ListedRow};
use holdall_model::{DownloadId, Timestamp};

/// What was sent of a download. A byte counts as sent when the connection has taken it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryStatus {
    /// Bytes that were ever sent, repetitions included.
    pub sent_len: u64,
    /// Distinct bytes that were sent: at least so many.
    pub covered_len: u64,
    /// Documents of which every byte was sent.
    pub delivered: u64,
    /// Whether every byte was sent.
    pub is_complete: bool,
    /// When bytes were sent last.
    pub last: Option<Timestamp>,
    spans: Spans,
}

/// What was sent of a download that may have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the download.
    pub number: DownloadId,
    /// Its file name.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Documents in it.
    pub documents: u64,
    /// Documents of which every byte was sent.
    pub delivered: u64,
    /// When it was staged.
    pub created: Timestamp,
    /// When its first byte was sent.
    pub first: Timestamp,
    /// When every byte had been sent.
    pub finished: Option<Timestamp>,
    /// By which door bytes left last.
    pub door: Door,
}

/// A live download in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDownload {
    /// Its number.
    pub number: DownloadId,
    /// The file name to save it under.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Entries in the archive; 1 for a single document.
    pub entries: u64,
    /// When it was staged.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// When it ends for good.
    pub ends: Timestamp,
    /// Bytes that were ever sent.
    pub sent_len: u64,
    /// Documents of which every byte was sent.
    pub delivered: u64,
}

/// What was sent of each document of a download, to be taken part by part.
#[derive(Debug)]
pub struct ReceiptLines {
    manifest: Manifest,
    status: DeliveryStatus,
}

/// How much of a document was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// No byte.
    None,
    /// Some of it.
    Part,
    /// All of it.
    Whole,
}

impl OpenDownload {
    /// How much of it was sent, up to this moment.
    pub async fn status(&self) -> Result<DeliveryStatus, Failure> {
        let (downloads, opened) = (&self.downloads, &self.opened);
        let row = downloads.house.ledger.of(&downloads.house, opened).await?;
        Ok(row.map_or_else(DeliveryStatus::default, |row| DeliveryStatus::of(&row)))
    }

    /// What was sent of each document, up to this moment.
    pub async fn receipt(&self) -> Result<ReceiptLines, Failure> {
        Ok(ReceiptLines {
            manifest: self.manifest(),
            status: self.status().await?,
        })
    }

    /// A number that changes when bytes are sent. Costs next to nothing.
    pub fn progress(&self) -> u64 {
        self.opened.delivery.pending_len()
    }
}

impl DeliveryStatus {
    fn of(row: &DeliveryRow) -> Self {
        let spans = Spans::decode(&row.spans);
        Self {
            sent_len: row.sent_len,
            covered_len: spans.len(),
            delivered: row.delivered,
            is_complete: row.finished.0 != 0,
            last: Some(row.last),
            spans,
        }
    }
}

impl ReceiptLines {
    /// When bytes were sent last.
    pub fn last(&self) -> Option<Timestamp> {
        self.status.last
    }

    /// The next entries; `None` after the last. Fails as a manifest does.
    pub async fn next(&mut self) -> Result<Option<ManifestPart>, Failure> {
        self.manifest.next().await
    }

    /// How much of an entry was sent: nothing while no byte of its content was, all with its header too.
    pub fn judge(&self, entry: &ManifestEntry<'_>) -> Delivered {
        let end = entry.data.saturating_add(entry.stored_len);
        let spans = &self.status.spans;
        if spans.holds(&(entry.offset..end)) && !spans.is_empty() {
            Delivered::Whole
        } else if spans.meets(&(entry.data..end)) {
            Delivered::Part
        } else {
            Delivered::None
        }
    }
}

impl Downloads {
    /// The caller's live downloads with numbers below `before`, the latest first.
    pub async fn list(
        &self,
        caller: &Caller,
        before: DownloadId,
        most: u64,
    ) -> Result<Vec<ListedDownload>, Failure> {
        self.house.write_deliveries().await;
        let (user, now) = (caller.user(), self.now());
        let list = move |tx: &mut Tx<'_>| rows::listed(tx, (user, now), before, most);
        let rows = self.house.catalog.read(list).await?;
        Ok(rows.into_iter().map(ListedDownload::of).collect())
    }

    /// What was sent of the caller's downloads with numbers below `before`, the latest first; also of ended ones, for 400 days.
    pub async fn receipts(
        &self,
        caller: &Caller,
        before: DownloadId,
        most: u64,
    ) -> Result<Vec<Receipt>, Failure> {
        self.house.write_deliveries().await;
        let user = caller.user();
        let rows = self
            .house
            .catalog
            .read(move |tx: &mut Tx<'_>| deliveries::of_user(tx, user, before, most))
            .await?;
        Ok(rows.into_iter().map(Receipt::of).collect())
    }
}

impl ListedDownload {
    fn of(row: ListedRow) -> Self {
        Self {
            number: row.id,
            file_name: row.file_name,
            content_len: row.content_len,
            entries: row.entry_count,
            created: row.created,
            expires: row.expires,
            ends: row.ends,
            sent_len: row.sent_len,
            delivered: row.delivered,
        }
    }
}

impl Receipt {
    fn of(row: DeliveryRow) -> Self {
        Self {
            number: row.download,
            content_len: row.content_len,
            documents: row.documents,
            delivered: row.delivered,
            created: row.created,
            first: row.first,
            finished: (row.finished.0 != 0).then_some(row.finished),
            door: Door::of_number(row.door),
            file_name: row.file_name,
        }
    }
}
