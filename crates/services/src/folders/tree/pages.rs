//! The folders below a folder, page by page, in the order of their paths.

use super::{Branch, branches};
use crate::access::Standing;
use crate::folders::Folders;
use crate::folders::parts::{ItemIds, PartsWanted, described};
use crate::folders::resolve::resolve_folder;
use crate::{Caller, Failure, FolderView};
use holdall_catalog::Tx;
use holdall_model::{FolderId, ItemRef, name_key};

/// A page of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreePage {
    /// The folders, each with how far below the top it lies; one is directly in it.
    pub folders: Vec<(u64, FolderView)>,
    /// The name keys that lead from the top to the last of them; `None` when there are no more.
    pub next: Option<Vec<String>>,
}

impl Folders {
    /// A page of the folders below a folder that the caller sees, behind the one that the name keys `after` lead to.
    pub async fn tree_page(
        &self,
        caller: &Caller,
        folder: FolderId,
        (after, most): (Vec<String>, u64),
    ) -> Result<TreePage, Failure> {
        let read = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &ItemRef::Folder(folder))?.place;
            let branches = branches(tx, standing, &place)?;
            let lines = ways(&branches);
            page(tx, standing, lines, (&after, most))
        };
        self.house.read_as(caller, read).await
    }
}

/// The way to each folder, in name keys from the top down; the top has an empty one.
fn ways(branches: &[Branch]) -> Vec<(Vec<String>, FolderId)> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new(); branches.len()];
    for (number, branch) in branches.iter().enumerate() {
        let way = ways.get(number).cloned().unwrap_or_default();
        for below in &branch.below {
            let below_way = branches.get(*below).map(|below| {
                let name = [name_key(&below.name)];
                way.iter().cloned().chain(name).collect()
            });
            if let (Some(entry), Some(below_way)) = (ways.get_mut(*below), below_way) {
                *entry = below_way;
            }
        }
    }
    ways.into_iter()
        .zip(branches.iter().map(|branch| branch.id))
        .collect()
}

/// Cuts the page out of all folders, each with the way to it; the top itself is left out.
fn page(
    tx: &mut Tx<'_>,
    standing: &Standing,
    mut lines: Vec<(Vec<String>, FolderId)>,
    (after, most): (&[String], u64),
) -> Result<TreePage, Failure> {
    lines.retain(|(way, _)| !way.is_empty() && way.as_slice() > after);
    lines.sort_unstable();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let has_more = lines.len() > most;
    lines.truncate(most);
    let next = lines.last().filter(|_| has_more).map(|(way, _)| way.clone());
    let ids = ItemIds {
        folders: lines.iter().map(|(_, id)| *id).collect(),
        documents: Vec::new(),
    };
    let views = described(tx, standing, &ids, PartsWanted::default())?.folders;
    let depths = lines
        .iter()
        .map(|(way, _)| u64::try_from(way.len()).unwrap_or(u64::MAX));
    Ok(TreePage {
        folders: depths.zip(views).collect(),
        next,
    })
}
