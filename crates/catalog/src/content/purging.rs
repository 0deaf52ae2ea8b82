//! The end of documents and folders that lie in recycle bins, in statements whose number does not grow with theirs.

use crate::{CatalogError, Tx, blobs, viewings};
use holdall_model::{BlobId, DocumentId, FolderId, Timestamp};

const DOCUMENTS_BELOW: &str = "WITH RECURSIVE tree (id) AS (SELECT w.x FROM {wanted} w UNION ALL \
     SELECT f.id FROM tree t JOIN folders f ON f.parent_id = t.id) \
     SELECT d.id FROM tree t JOIN documents d ON d.folder_id = t.id";
const FOLDERS_BELOW: &str = "WITH RECURSIVE tree (id) AS (SELECT w.x FROM {wanted} w UNION ALL \
     SELECT f.id FROM tree t JOIN folders f ON f.parent_id = t.id) SELECT id FROM tree";
const REMEMBER: &str = "INSERT INTO purged (id, library_id, scope_id, owner_id, purged_at) \
     SELECT d.id, d.library_id, d.scope_id, d.owner_id, CAST($1 AS BIGINT) FROM {wanted} w JOIN documents d ON d.id = w.x";
const CONTENTS: &str = "SELECT DISTINCT v.blob_id FROM {wanted} w JOIN versions v ON v.document_id = w.x";
const VERSIONS: &str = "DELETE FROM versions WHERE document_id IN {wanted}";
const RECENT: &str = "DELETE FROM recent_documents WHERE document_id IN {wanted}";
const KEPT: &str = "DELETE FROM kept_items WHERE kind = $1 AND item_id IN {wanted}";
const DOCUMENTS: &str = "DELETE FROM documents WHERE id IN {wanted}";
const FOLDERS: &str = "DELETE FROM folders WHERE id IN {wanted}";
const FORGET: &str = "DELETE FROM purged WHERE purged_at <= $1";

pub(crate) const STATEMENTS: &[&str] = &[
    DOCUMENTS_BELOW,
    FOLDERS_BELOW,
    REMEMBER,
    CONTENTS,
    VERSIONS,
    RECENT,
    KEPT,
    DOCUMENTS,
    FOLDERS,
    FORGET,
];

/// Removes documents, and folders with all below them, for good. Content that no version has any more is condemned.
pub fn purge(
    tx: &mut Tx<'_>,
    documents: &[DocumentId],
    folders: &[FolderId],
    now: Timestamp,
) -> Result<(), CatalogError> {
    let mut documents = documents.to_vec();
    documents.extend(tx.query_each_of(DOCUMENTS_BELOW, &[], folders, |row| {
        Ok(DocumentId(row.integer(0)?))
    })?);
    let folders = tx.query_each_of(FOLDERS_BELOW, &[], folders, |row| Ok(FolderId(row.integer(0)?)))?;
    tx.execute_each_of(REMEMBER, &[now.into()], &documents)?;
    let mut contents = tx.query_each_of(CONTENTS, &[], &documents, |row| Ok(BlobId(row.integer(0)?)))?;
    tx.execute_each_of(VERSIONS, &[], &documents)?;
    tx.execute_each_of(RECENT, &[], &documents)?;
    tx.execute_each_of(KEPT, &[0_i64.into()], &documents)?;
    tx.execute_each_of(KEPT, &[1_i64.into()], &folders)?;
    viewings::remove_of_documents(tx, &documents)?;
    tx.execute_each_of(DOCUMENTS, &[], &documents)?;
    tx.execute_each_of(FOLDERS, &[], &folders)?;
    contents.sort_unstable();
    contents.dedup();
    blobs::condemn(tx, &contents, now)?;
    Ok(())
}

/// Forgets what decided the right to read documents that were purged then or before.
pub fn forget(tx: &mut Tx<'_>, purged: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(FORGET, &[purged.into()])
}
