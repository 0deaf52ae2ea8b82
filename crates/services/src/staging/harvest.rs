//! Documents as a scan brings them, compactly, as a million of them must fit: what one thread gathers of some folders.

use crate::SkipReason;
use holdall_catalog::CatalogError;
use holdall_catalog::staging::StagingDocument;
use holdall_model::{
    DocumentId, DocumentKind, FolderId, LibraryId, PackId, Right, ScopeId, Timestamp, UserId, name_key,
};
use std::collections::HashMap;
use std::ops::Range;

/// Documents of some folders, those of one folder together and by name.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    /// The documents.
    pub leaves: Vec<Leaf>,
    /// The folders they are in.
    pub sheaves: Vec<Sheaf>,
    /// What decides the rights on the documents; many of them share one.
    pub grounds: Vec<Ground>,
    /// The leaves that are no files.
    pub specials: Vec<Special>,
    ground_numbers: HashMap<Ground, u32>,
    /// The names of all leaves.
    names: String,
}

/// The documents of one folder.
#[derive(Clone, Debug)]
pub(super) struct Sheaf {
    /// The folder; zero for documents that were selected by themselves.
    pub folder: FolderId,
    /// Which of the harvest's leaves they are.
    pub leaves: Range<usize>,
    library: LibraryId,
    /// Where their names start.
    names_at: usize,
}

/// A leaf that is a shortcut or a web address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    pub sheaf: usize,
    pub leaf: usize,
    pub kind: DocumentKind,
}

/// What decides the right on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ground {
    pub library: LibraryId,
    pub scope: ScopeId,
    pub owner: UserId,
}

/// A document of a selection. Its name lies in its harvest.
#[derive(Debug)]
pub(super) struct Leaf {
    pub id: DocumentId,
    pub modified: Timestamp,
    pub raw_len: u64,
    pub stored_len: u64,
    pub pack: PackId,
    pub pack_offset: u64,
    pub crc32: u32,
    /// The version's number; zero when it is not known.
    pub version: u32,
    /// Which of [`Harvest::grounds`] decides the right on it.
    pub ground: u32,
    /// Relative to the sheaf's `names_at`, so that four bytes are enough.
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

impl Harvest {
    /// Adds a document, invisible until it is judged. All documents of one folder must be added in a row; `library_of` is asked
    /// for a folder's library when its first document comes.
    pub(super) fn add(
        &mut self,
        document: &StagingDocument<'_>,
        library_of: impl FnOnce(FolderId) -> Result<LibraryId, CatalogError>,
    ) -> Result<(), CatalogError> {
        let end = self.leaves.len();
        let is_next = |sheaf: &Sheaf| sheaf.folder == document.folder;
        if !self.sheaves.last().is_some_and(is_next) {
            self.sheaves.push(Sheaf {
                folder: document.folder,
                library: library_of(document.folder)?,
                leaves: end..end,
                names_at: self.names.len(),
            });
        }
        if document.kind != DocumentKind::File {
            self.specials.push(Special {
                sheaf: self.sheaves.len().saturating_sub(1),
                leaf: end,
                kind: document.kind,
            });
        }
        let Some(sheaf) = self.sheaves.last_mut() else {
            return Ok(());
        };
        sheaf.leaves.end = end + 1;
        let (library, name_at) = (sheaf.library, self.names.len().saturating_sub(sheaf.names_at));
        let ground = self.ground_number(Ground {
            library,
            scope: document.scope,
            owner: document.owner,
        })?;
        self.leaves.push(leaf(document, ground, name_at)?);
        self.names.push_str(document.name);
        Ok(())
    }

    /// Gives a leaf another name, made from its own. A name that cannot be kept stays as it is.
    pub(super) fn rename(&mut self, special: Special, name: impl FnOnce(&str) -> String) {
        let (Some(sheaf), Some(leaf)) = (self.sheaves.get(special.sheaf), self.leaves.get(special.leaf))
        else {
            return;
        };
        let name = name(self.name_of(sheaf, leaf));
        let name_at = u32::try_from(self.names.len().saturating_sub(sheaf.names_at));
        if let (Ok(name_at), Ok(name_len), Some(leaf)) = (
            name_at,
            u16::try_from(name.len()),
            self.leaves.get_mut(special.leaf),
        ) {
            (leaf.name_at, leaf.name_len) = (name_at, name_len);
            self.names.push_str(&name);
        }
    }

    /// Puts the leaves of a sheaf in the order of their names again.
    pub(super) fn sort(&mut self, sheaf: usize) {
        let mut leaves = std::mem::take(&mut self.leaves);
        if let Some(sheaf) = self.sheaves.get(sheaf)
            && let Some(own) = leaves.get_mut(sheaf.leaves.clone())
        {
            own.sort_by_cached_key(|leaf| name_key(self.name_of(sheaf, leaf)));
        }
        self.leaves = leaves;
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

    /// The name of a leaf of a sheaf.
    pub(super) fn name_of(&self, sheaf: &Sheaf, leaf: &Leaf) -> &str {
        let name_at = usize::try_from(leaf.name_at).unwrap_or(usize::MAX);
        let start = sheaf.names_at.saturating_add(name_at);
        self.names
            .get(start..start.saturating_add(usize::from(leaf.name_len)))
            .unwrap_or_default()
    }
}

fn leaf(document: &StagingDocument<'_>, ground: u32, name_at: usize) -> Result<Leaf, CatalogError> {
    Ok(Leaf {
        id: document.id,
        modified: document.modified,
        raw_len: document.raw_len,
        stored_len: document.stored_len,
        pack: document.pack,
        pack_offset: document.pack_offset,
        crc32: document.crc32,
        version: document.version,
        ground,
        name_at: u32::try_from(name_at).map_err(|_beyond| inconsistent("a folder's names exceed 4 GiB"))?,
        name_len: u16::try_from(document.name.len())
            .map_err(|_beyond| inconsistent("a name exceeds 64 KiB"))?,
        method: document.method,
        fate: if document.quarantined {
            Fate::Skipped(SkipReason::Quarantined)
        } else {
            Fate::Invisible
        },
    })
}

pub(super) fn inconsistent(what: &str) -> CatalogError {
    CatalogError::Inconsistent {
        what: what.to_owned(),
    }
}
