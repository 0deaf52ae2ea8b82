//! What was delivered: `/api/v1/downloads/{id}/status`, `…/receipt`, `…/events` and `/api/v1/receipts`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Nothing was sent yet.
    Ready,
    /// Some of it was sent.
    Moving,
    /// Every byte was sent at least once.
    Delivered,
}

/// The answer of `GET /api/v1/downloads/{id}/status`, and the data of the event `status`.
///
/// A byte counts as sent when the server has handed it to the connection; whether it arrived only the client knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DownloadStatus {
    /// The download's number.
    pub number: i64,
    /// The file name to save under.
    pub name: String,
    /// The exact length of the content.
    pub length: u64,
    /// Entries in the archive; one for a single document.
    pub entries: u64,
    /// Documents in the archive.
    pub documents: u64,
    /// When it was staged.
    pub created: String,
    /// When the download ends unless it is used before.
    pub expires: String,
    /// When it ends for good.
    pub ends: String,
    /// Bytes that were ever sent, repetitions included.
    pub sent: u64,
    /// Distinct bytes of the content that were sent: at least so many.
    pub covered: u64,
    /// Documents of which every byte was sent.
    pub delivered_documents: u64,
    /// Whether every byte was sent.
    pub complete: bool,
    /// The same in one word.
    pub state: DeliveryState,
}

/// How much of a document was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Delivered {
    /// No byte.
    None,
    /// Some of it.
    Part,
    /// All of it.
    Whole,
}

/// A line of `GET /api/v1/downloads/{id}/receipt`: one for each document, in the order of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptLine {
    /// The path in the archive.
    pub path: String,
    /// The document's id.
    pub document: i64,
    /// Which version; absent when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Bytes of the document.
    pub length: u64,
    /// How much of it was sent.
    pub delivered: Delivered,
    /// When a byte of the download was last sent, for a document of which something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// By which door bytes left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveredBy {
    /// Over HTTP in the owner's session.
    Session,
    /// Over a signed link.
    Link,
    /// In chunks of the web service.
    Chunks,
}

/// What was delivered of a download that may have ended: an item of `GET /api/v1/receipts`, kept for 400 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// The download's number.
    pub number: i64,
    /// The file name it had.
    pub name: String,
    /// The exact length of the content.
    pub length: u64,
    /// Documents in it.
    pub documents: u64,
    /// Documents of which every byte was sent.
    pub delivered_documents: u64,
    /// When it was staged.
    pub created: String,
    /// When its first byte was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<String>,
    /// When every byte had been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// By which door bytes left last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DeliveredBy>,
}
