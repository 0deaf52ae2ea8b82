//! Versions as they came in, over many documents.

use crate::{CatalogError, Row, Tx, Value};
use holdall_model::{DocumentId, FolderId, LibraryId, Timestamp, UserId, VersionNumber};

/// A version that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// The document.
    pub document: DocumentId,
    /// Its name.
    pub name: String,
    /// The folder it lies in.
    pub folder: FolderId,
    /// Its library.
    pub library: LibraryId,
    /// The version.
    pub number: VersionNumber,
    /// Who stored it.
    pub author: UserId,
    /// When.
    pub at: Timestamp,
}

/// Which documents to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckInScope {
    /// All that lie in a folder.
    All,
    /// Those directly in any of the folders, or of any of the ids, and those anywhere below a tree's folder.
    Chosen {
        /// The documents.
        documents: Vec<DocumentId>,
        /// Folders with what lies directly in them.
        folders: Vec<FolderId>,
        /// Folders with all below them.
        trees: Vec<FolderId>,
    },
}

/// Which of their versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckInPeriod {
    /// Those not before.
    pub from: Timestamp,
    /// Those not after.
    pub until: Timestamp,
    /// At most so many of the latest.
    pub most: u64,
}

macro_rules! select {
    ($with:literal, $from:literal, $condition:literal) => {
        concat!(
            $with,
            "SELECT d.id, d.name, d.folder_id, d.library_id, v.number, v.author_id, v.created_at FROM ",
            $from,
            " JOIN versions v ON v.document_id = d.id WHERE v.created_at >= $1 AND v.created_at <= $2",
            $condition,
            " ORDER BY v.created_at DESC, d.id DESC, v.number DESC LIMIT $3"
        )
    };
}

const ALL: &str = select!("", "documents d", " AND d.folder_id > 0");
const OF_DOCUMENTS: &str = select!("", "documents d", " AND d.id IN {wanted}");
const IN_FOLDERS: &str = select!("", "documents d", " AND d.folder_id IN {wanted}");
const BELOW: &str = select!(
    "WITH RECURSIVE below(id) AS (SELECT w.x FROM {wanted} w UNION ALL \
     SELECT f.id FROM below b JOIN folders f ON f.parent_id = b.id) ",
    "below b JOIN documents d ON d.folder_id = b.id",
    ""
);

pub(crate) const STATEMENTS: &[&str] = &[ALL, OF_DOCUMENTS, IN_FOLDERS, BELOW];

fn read(row: &Row<'_>) -> Result<CheckIn, CatalogError> {
    Ok(CheckIn {
        document: DocumentId(row.integer(0)?),
        name: row.text(1)?.to_owned(),
        folder: FolderId(row.integer(2)?),
        library: LibraryId(row.integer(3)?),
        number: VersionNumber(row.integer(4)?),
        author: UserId(row.integer(5)?),
        at: row.timestamp(6)?,
    })
}

/// The latest check-ins of a period, the latest first.
pub fn latest(
    tx: &mut Tx<'_>,
    scope: &CheckInScope,
    period: CheckInPeriod,
) -> Result<Vec<CheckIn>, CatalogError> {
    let values: [Value<'_>; 3] = [period.from.into(), period.until.into(), period.most.into()];
    let CheckInScope::Chosen {
        documents,
        folders,
        trees,
    } = scope
    else {
        return tx.query(ALL, &values, read);
    };
    let mut found = tx.query_each_of(OF_DOCUMENTS, &values, documents, read)?;
    found.extend(tx.query_each_of(IN_FOLDERS, &values, folders, read)?);
    found.extend(tx.query_each_of(BELOW, &values, trees, read)?);
    found.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.at, entry.document, entry.number)));
    found.dedup();
    found.truncate(usize::try_from(period.most).unwrap_or(usize::MAX));
    Ok(found)
}
