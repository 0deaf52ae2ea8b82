//! What a selection comes to: the folders and documents below it, compactly, as a million of them must fit.

use super::harvest::{Fate, Harvest, Leaf, Sheaf, inconsistent};
use crate::Skip;
use holdall_catalog::CatalogError;
use holdall_model::{FolderId, LibraryId, ScopeId, Timestamp, UserId};
use std::collections::HashMap;

/// The branch that stands for the archive's root: selected folders and documents hang from it.
pub(super) const ROOT: usize = 0;

/// Folders and documents of a selection.
#[derive(Debug)]
pub(super) struct Selection {
    /// Folders; [`ROOT`] comes first.
    pub branches: Vec<Branch>,
    /// Where each folder is in `branches`.
    pub by_folder: HashMap<FolderId, usize>,
    /// Documents, as they were gathered.
    pub harvests: Vec<Harvest>,
    /// Documents that were selected by themselves: their full paths, in the order of the root's leaves.
    pub loose_paths: Vec<String>,
}

/// A folder of a selection.
#[derive(Debug)]
pub(super) struct Branch {
    pub id: FolderId,
    pub name: String,
    pub library: LibraryId,
    pub scope: ScopeId,
    pub owner: UserId,
    pub modified: Timestamp,
    /// The branch it hangs from.
    pub above: usize,
    /// The full path, for a folder that was selected; others' paths are made from those above.
    pub path: Option<String>,
    /// The folders in it.
    pub below: Vec<usize>,
    /// The documents in it, if there are any: which of the harvests has them, and where.
    sheaf: Option<(usize, Sheaf)>,
    /// Whether the archive has an entry for it.
    pub kept: bool,
}

impl Branch {
    /// A folder that hangs from `above`.
    pub(super) fn new(id: FolderId, name: String, above: usize) -> Self {
        Self {
            id,
            name,
            library: LibraryId(0),
            scope: ScopeId(0),
            owner: UserId(0),
            modified: Timestamp(0),
            above,
            path: None,
            below: Vec::new(),
            sheaf: None,
            kept: false,
        }
    }
}

impl Selection {
    /// A selection of nothing.
    pub(super) fn new() -> Self {
        Self {
            branches: vec![Branch::new(FolderId(0), String::new(), ROOT)],
            by_folder: HashMap::new(),
            harvests: Vec::new(),
            loose_paths: Vec::new(),
        }
    }

    /// Adds a folder and says which branch it is.
    pub(super) fn add_branch(&mut self, branch: Branch) -> usize {
        let number = self.branches.len();
        self.by_folder.insert(branch.id, number);
        if let Some(above) = self.branches.get_mut(branch.above) {
            above.below.push(number);
        }
        self.branches.push(branch);
        number
    }

    /// Moves a branch from the root to `above`. The root learns of it by [`Self::hang_roots`].
    pub(super) fn hang(&mut self, number: usize, above: usize) {
        if let Some(branch) = self.branches.get_mut(number) {
            branch.above = above;
        }
        if let Some(branch) = self.branches.get_mut(above) {
            branch.below.push(number);
        }
    }

    /// Lets only those branches hang from the root that were not moved.
    pub(super) fn hang_roots(&mut self) {
        let numbered = self.branches.iter().enumerate().skip(1);
        let below = numbered
            .filter(|(_, branch)| branch.above == ROOT)
            .map(|(number, _)| number)
            .collect();
        if let Some(root) = self.branches.get_mut(ROOT) {
            root.below = below;
        }
    }

    /// The library of a folder of the selection.
    pub(super) fn library_of(&self, folder: FolderId) -> Result<LibraryId, CatalogError> {
        let number = self.by_folder.get(&folder);
        let branch = number.and_then(|number| self.branches.get(*number));
        branch
            .map(|branch| branch.library)
            .ok_or_else(|| inconsistent("a document of an unasked folder"))
    }

    /// Hangs the documents of a harvest from the folders they are in; those of no folder from [`ROOT`]. Fails when a folder's
    /// documents come apart, rather than lose some.
    pub(super) fn take_in(&mut self, harvest: Harvest) -> Result<(), CatalogError> {
        let number = self.harvests.len();
        for sheaf in &harvest.sheaves {
            let branch = self.by_folder.get(&sheaf.folder).copied().unwrap_or(ROOT);
            let branch = self.branches.get_mut(branch);
            let branch = branch.filter(|branch| branch.sheaf.is_none());
            branch
                .ok_or_else(|| inconsistent("the documents of a folder come apart"))?
                .sheaf = Some((number, sheaf.clone()));
        }
        self.harvests.push(harvest);
        Ok(())
    }

    /// The name of a leaf of a branch.
    pub(super) fn name_of<'s>(&'s self, branch: &'s Branch, leaf: &Leaf) -> &'s str {
        let found = self.documents_of(branch);
        found.map_or("", |(harvest, sheaf)| harvest.name_of(sheaf, leaf))
    }

    /// The documents of a branch.
    pub(super) fn leaves_of<'s>(&'s self, branch: &'s Branch) -> &'s [Leaf] {
        let found = self.documents_of(branch);
        let leaves = found.and_then(|(harvest, sheaf)| harvest.leaves.get(sheaf.leaves.clone()));
        leaves.unwrap_or_default()
    }

    fn documents_of<'s>(&'s self, branch: &'s Branch) -> Option<(&'s Harvest, &'s Sheaf)> {
        let (number, sheaf) = branch.sheaf.as_ref()?;
        Some((self.harvests.get(*number)?, sheaf))
    }

    /// The full path of a branch; empty for [`ROOT`].
    pub(super) fn path_of(&self, number: usize) -> String {
        let mut names = Vec::new();
        let mut next = number;
        while let Some(branch) = self.branches.get(next).filter(|_| next != ROOT) {
            if let Some(path) = &branch.path {
                names.push(path.as_str());
                break;
            }
            names.push(&branch.name);
            next = branch.above;
        }
        names.reverse();
        names.join("/")
    }

    /// The full path of a branch's leaf, counted from its first.
    pub(super) fn leaf_path(&self, number: usize, leaf_number: usize) -> String {
        if number == ROOT {
            return self.loose_paths.get(leaf_number).cloned().unwrap_or_default();
        }
        let branch = self.branches.get(number);
        let name =
            branch.and_then(|branch| Some(self.name_of(branch, self.leaves_of(branch).get(leaf_number)?)));
        format!("{}/{}", self.path_of(number), name.unwrap_or_default())
    }

    /// Every document that was left out and may be named, by path.
    pub(super) fn skips(&self) -> Vec<Skip> {
        let mut skips = Vec::new();
        for (number, branch) in self.branches.iter().enumerate() {
            skips.extend(self.skips_in(number, branch));
        }
        skips.sort_by(|one, other| one.path.cmp(&other.path).then(one.document.cmp(&other.document)));
        skips
    }

    fn skips_in<'s>(&'s self, number: usize, branch: &'s Branch) -> impl Iterator<Item = Skip> + 's {
        self.leaves_of(branch)
            .iter()
            .enumerate()
            .filter_map(move |(leaf_number, leaf)| match leaf.fate {
                Fate::Skipped(reason) => Some(Skip {
                    path: self.leaf_path(number, leaf_number),
                    document: leaf.id,
                    reason,
                }),
                Fate::Included | Fate::Invisible => None,
            })
    }

    /// How many documents go into the archive, and the sum of their raw lengths.
    pub(super) fn included(&self) -> (u64, u64) {
        let leaves = self.harvests.iter().flat_map(|harvest| &harvest.leaves);
        let included = leaves.filter(|leaf| leaf.fate == Fate::Included);
        included.fold((0, 0), |(count, len), leaf| {
            (count + 1, leaf.raw_len.saturating_add(len))
        })
    }
}
