//! What a selection comes to: the folders and documents below it, compactly, as a million of them must fit.

use crate::{Skip, SkipReason};
use holdall_catalog::CatalogError;
use holdall_catalog::staging::StagingDocument;
use holdall_model::{DocumentId, FolderId, LibraryId, PackId, Right, ScopeId, Timestamp, UserId};
use std::collections::HashMap;
use std::ops::Range;

/// The branch that stands for the archive's root: selected folders and documents hang from it.
pub(super) const ROOT: usize = 0;

/// Folders and documents of a selection.
#[derive(Debug)]
pub(super) struct Selection {
    /// Folders; [`ROOT`] comes first.
    pub branches: Vec<Branch>,
    /// Where each folder is in `branches`.
    pub by_folder: HashMap<FolderId, usize>,
    /// Documents, those of one branch together and by name.
    pub leaves: Vec<Leaf>,
    /// Documents that were selected by themselves: their full paths, in the order of the root's leaves.
    pub loose_paths: Vec<String>,
    /// What decides the rights on the documents; many of them share one.
    pub grounds: Vec<Ground>,
    ground_numbers: HashMap<Ground, u32>,
    /// The names of all leaves.
    names: String,
}

/// What decides the right on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ground {
    pub library: LibraryId,
    pub scope: ScopeId,
    pub owner: UserId,
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
    /// The documents in it.
    pub leaves: Range<usize>,
    /// Where the names of the documents in it start.
    names_at: usize,
    /// Whether the archive has an entry for it.
    pub kept: bool,
}

/// A document of a selection. Its name lies in [`Selection`].
#[derive(Debug)]
pub(super) struct Leaf {
    pub id: DocumentId,
    pub modified: Timestamp,
    pub raw_len: u64,
    pub stored_len: u64,
    pub pack: PackId,
    pub pack_offset: u64,
    pub crc32: u32,
    /// Which of [`Selection::grounds`] decides the right on it.
    pub ground: u32,
    /// Relative to the branch's `names_at`, so that four bytes are enough.
    name_at: u32,
    name_len: u16,
    pub method: u8,
    pub fate: Fate,
}

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes into the archive.
    Included,
    /// The caller may see it, but it cannot go into the archive.
    Skipped(SkipReason),
    /// The caller may not know of it.
    Invisible,
}

impl Fate {
    /// What the caller's right on a document, before projection, means for it (CONTRACT sections 6.2 and 11.1).
    pub(super) fn of(right: Right, archived: bool, quarantined: bool) -> Self {
        if !right.lists() {
            Self::Invisible
        } else if !right.on_document().reads() {
            Self::Skipped(SkipReason::NotReadable)
        } else if archived {
            Self::Skipped(SkipReason::Offline)
        } else if quarantined {
            Self::Skipped(SkipReason::Quarantined)
        } else {
            Self::Included
        }
    }
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
            leaves: 0..0,
            names_at: 0,
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
            leaves: Vec::new(),
            loose_paths: Vec::new(),
            grounds: Vec::new(),
            ground_numbers: HashMap::new(),
            names: String::new(),
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

    /// Adds a document of a library to a branch, invisible until it is judged. All documents of one branch must be added in a
    /// row.
    pub(super) fn add_leaf(
        &mut self,
        branch: usize,
        library: LibraryId,
        document: &StagingDocument<'_>,
    ) -> Result<(), CatalogError> {
        let ground = Ground {
            library,
            scope: document.scope,
            owner: document.owner,
        };
        let ground = self.ground_number(ground)?;
        let end = self.leaves.len();
        let Some(branch) = self.branches.get_mut(branch) else {
            return Ok(());
        };
        if branch.leaves.is_empty() {
            branch.leaves = end..end;
            branch.names_at = self.names.len();
        }
        if branch.leaves.end != end {
            return Err(inconsistent("the documents of a folder come apart"));
        }
        let name_at = self.names.len().saturating_sub(branch.names_at);
        let leaf = Leaf {
            id: document.id,
            modified: document.modified,
            raw_len: document.raw_len,
            stored_len: document.stored_len,
            pack: document.pack,
            pack_offset: document.pack_offset,
            crc32: document.crc32,
            ground,
            name_at: u32::try_from(name_at)
                .map_err(|_beyond| inconsistent("a folder's names exceed 4 GiB"))?,
            name_len: u16::try_from(document.name.len())
                .map_err(|_beyond| inconsistent("a name exceeds 64 KiB"))?,
            method: document.method,
            fate: if document.quarantined {
                Fate::Skipped(SkipReason::Quarantined)
            } else {
                Fate::Invisible
            },
        };
        branch.leaves.end = end + 1;
        self.names.push_str(document.name);
        self.leaves.push(leaf);
        Ok(())
    }

    /// Neighbours usually share their ground, which spares the look-up.
    fn ground_number(&mut self, ground: Ground) -> Result<u32, CatalogError> {
        let last = self.leaves.last().map(|leaf| leaf.ground);
        if let Some(number) = last.filter(|number| self.ground(*number) == Some(ground)) {
            return Ok(number);
        }
        if let Some(number) = self.ground_numbers.get(&ground) {
            return Ok(*number);
        }
        let number =
            u32::try_from(self.grounds.len()).map_err(|_beyond| inconsistent("too many access lists"))?;
        self.grounds.push(ground);
        self.ground_numbers.insert(ground, number);
        Ok(number)
    }

    fn ground(&self, number: u32) -> Option<Ground> {
        self.grounds.get(usize::try_from(number).ok()?).copied()
    }

    /// The name of a leaf of a branch.
    pub(super) fn name_of(&self, branch: &Branch, leaf: &Leaf) -> &str {
        let start = branch
            .names_at
            .saturating_add(usize::try_from(leaf.name_at).unwrap_or(usize::MAX));
        self.names
            .get(start..start.saturating_add(usize::from(leaf.name_len)))
            .unwrap_or_default()
    }

    /// The documents of a branch.
    pub(super) fn leaves_of(&self, branch: &Branch) -> &[Leaf] {
        self.leaves.get(branch.leaves.clone()).unwrap_or_default()
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
        let included = self.leaves.iter().filter(|leaf| leaf.fate == Fate::Included);
        included.fold((0, 0), |(count, len), leaf| {
            (count + 1, leaf.raw_len.saturating_add(len))
        })
    }
}

fn inconsistent(what: &str) -> CatalogError {
    CatalogError::Inconsistent {
        what: what.to_owned(),
    }
}
