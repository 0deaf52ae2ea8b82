//! All that is below a folder at once, in statements whose number does not grow with it.

use crate::content::folders::{self, FolderRow, columns};
use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, LibraryId, ScopeId, UserId};

/// What decides who may have a copy of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentIn {
    /// The document.
    pub id: DocumentId,
    /// The access list in force.
    pub scope: ScopeId,
    /// Its owner.
    pub owner: UserId,
}

/// What a folder holds with all below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubtreeFacts {
    /// Documents locked by others than the user asked for.
    pub foreign_locks: u64,
    /// Documents locked by that user.
    pub own_locks: u64,
    /// The sum of the documents' lengths in bytes.
    pub raw_len: u64,
    /// How many folders lie one in the other, this one included.
    pub depth: u64,
}

/// The folder and all below it.
macro_rules! tree {
    () => {
        "WITH RECURSIVE tree (id) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT f.id FROM tree t JOIN folders f ON f.parent_id = t.id) SELECT id FROM tree"
    };
}

const FACTS: &str = "WITH RECURSIVE below (id, depth) AS (SELECT CAST($1 AS BIGINT), CAST(1 AS BIGINT) UNION ALL \
     SELECT f.id, b.depth + 1 FROM below b JOIN folders f ON f.parent_id = b.id) \
     SELECT CAST(COALESCE(SUM(CASE WHEN d.locked_by NOT IN (0, $2) THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN d.locked_by = $2 THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(d.raw_len), 0) AS BIGINT), MAX(b.depth) \
     FROM below b LEFT JOIN documents d ON d.folder_id = b.id";
const CHILDREN_OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM folders f WHERE f.parent_id IN {wanted} ORDER BY f.parent_id, f.name_key"
);
const DOCUMENTS_IN: &str = "SELECT id, scope_id, owner_id FROM documents WHERE folder_id IN {wanted}";
const UNLOCK: &str = concat!(
    "UPDATE documents SET locked_by = 0, locked_at = 0 WHERE locked_by <> 0 AND folder_id IN (",
    tree!(),
    ")"
);
const REHOME_FOLDERS: &str = concat!("UPDATE folders SET library_id = $2 WHERE id IN (", tree!(), ")");
const REHOME_DOCUMENTS: &str = concat!(
    "UPDATE documents SET library_id = $2 WHERE folder_id IN (",
    tree!(),
    ")"
);
const OWN_SCOPES: &str = concat!(
    "SELECT scope_id FROM folders WHERE own_list = 1 AND id IN (",
    tree!(),
    ") UNION SELECT scope_id FROM documents WHERE own_list = 1 AND folder_id IN (",
    tree!(),
    ")"
);
const EXCHANGE_ON_FOLDERS: &str = concat!(
    "UPDATE folders SET scope_id = $3 WHERE scope_id = $2 AND id IN (",
    tree!(),
    ")"
);
const EXCHANGE_ON_DOCUMENTS: &str = concat!(
    "UPDATE documents SET scope_id = $3 WHERE scope_id = $2 AND folder_id IN (",
    tree!(),
    ")"
);

pub(crate) const STATEMENTS: &[&str] = &[
    FACTS,
    CHILDREN_OF,
    DOCUMENTS_IN,
    UNLOCK,
    REHOME_FOLDERS,
    REHOME_DOCUMENTS,
    OWN_SCOPES,
    EXCHANGE_ON_FOLDERS,
    EXCHANGE_ON_DOCUMENTS,
];

/// What the folder and the tree below it hold; `user` is whose locks are told from those of others.
pub fn facts(tx: &mut Tx<'_>, id: FolderId, user: UserId) -> Result<SubtreeFacts, CatalogError> {
    let facts = tx.query_one(FACTS, &[id.into(), user.into()], |row| {
        Ok(SubtreeFacts {
            foreign_locks: row.length(0)?,
            own_locks: row.length(1)?,
            raw_len: row.length(2)?,
            depth: row.length(3)?,
        })
    })?;
    Ok(facts.unwrap_or_default())
}

/// The folders directly in any of `parents`, those of one parent together and by name.
pub fn children_of(tx: &mut Tx<'_>, parents: &[FolderId]) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query_each_of(CHILDREN_OF, &[], parents, folders::read)
}

/// The documents directly in any of `folders`, in no order.
pub fn documents_in(tx: &mut Tx<'_>, folders: &[FolderId]) -> Result<Vec<DocumentIn>, CatalogError> {
    tx.query_each_of(DOCUMENTS_IN, &[], folders, |row| {
        Ok(DocumentIn {
            id: DocumentId(row.integer(0)?),
            scope: ScopeId(row.integer(1)?),
            owner: UserId(row.integer(2)?),
        })
    })
}

/// Releases every lock below a folder.
pub fn unlock(tx: &mut Tx<'_>, id: FolderId) -> Result<(), CatalogError> {
    tx.execute(UNLOCK, &[id.into()]).map(|_changed| ())
}

/// Makes a folder and all below it belong to a library.
pub fn rehome(tx: &mut Tx<'_>, id: FolderId, library: LibraryId) -> Result<(), CatalogError> {
    tx.execute(REHOME_FOLDERS, &[id.into(), library.into()])?;
    tx.execute(REHOME_DOCUMENTS, &[id.into(), library.into()])
        .map(|_changed| ())
}

/// The access lists that were set on the folder or on anything below it, each once.
pub fn own_scopes(tx: &mut Tx<'_>, id: FolderId) -> Result<Vec<ScopeId>, CatalogError> {
    tx.query(OWN_SCOPES, &[id.into()], |row| Ok(ScopeId(row.integer(0)?)))
}

/// Puts one access list in the place of another on the folder and on everything below it.
pub fn exchange_scope(tx: &mut Tx<'_>, id: FolderId, old: ScopeId, new: ScopeId) -> Result<(), CatalogError> {
    let values = [id.into(), old.into(), new.into()];
    tx.execute(EXCHANGE_ON_FOLDERS, &values)?;
    tx.execute(EXCHANGE_ON_DOCUMENTS, &values).map(|_changed| ())
}
