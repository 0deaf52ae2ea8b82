//! What was sent of downloads: kept by the number of the download, also when that has ended.

use crate::{CatalogError, Row, Tx, Value};
use holdall_model::{DownloadId, Timestamp, UserId};

macro_rules! columns {
    () => {
        "download_id, user_id, file_name, content_len, document_count, created_at, first_at, last_at, finished_at, door, \
         sent_len, delivered_count, spans"
    };
}

const OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM {wanted} w JOIN deliveries v ON v.download_id = w.x"
);
const OF_USER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM deliveries WHERE user_id = $1 AND download_id < $2 ORDER BY download_id DESC LIMIT $3"
);
const PUT: &str = concat!(
    "INSERT INTO deliveries (",
    columns!(),
    ") {rows} ON CONFLICT (download_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, \
     finished_at = excluded.finished_at, door = excluded.door, sent_len = excluded.sent_len, \
     delivered_count = excluded.delivered_count, spans = excluded.spans"
);
const FORGET: &str = "DELETE FROM deliveries WHERE last_at <= $1";

pub(crate) const STATEMENTS: &[&str] = &[OF, OF_USER, PUT, FORGET];

/// What was sent of one download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Which download.
    pub download: DownloadId,
    /// Whose it is or was.
    pub user: UserId,
    /// Its file name.
    pub file_name: String,
    /// Its length in bytes.
    pub content_len: u64,
    /// Documents in it.
    pub documents: u64,
    /// When it was staged.
    pub created: Timestamp,
    /// When its first byte was sent.
    pub first: Timestamp,
    /// When bytes were sent last.
    pub last: Timestamp,
    /// When every byte had been sent; zero until then.
    pub finished: Timestamp,
    /// By which door they left last, as a number of the caller's choice.
    pub door: i64,
    /// Bytes that were ever sent, repetitions included.
    pub sent_len: u64,
    /// Documents of which every byte was sent.
    pub delivered: u64,
    /// Which bytes were sent, in a form of the caller's choice.
    pub spans: Vec<u8>,
}

/// What was sent of each of the downloads; those of which nothing was have no row.
pub fn of(tx: &mut Tx<'_>, downloads: &[DownloadId]) -> Result<Vec<DeliveryRow>, CatalogError> {
    tx.query_each_of(OF, &[], downloads, read)
}

/// What was sent of a user's downloads with numbers below `before`, the latest first.
pub fn of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    before: DownloadId,
    most: u64,
) -> Result<Vec<DeliveryRow>, CatalogError> {
    tx.query(OF_USER, &[user.into(), before.into(), most.into()], read)
}

/// Keeps what was sent, in the place of what was kept before.
pub fn put(tx: &mut Tx<'_>, rows: &[DeliveryRow]) -> Result<(), CatalogError> {
    tx.insert_many(PUT, 13, rows.iter().map(values))
}

/// Forgets the downloads of which nothing was sent after `until`; says how many.
pub fn forget(tx: &mut Tx<'_>, until: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(FORGET, &[until.into()])
}

fn values(row: &DeliveryRow) -> [Value<'_>; 13] {
    [
        row.download.into(),
        row.user.into(),
        Value::from(&row.file_name),
        row.content_len.into(),
        row.documents.into(),
        row.created.into(),
        row.first.into(),
        row.last.into(),
        row.finished.into(),
        row.door.into(),
        row.sent_len.into(),
        row.delivered.into(),
        Value::from(row.spans.as_slice()),
    ]
}

fn read(row: &Row<'_>) -> Result<DeliveryRow, CatalogError> {
    Ok(DeliveryRow {
        download: DownloadId(row.integer(0)?),
        user: UserId(row.integer(1)?),
        file_name: row.text(2)?.to_owned(),
        content_len: row.length(3)?,
        documents: row.length(4)?,
        created: row.timestamp(5)?,
        first: row.timestamp(6)?,
        last: row.timestamp(7)?,
        finished: row.timestamp(8)?,
        door: row.integer(9)?,
        sent_len: row.length(10)?,
        delivered: row.length(11)?,
        spans: row.bytes(12)?.to_vec(),
    })
}
