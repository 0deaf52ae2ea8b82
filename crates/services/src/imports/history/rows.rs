//! What an import with a past asks of the catalog.

use crate::Failure;
use crate::access::{self, Standing};
use crate::folders::resolve::facts_of_folder;
use holdall_catalog::access::ScopeEntry;
use holdall_catalog::folders::{self, FolderRow};
use holdall_catalog::{Tx, imports};
use holdall_model::{FolderId, LibraryId, ScopeId};
use std::collections::HashMap;

/// Those of the folders that are there and that the user controls.
pub(super) fn controlled(
    tx: &mut Tx<'_>,
    standing: &Standing,
    ids: &[FolderId],
) -> Result<HashMap<FolderId, FolderRow>, Failure> {
    let mut found = HashMap::with_capacity(ids.len());
    for row in folders::of_ids(tx, ids)? {
        let right = standing.folder_right(tx, &facts_of_folder(&row))?;
        if right.controls() && row.parent.0 >= 0 {
            found.insert(row.id, row);
        }
    }
    Ok(found)
}

/// Whether nothing lies in a folder.
pub(super) fn is_empty(tx: &mut Tx<'_>, folder: FolderId) -> Result<bool, Failure> {
    let is_empty = imports::folders_in(tx, &[folder])?.is_empty();
    Ok(is_empty && imports::documents_in(tx, &[folder])?.is_empty())
}

/// The ids without repeats.
pub(super) fn distinct(ids: impl Iterator<Item = FolderId>) -> Vec<FolderId> {
    let mut ids: Vec<FolderId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The entries of a list in numbers: kind, id and right.
type Numbers = Vec<(i64, i64, u8)>;

/// The scopes of lists, each distinct one looked up once.
#[derive(Default)]
pub(super) struct Scopes(HashMap<(LibraryId, Numbers), ScopeId>);

impl Scopes {
    pub(super) fn of(
        &mut self,
        tx: &mut Tx<'_>,
        library: LibraryId,
        entries: &[ScopeEntry],
    ) -> Result<ScopeId, Failure> {
        let mut key: Numbers = entries
            .iter()
            .map(|entry| {
                let (kind, id) = entry.principal.columns();
                (kind, id, entry.right.value())
            })
            .collect();
        key.sort_unstable();
        if let Some(scope) = self.0.get(&(library, key.clone())) {
            return Ok(*scope);
        }
        let scope = access::intern(tx, library, entries.to_vec())?;
        self.0.insert((library, key), scope);
        Ok(scope)
    }
}
