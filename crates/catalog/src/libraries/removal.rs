//! The end of a library: its folders and documents with all versions, also recycled ones, its lists, its local groups and
//! users. One statement for each kind of row, however many there are.

use crate::{CatalogError, Tx};
use holdall_model::{LibraryId, Timestamp, UserId};

/// What went with a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// How many documents.
    pub documents: u64,
    /// How many folders, with the library's root.
    pub folders: u64,
    /// Its local users.
    pub users: Vec<UserId>,
}

/// Content that no version has any more is condemned, not removed: a sweep looks again before it takes anything away.
const CONDEMN: &str = "UPDATE blobs SET condemned_at = $2 WHERE condemned_at = 0 AND id IN \
     (SELECT v.blob_id FROM documents d JOIN versions v ON v.document_id = d.id WHERE d.library_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM versions v JOIN documents d ON d.id = v.document_id \
     WHERE v.blob_id = blobs.id AND d.library_id <> $1)";
const DOCUMENTS: &str = "DELETE FROM documents WHERE library_id = $1";
const FOLDERS: &str = "DELETE FROM folders WHERE library_id = $1";
/// What refers to its documents and folders, and must go before them.
pub(crate) const REFERENCES: &[&str] = &[
    // Uploads on their way to its folders expire, and are cleared away with their bytes as all expired ones.
    "UPDATE uploads SET expires_at = 0 WHERE id IN (SELECT a.upload_id FROM announced_uploads a \
     WHERE a.folder_id IN (SELECT id FROM folders WHERE library_id = $1))",
    "DELETE FROM versions WHERE document_id IN (SELECT id FROM documents WHERE library_id = $1)",
    "DELETE FROM downloads WHERE kind = 1 AND document_id IN (SELECT id FROM documents WHERE library_id = $1)",
    "DELETE FROM kept_items WHERE kind = 0 AND item_id IN (SELECT id FROM documents WHERE library_id = $1)",
    "DELETE FROM kept_items WHERE kind = 1 AND item_id IN (SELECT id FROM folders WHERE library_id = $1)",
    "DELETE FROM recent_documents WHERE document_id IN (SELECT id FROM documents WHERE library_id = $1)",
    "DELETE FROM viewings WHERE document_id IN (SELECT id FROM documents WHERE library_id = $1)",
    "DELETE FROM recycled WHERE library_id = $1",
    "DELETE FROM purged WHERE library_id = $1",
];
const LOCAL_USERS: &str = "SELECT id FROM users WHERE library_id = $1 ORDER BY id";
/// Local groups and users, each after what refers to it without a foreign key; then the lists and the library itself.
pub(crate) const REST: &[&str] = &[
    "DELETE FROM library_members WHERE user_id = 0 AND group_id IN (SELECT id FROM groups WHERE library_id = $1)",
    "DELETE FROM scope_entries WHERE kind = 2 AND principal_id IN (SELECT id FROM groups WHERE library_id = $1)",
    "DELETE FROM groups WHERE library_id = $1",
    "DELETE FROM library_members WHERE user_id IN (SELECT id FROM users WHERE library_id = $1)",
    "DELETE FROM scope_entries WHERE kind = 3 AND principal_id IN (SELECT id FROM users WHERE library_id = $1)",
    "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE library_id = $1)",
    "DELETE FROM recent_documents WHERE user_id IN (SELECT id FROM users WHERE library_id = $1)",
    "DELETE FROM downloads WHERE user_id IN (SELECT id FROM users WHERE library_id = $1)",
    "DELETE FROM users WHERE library_id = $1",
    "DELETE FROM scopes WHERE library_id = $1",
    "DELETE FROM libraries WHERE id = $1",
];

pub(crate) const STATEMENTS: &[&str] = &[CONDEMN, DOCUMENTS, FOLDERS, LOCAL_USERS];

/// Deletes a library and everything that is in it, past all recycle bins. Uploads that local users have begun expire.
pub fn remove(tx: &mut Tx<'_>, library: LibraryId, now: Timestamp) -> Result<Removed, CatalogError> {
    tx.execute(CONDEMN, &[library.into(), now.into()])?;
    run(tx, REFERENCES, library)?;
    let documents = tx.execute(DOCUMENTS, &[library.into()])?;
    let folders = tx.execute(FOLDERS, &[library.into()])?;
    let users = tx.query(LOCAL_USERS, &[library.into()], |row| Ok(UserId(row.integer(0)?)))?;
    run(tx, REST, library)?;
    Ok(Removed {
        documents,
        folders,
        users,
    })
}

fn run(tx: &mut Tx<'_>, statements: &[&str], library: LibraryId) -> Result<(), CatalogError> {
    for statement in statements {
        tx.execute(statement, &[library.into()])?;
    }
    Ok(())
}
