//! What is in an archive for documents that are no files: a shortcut gives its target's content under the target's name, a web
//! address a `.url` file (CONTRACT section 18). Trees without either pay nothing for it.

use super::harvest::{Fate, Harvest, Leaf, Special};
use crate::SkipReason;
use crate::access::Standing;
use crate::folders::paths::Paths;
use crate::folders::resolve::facts_of_document;
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{DocumentId, DocumentKind, FolderId};
use std::collections::{BTreeSet, HashMap};

/// What browsers and desktops know a file with a web address by.
const ADDRESS_ENDING: &str = ".url";

/// Shortcuts looked up in one go.
const BATCH: usize = 10_000;

/// Puts into their leaves what shortcuts and web addresses come to. Documents have been judged before.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    standing: &Standing,
    harvest: &mut Harvest,
) -> Result<(), CatalogError> {
    let specials = std::mem::take(&mut harvest.specials);
    if specials.is_empty() {
        return Ok(());
    }
    let is_open = |special: &&Special| {
        let fate = harvest.leaves.get(special.leaf).map(|leaf| leaf.fate);
        matches!(
            fate,
            Some(Fate::Included | Fate::Skipped(SkipReason::NotReadable))
        )
    };
    let open: Vec<Special> = specials.iter().filter(is_open).copied().collect();
    let (shortcuts, addresses): (Vec<Special>, Vec<Special>) = open
        .into_iter()
        .partition(|special| special.kind == DocumentKind::Shortcut);
    for batch in shortcuts.chunks(BATCH) {
        follow_batch(tx, standing, harvest, batch)?;
    }
    for special in addresses {
        harvest.rename(special, |name| format!("{name}{ADDRESS_ENDING}"));
    }
    sort_again(harvest, &specials);
    Ok(())
}

fn follow_batch(
    tx: &mut Tx<'_>,
    standing: &Standing,
    harvest: &mut Harvest,
    batch: &[Special],
) -> Result<(), CatalogError> {
    let own: Vec<DocumentId> = batch
        .iter()
        .filter_map(|special| Some(harvest.leaves.get(special.leaf)?.id))
        .collect();
    let targets = targets_of(tx, &own)?;
    for (special, id) in batch.iter().zip(own) {
        let fate = match targets.get(&id) {
            Some(target) => {
                let right = standing.folder_right(tx, &facts_of_document(target))?;
                Fate::of(right, standing.is_archived(target.library), target.quarantined)
            }
            None => Fate::Invisible,
        };
        // A target that may not be seen is as good as none.
        let fate = match fate {
            Fate::Invisible => Fate::Skipped(SkipReason::TargetMissing),
            seen => seen,
        };
        if let (Fate::Included, Some(target)) = (fate, targets.get(&id)) {
            harvest.rename(*special, |_own| target.name.clone());
            if let Some(leaf) = harvest.leaves.get_mut(special.leaf) {
                replace(leaf, target);
            }
        }
        if let Some(leaf) = harvest.leaves.get_mut(special.leaf) {
            leaf.fate = fate;
        }
    }
    Ok(())
}

/// The documents outside recycle bins that shortcuts stand for, by the shortcuts' ids.
fn targets_of(
    tx: &mut Tx<'_>,
    shortcuts: &[DocumentId],
) -> Result<HashMap<DocumentId, DocumentRow>, CatalogError> {
    let rows = documents::of_ids(tx, shortcuts)?;
    let links: Vec<(DocumentId, DocumentId)> = rows
        .iter()
        .filter_map(|row| Some((row.id, row.target?)))
        .collect();
    let mut wanted: Vec<DocumentId> = links.iter().map(|(_, target)| *target).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let targets = documents::of_ids(tx, &wanted)?;
    let folders: Vec<FolderId> = targets.iter().map(|row| row.folder).collect();
    let paths = Paths::above(tx, &folders)?;
    let targets: HashMap<DocumentId, DocumentRow> = targets
        .into_iter()
        .filter(|row| paths.of(row.folder).is_some())
        .map(|row| (row.id, row))
        .collect();
    let found = links
        .into_iter()
        .filter_map(|(shortcut, target)| Some((shortcut, targets.get(&target)?.clone())));
    Ok(found.collect())
}

/// The id is that of the target, so that its right is what a later look at the rights asks for.
fn replace(leaf: &mut Leaf, target: &DocumentRow) {
    let content = &target.content;
    leaf.id = target.id;
    leaf.modified = target.modified;
    leaf.raw_len = content.raw_len;
    leaf.stored_len = content.stored_len;
    leaf.crc32 = content.crc32;
    leaf.method = if content.method == 0 { 0 } else { 8 };
    leaf.pack = content.pack;
    leaf.pack_offset = content.pack_offset;
    leaf.version = u32::try_from(target.served().0).unwrap_or_default();
}

/// New names may have put the leaves of their folders out of order, which the layout relies on. Documents that were selected
/// by themselves have no such order.
fn sort_again(harvest: &mut Harvest, specials: &[Special]) {
    let sheaves: BTreeSet<usize> = specials.iter().map(|special| special.sheaf).collect();
    for number in sheaves {
        let is_folder = harvest
            .sheaves
            .get(number)
            .map(|sheaf| sheaf.folder != FolderId(0));
        if is_folder == Some(true) {
            harvest.sort(number);
        }
    }
}
