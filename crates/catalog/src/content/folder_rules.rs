//! What may be done in folders: kept in their rows, changed for one or for a whole tree.

use crate::{CatalogError, Tx};
use holdall_model::FolderId;

/// What may be done in a folder, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesRow {
    /// A bit for each rule that is the other way round than in a new library.
    pub switched: i64,
    /// Extensions separated by commas; empty for all.
    pub file_types: Box<str>,
}

/// A change of the rules of a folder and of all below it, or of it alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesChange {
    /// The bits that stay as they are.
    pub kept: i64,
    /// The bits that are set.
    pub switched: i64,
    /// The new list of extensions; `None` keeps what each folder has.
    pub file_types: Option<String>,
}

/// The rules that deleting a folder would go against, in it and below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undeletable {
    /// Folders that hold documents and have one of the bits asked for.
    pub with_documents: u64,
    /// Folders that hold folders and have one of the bits asked for.
    pub with_folders: u64,
}

const UNDELETABLE: &str = "WITH RECURSIVE below (id, rules_switched) AS (SELECT f.id, f.rules_switched FROM folders f \
     WHERE f.id = $1 UNION ALL SELECT f.id, f.rules_switched FROM below b JOIN folders f ON f.parent_id = b.id) \
     SELECT CAST(COALESCE(SUM(CASE WHEN (b.rules_switched & $2) <> 0 AND EXISTS \
     (SELECT 1 FROM documents d WHERE d.folder_id = b.id) THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN (b.rules_switched & $3) <> 0 AND EXISTS \
     (SELECT 1 FROM folders f WHERE f.parent_id = b.id) THEN 1 ELSE 0 END), 0) AS BIGINT) FROM below b";
macro_rules! tree {
    () => {
        "WITH RECURSIVE below (id) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT f.id FROM below b JOIN folders f ON f.parent_id = b.id) SELECT id FROM below"
    };
}
const SET_RULES: &str = "UPDATE folders SET rules_switched = (rules_switched & $2) | $3 WHERE id = $1";
const SET_FILE_TYPES: &str = "UPDATE folders SET file_types = $2 WHERE id = $1";
const SET_RULES_OF_TREE: &str = concat!(
    "UPDATE folders SET rules_switched = (rules_switched & $2) | $3 WHERE id IN (",
    tree!(),
    ")"
);
const SET_FILE_TYPES_OF_TREE: &str =
    concat!("UPDATE folders SET file_types = $2 WHERE id IN (", tree!(), ")");

pub(crate) const STATEMENTS: &[&str] = &[
    UNDELETABLE,
    SET_RULES,
    SET_FILE_TYPES,
    SET_RULES_OF_TREE,
    SET_FILE_TYPES_OF_TREE,
];

/// Counts the folders in the tree of `id` that hold documents and have a bit of `documents`, or hold folders and have one of
/// `folders`.
pub fn undeletable(
    tx: &mut Tx<'_>,
    id: FolderId,
    (documents, folders): (i64, i64),
) -> Result<Undeletable, CatalogError> {
    let values = [id.into(), documents.into(), folders.into()];
    let counts = tx.query_one(UNDELETABLE, &values, |row| {
        Ok(Undeletable {
            with_documents: row.length(0)?,
            with_folders: row.length(1)?,
        })
    })?;
    counts.ok_or_else(|| CatalogError::inconsistent("an aggregate without a row"))
}

/// Changes the rules of a folder, or with `tree` of all below it too.
pub fn set(tx: &mut Tx<'_>, id: FolderId, change: &RulesChange, tree: bool) -> Result<(), CatalogError> {
    let (rules, file_types) = if tree {
        (SET_RULES_OF_TREE, SET_FILE_TYPES_OF_TREE)
    } else {
        (SET_RULES, SET_FILE_TYPES)
    };
    tx.execute(rules, &[id.into(), change.kept.into(), change.switched.into()])?;
    if let Some(types) = &change.file_types {
        tx.execute(file_types, &[id.into(), types.into()])?;
    }
    Ok(())
}
