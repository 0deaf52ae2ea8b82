//! Who was given the content of which version of a document, and when.

use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{DocumentId, Timestamp, UserId, VersionNumber};

/// Content that was given to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewing {
    /// The document.
    pub document: DocumentId,
    /// Which of its versions.
    pub version: VersionNumber,
    /// Who got it.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
}

const INSERT: &str = "INSERT INTO viewings (id, document_id, version, user_id, viewed_at)";
const OF_DOCUMENT: &str = "SELECT document_id, version, user_id, viewed_at FROM viewings WHERE document_id = $1 \
     ORDER BY id DESC LIMIT $2";
const OF_USER: &str = "SELECT document_id, version, user_id, viewed_at FROM viewings WHERE user_id = $1 \
     ORDER BY id DESC LIMIT $2";
const REMOVE: &str = "DELETE FROM viewings WHERE document_id IN {wanted}";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_DOCUMENT, OF_USER, REMOVE];

fn read(row: &Row<'_>) -> Result<Viewing, CatalogError> {
    Ok(Viewing {
        document: DocumentId(row.integer(0)?),
        version: VersionNumber(row.integer(1)?),
        user: UserId(row.integer(2)?),
        at: row.timestamp(3)?,
    })
}

/// Notes viewings, in the given order.
pub fn insert(tx: &mut Tx<'_>, viewings: &[Viewing]) -> Result<(), CatalogError> {
    let count = u64::try_from(viewings.len()).unwrap_or(u64::MAX);
    let first = tx.next_ids(Counter::Viewings, count)?;
    let rows = viewings.iter().zip(first..).map(|(viewing, id)| {
        [
            Value::from(id),
            viewing.document.into(),
            viewing.version.into(),
            viewing.user.into(),
            viewing.at.into(),
        ]
    });
    tx.insert_many(INSERT, 5, rows)
}

/// The last `most` viewings of a document, the latest first.
pub fn of_document(tx: &mut Tx<'_>, document: DocumentId, most: u64) -> Result<Vec<Viewing>, CatalogError> {
    tx.query(OF_DOCUMENT, &[document.into(), most.into()], read)
}

/// The last `most` viewings by a user, the latest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId, most: u64) -> Result<Vec<Viewing>, CatalogError> {
    tx.query(OF_USER, &[user.into(), most.into()], read)
}

/// Forgets the viewings of documents that are gone for good.
pub fn remove_of_documents(tx: &mut Tx<'_>, documents: &[DocumentId]) -> Result<(), CatalogError> {
    tx.execute_each_of(REMOVE, &[], documents).map(|_removed| ())
}
