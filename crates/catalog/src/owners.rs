//! Who owns folders and documents.

use crate::access::tree;
use crate::{CatalogError, Tx};
use holdall_model::{DocumentId, FolderId, UserId};

const OF_FOLDER: &str = "UPDATE folders SET owner_id = $2 WHERE id = $1";
const OF_DOCUMENT: &str = "UPDATE documents SET owner_id = $2 WHERE id = $1";
const OF_TREE_FOLDERS: &str = concat!("UPDATE folders SET owner_id = $2 WHERE id IN (", tree!(), ")");
const OF_TREE_DOCUMENTS: &str = concat!(
    "UPDATE documents SET owner_id = $2 WHERE locked_by IN (0, $3) AND folder_id IN (",
    tree!(),
    ")"
);
const LOCKED_IN_TREE: &str = concat!(
    "SELECT d.folder_id, d.name FROM documents d WHERE d.locked_by NOT IN (0, $2) AND d.folder_id IN (",
    tree!(),
    ") ORDER BY d.folder_id, d.name_key"
);

pub(crate) const STATEMENTS: &[&str] = &[
    OF_FOLDER,
    OF_DOCUMENT,
    OF_TREE_FOLDERS,
    OF_TREE_DOCUMENTS,
    LOCKED_IN_TREE,
];

/// A change of owner: to whom, and who makes it.
#[derive(Clone, Copy, Debug)]
pub struct Handover {
    /// The new owner.
    pub owner: UserId,
    /// Who makes the change, whose own locks do not stand in its way.
    pub by: UserId,
}

/// Gives a folder to an owner, without what lies in it.
pub fn set_on_folder(tx: &mut Tx<'_>, folder: FolderId, owner: UserId) -> Result<(), CatalogError> {
    tx.execute(OF_FOLDER, &[folder.into(), owner.into()])
        .map(|_changed| ())
}

/// Gives a document to an owner.
pub fn set_on_document(tx: &mut Tx<'_>, document: DocumentId, owner: UserId) -> Result<(), CatalogError> {
    tx.execute(OF_DOCUMENT, &[document.into(), owner.into()])
        .map(|_changed| ())
}

/// Gives a folder and everything below it to an owner, but for the documents that others have locked: those are what it gives,
/// each with its folder, in the order of folders and names.
pub fn set_on_tree(
    tx: &mut Tx<'_>,
    folder: FolderId,
    handover: Handover,
) -> Result<Vec<(FolderId, String)>, CatalogError> {
    let Handover { owner, by } = handover;
    tx.execute(OF_TREE_FOLDERS, &[folder.into(), owner.into()])?;
    tx.execute(OF_TREE_DOCUMENTS, &[folder.into(), owner.into(), by.into()])?;
    tx.query(LOCKED_IN_TREE, &[folder.into(), by.into()], |row| {
        Ok((FolderId(row.integer(0)?), row.text(1)?.to_owned()))
    })
}
