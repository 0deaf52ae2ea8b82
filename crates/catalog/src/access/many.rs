//! The lists in force on many items at once, for showing them.

use super::{ScopeEntry, read_entry};
use crate::{CatalogError, Tx};
use holdall_model::{FolderId, ScopeId, Timestamp, UserId};
use std::collections::HashMap;

const ENTRIES_OF: &str = "SELECT e.kind, e.principal_id, e.granted, e.scope_id FROM {wanted} w \
     JOIN scope_entries e ON e.scope_id = w.x ORDER BY e.scope_id, e.kind, e.principal_id";
/// Up from each folder until one has a list of its own.
const APPLIED_ABOVE: &str = "WITH RECURSIVE above (item, parent_id, own_list, by_id, at) AS (\
     SELECT f.id, f.parent_id, f.own_list, f.list_applied_by, f.list_applied_at FROM {wanted} w JOIN folders f ON f.id = w.x \
     UNION ALL SELECT a.item, f.parent_id, f.own_list, f.list_applied_by, f.list_applied_at FROM above a \
     JOIN folders f ON f.id = a.parent_id WHERE a.own_list = 0) SELECT item, by_id, at FROM above WHERE own_list = 1";

pub(crate) const STATEMENTS: &[&str] = &[ENTRIES_OF, APPLIED_ABOVE];

/// The entries of lists; lists without entries do not come up.
pub fn entries_of(
    tx: &mut Tx<'_>,
    scopes: &[ScopeId],
) -> Result<HashMap<ScopeId, Vec<ScopeEntry>>, CatalogError> {
    let rows = tx.query_each_of(ENTRIES_OF, &[], scopes, |row| {
        Ok((ScopeId(row.integer(3)?), read_entry(row)?))
    })?;
    let mut entries: HashMap<ScopeId, Vec<ScopeEntry>> = HashMap::new();
    for (scope, entry) in rows {
        entries.entry(scope).or_default().push(entry);
    }
    Ok(entries)
}

/// Who set the list that each folder hands down, and when.
pub fn applied_above(
    tx: &mut Tx<'_>,
    folders: &[FolderId],
) -> Result<HashMap<FolderId, (UserId, Timestamp)>, CatalogError> {
    let rows = tx.query_each_of(APPLIED_ABOVE, &[], folders, |row| {
        let applied = (UserId(row.integer(1)?), row.timestamp(2)?);
        Ok((FolderId(row.integer(0)?), applied))
    })?;
    Ok(rows.into_iter().collect())
}
