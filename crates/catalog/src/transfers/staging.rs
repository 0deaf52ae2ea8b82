//! What staging reads: the folders below a selection and the documents in them, a statement for many folders at a time.
//!
//! Rows are handed out one by one in borrowed form, because a selection may hold a million of them.

use crate::{CatalogError, Row, Tx};
use holdall_model::{DocumentId, DocumentKind, FolderId, LibraryId, PackId, ScopeId, Timestamp, UserId};

/// The folders directly below others.
const SUBFOLDERS: &str = "SELECT id, parent_id, name, library_id, scope_id, owner_id, modified_at FROM folders \
    WHERE parent_id IN {wanted} ORDER BY parent_id, name_key";

/// The documents in folders: the one scan whose speed is the speed of staging. Reading a column costs as much as a
/// tenth of finding the row, so the small ones share integers with others: versions end below 2,147,483,648, and
/// owners' ids do not reach 1,099,511,627,776.
const DOCUMENTS_IN: &str = "SELECT folder_id, id, name, scope_id, owner_id + 1099511627776 * method + 281474976710656 * quarantined \
    + 562949953421312 * kind, modified_at, raw_len, stored_len, pack_id, pack_offset, crc32 + 4294967296 * \
    CASE WHEN published_version = 0 THEN latest_version ELSE published_version END FROM documents \
    WHERE folder_id IN {wanted} ORDER BY folder_id, name_key";

/// What decides the right to read documents. For a while that is known of purged ones too.
const DOCUMENT_FACTS: &str = "SELECT id, library_id, scope_id, owner_id FROM documents WHERE id IN {wanted} \
    UNION ALL SELECT id, library_id, scope_id, owner_id FROM purged WHERE id IN {wanted}";

pub(crate) const STATEMENTS: &[&str] = &[SUBFOLDERS, DOCUMENTS_IN, DOCUMENT_FACTS];

/// A folder on the way of staging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagingFolder {
    /// Its id.
    pub id: FolderId,
    /// The folder around it; zero for a library's root folder.
    pub parent: FolderId,
    /// Its name.
    pub name: String,
    /// Its library.
    pub library: LibraryId,
    /// The access list in force.
    pub scope: ScopeId,
    /// Its owner.
    pub owner: UserId,
    /// When it was changed last.
    pub modified: Timestamp,
}

/// A document on the way of staging: who may read it and where the bytes of its served version are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StagingDocument<'row> {
    /// The folder it is in; minus its own id when it was deleted.
    pub folder: FolderId,
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: &'row str,
    /// The access list in force.
    pub scope: ScopeId,
    /// Its owner.
    pub owner: UserId,
    /// When it was changed last.
    pub modified: Timestamp,
    /// Bytes of the document.
    pub raw_len: u64,
    /// Bytes in the pack.
    pub stored_len: u64,
    /// CRC-32 of the document.
    pub crc32: u32,
    /// How it is stored: zip's method number.
    pub method: u8,
    /// Whether its content failed verification.
    pub quarantined: bool,
    /// A file, a shortcut or a web address.
    pub kind: DocumentKind,
    /// The number of the version that readers get; zero for a shortcut.
    pub version: u32,
    /// The pack that holds it.
    pub pack: PackId,
    /// Its first byte in the pack.
    pub pack_offset: u64,
}

/// What decides a document's right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentFacts {
    /// The document.
    pub id: DocumentId,
    /// Its library.
    pub library: LibraryId,
    /// The access list in force.
    pub scope: ScopeId,
    /// Its owner.
    pub owner: UserId,
}

/// The folders directly below `parents`, those of one parent together and by name key.
pub fn subfolders(tx: &mut Tx<'_>, parents: &[FolderId]) -> Result<Vec<StagingFolder>, CatalogError> {
    tx.query_each_of(SUBFOLDERS, &[], parents, folder)
}

/// Gathers the documents in `folders`, those of one folder together and by name key. Parts of the folders may be scanned at the
/// same time, each into a collection of its own.
pub fn gather_documents_in<C: Default + Send, E: From<CatalogError> + Send>(
    tx: &mut Tx<'_>,
    folders: &[FolderId],
    gather: impl Fn(&mut C, &StagingDocument<'_>) -> Result<(), E> + Sync,
) -> Result<Vec<C>, E> {
    tx.gather_each_of(DOCUMENTS_IN, folders, |collection, row| {
        gather(collection, &document(row)?)
    })
}

/// Shows what decides the right to read each of the documents to `visit`; purged documents are left out after a
/// while.
pub fn for_each_facts<E: From<CatalogError>>(
    tx: &mut Tx<'_>,
    ids: &[DocumentId],
    mut visit: impl FnMut(&DocumentFacts) -> Result<(), E>,
) -> Result<(), E> {
    tx.for_each_of(DOCUMENT_FACTS, &[], ids, |row| {
        let facts = DocumentFacts {
            id: DocumentId(row.integer(0)?),
            library: LibraryId(row.integer(1)?),
            scope: ScopeId(row.integer(2)?),
            owner: UserId(row.integer(3)?),
        };
        visit(&facts)
    })
}

fn folder(row: &Row<'_>) -> Result<StagingFolder, CatalogError> {
    Ok(StagingFolder {
        id: FolderId(row.integer(0)?),
        parent: FolderId(row.integer(1)?),
        name: row.text(2)?.to_owned(),
        library: LibraryId(row.integer(3)?),
        scope: ScopeId(row.integer(4)?),
        owner: UserId(row.integer(5)?),
        modified: row.timestamp(6)?,
    })
}

fn document<'row>(row: &'row Row<'_>) -> Result<StagingDocument<'row>, CatalogError> {
    let (shared, content) = (row.integer(4)?, row.integer(10)?);
    Ok(StagingDocument {
        folder: FolderId(row.integer(0)?),
        id: DocumentId(row.integer(1)?),
        name: row.text(2)?,
        scope: ScopeId(row.integer(3)?),
        owner: UserId(shared & 0xFF_FFFF_FFFF),
        modified: row.timestamp(5)?,
        raw_len: row.length(6)?,
        stored_len: row.length(7)?,
        pack: PackId(row.integer(8)?),
        pack_offset: row.length(9)?,
        crc32: u32::try_from(content & 0xFFFF_FFFF).map_err(|_beyond| mixed_up())?,
        version: u32::try_from(content >> 32).map_err(|_beyond| mixed_up())?,
        method: u8::try_from((shared >> 40) & 0xFF).map_err(|_beyond| mixed_up())?,
        quarantined: (shared >> 48) & 1 != 0,
        kind: DocumentKind::of_number(shared >> 49).ok_or_else(mixed_up)?,
    })
}

fn mixed_up() -> CatalogError {
    CatalogError::inconsistent("a document's packed columns")
}
