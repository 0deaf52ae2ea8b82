//! What may be done in a folder, by anybody: the rules bind managers and administrators too (CONTRACT section 12).

use crate::access::{self, Standing};
use crate::folders::Folders;
use crate::folders::resolve::{Item, resolve_folder};
use crate::{Caller, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::folder_rules::{self as rows, RulesRow};
use holdall_catalog::folders::{self, FolderRow};
use holdall_catalog::{Tx, folder_rules};
use holdall_model::{FolderId, ItemRef};
use std::fmt;

/// The longest list of file types in bytes, written with commas.
const MAX_FILE_TYPES_LEN: usize = 2_000;

/// Something that a folder's rules allow or not. In a new library all is allowed but classified documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// New versions of its documents.
    Checkins,
    /// Locking its documents.
    Checkouts,
    /// Deleting its documents, or moving them away.
    DocumentDeletes,
    /// Deleting the folders in it, or moving them away.
    FolderDeletes,
    /// Documents that were not in it before.
    NewDocuments,
    /// Folders that were not in it before.
    NewFolders,
    /// Documents with a classification level.
    ClassifiedDocuments,
}

/// What may be done in one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderRules(RulesRow);

/// New rules for some of those that a folder has; the others stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesChange {
    /// Each rule with whether it allows; of repeated ones the last counts.
    pub allows: Vec<(Rule, bool)>,
    /// The extensions that documents may have, with or without a dot; empty or `*` for all. `None` keeps the list.
    pub file_types: Option<Vec<String>>,
}

impl Rule {
    fn bit(self) -> i64 {
        match self {
            Self::Checkins => 1,
            Self::Checkouts => 1 << 1,
            Self::DocumentDeletes => 1 << 2,
            Self::FolderDeletes => 1 << 3,
            Self::NewDocuments => 1 << 4,
            Self::NewFolders => 1 << 5,
            Self::ClassifiedDocuments => 1 << 6,
        }
    }

    fn is_allowed_at_first(self) -> bool {
        !matches!(self, Self::ClassifiedDocuments)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Checkins => "new versions",
            Self::Checkouts => "locking documents",
            Self::DocumentDeletes => "deleting documents",
            Self::FolderDeletes => "deleting folders",
            Self::NewDocuments => "new documents",
            Self::NewFolders => "new folders",
            Self::ClassifiedDocuments => "classified documents",
        })
    }
}

impl FolderRules {
    /// The rules of a folder.
    pub(crate) fn of(row: &FolderRow) -> Self {
        Self(row.rules.clone())
    }

    /// Whether the rules allow it.
    pub fn allows(&self, rule: Rule) -> bool {
        let is_switched = self.0.switched & rule.bit() != 0;
        rule.is_allowed_at_first() != is_switched
    }

    /// The extensions that documents may have, in lower case without a dot; none at all stands for every extension.
    pub fn file_types(&self) -> impl Iterator<Item = &str> {
        self.0.file_types.split(',').filter(|kind| !kind.is_empty())
    }

    /// Whether a document of that name may be stored.
    pub fn allows_name(&self, name: &str) -> bool {
        if self.0.file_types.is_empty() {
            return true;
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = extension.to_lowercase();
        self.file_types().any(|kind| kind == extension)
    }

    /// Fails unless the rules allow it.
    pub(crate) fn require(&self, rule: Rule) -> Result<(), Failure> {
        if self.allows(rule) {
            Ok(())
        } else {
            Err(Failure::ForbiddenByRule(rule))
        }
    }

    /// Fails unless a document of that name may be stored.
    pub(crate) fn require_name(&self, name: &str) -> Result<(), Failure> {
        if self.allows_name(name) {
            return Ok(());
        }
        let allowed: Vec<&str> = self.file_types().collect();
        Err(Failure::FileTypeNotAllowed {
            allowed: allowed.join(", "),
        })
    }
}

/// Fails unless the rules of a folder allow it.
pub(crate) fn require(tx: &mut Tx<'_>, folder: FolderId, rule: Rule) -> Result<(), Failure> {
    let row = folders::folder(tx, folder)?.ok_or(Failure::NotFound(Thing::Folder))?;
    FolderRules::of(&row).require(rule)
}

/// Fails unless a folder may be taken away from where it is: the rules of the folder above must allow it, and no folder of its
/// tree may hold what its own rules keep.
pub(crate) fn require_removable(tx: &mut Tx<'_>, folder: &FolderRow) -> Result<(), Failure> {
    require(tx, folder.parent, Rule::FolderDeletes)?;
    let bits = (Rule::DocumentDeletes.bit(), Rule::FolderDeletes.bit());
    let kept = folder_rules::undeletable(tx, folder.id, bits)?;
    if kept.with_documents > 0 {
        return Err(Failure::ForbiddenByRule(Rule::DocumentDeletes));
    }
    if kept.with_folders > 0 {
        return Err(Failure::ForbiddenByRule(Rule::FolderDeletes));
    }
    Ok(())
}

impl Folders {
    /// The rules of a folder that the caller may see.
    pub async fn rules(&self, caller: &Caller, item: &ItemRef) -> Result<FolderRules, Failure> {
        let item = item.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            Ok(FolderRules::of(&resolve_folder(tx, standing, &item)?.place.row))
        };
        self.house.read_as(caller, find).await
    }

    /// Changes rules of a folder, with `apply_to_tree` of all folders below it too. Full control is needed, of the folder or of
    /// one above it.
    pub async fn set_rules(
        &self,
        caller: &Caller,
        item: &ItemRef,
        change: RulesChange,
        apply_to_tree: bool,
    ) -> Result<(), Failure> {
        let (item, at) = (item.clone(), self.house.clock.now());
        let change = row_change(&change)?;
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &item)?;
            let (id, path) = (found.place.row.id, found.place.path.clone());
            access::control(tx, standing, &Item::Folder(found))?;
            rows::set(tx, id, &change, apply_to_tree)?;
            let deed = Deed {
                at,
                user: standing.user(),
                action: "folder rules set",
                subject: &path,
                detail: if apply_to_tree { "tree" } else { "" },
            };
            audit::record(tx, deed)?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }
}

/// The rules of a new folder that differ from those of a new library by `change`.
pub(crate) fn row_of(change: &RulesChange) -> Result<RulesRow, Failure> {
    let change = row_change(change)?;
    Ok(RulesRow {
        switched: change.switched,
        file_types: change.file_types.unwrap_or_default().into(),
    })
}

/// The change in bits.
pub(crate) fn row_change(change: &RulesChange) -> Result<rows::RulesChange, Failure> {
    let (mut kept, mut switched) = (-1_i64, 0);
    for (rule, allows) in &change.allows {
        kept &= !rule.bit();
        switched &= !rule.bit();
        if *allows != rule.is_allowed_at_first() {
            switched |= rule.bit();
        }
    }
    let file_types = change.file_types.as_deref().map(file_types).transpose()?;
    Ok(rows::RulesChange {
        kept,
        switched,
        file_types,
    })
}

/// Extensions as they are stored: in lower case, without dots and masks, each once, with commas between.
fn file_types(types: &[String]) -> Result<String, Failure> {
    let bare = |text: &String| {
        let text = text.trim();
        let text = text.strip_prefix("*.").unwrap_or(text);
        text.strip_prefix('.').unwrap_or(text).to_lowercase()
    };
    let mut known: Vec<String> = Vec::new();
    for kind in types.iter().map(bare).filter(|kind| !kind.is_empty()) {
        if kind == "*" {
            return Ok(String::new());
        }
        if kind.contains([',', '.', '*', '?', '/', '\\']) {
            return Err(Failure::invalid(
                "rules",
                "a file type is an extension such as .pdf",
            ));
        }
        if !known.contains(&kind) {
            known.push(kind);
        }
    }
    let list = known.join(",");
    if list.len() > MAX_FILE_TYPES_LEN {
        return Err(Failure::invalid(
            "rules",
            format!("the list of file types is longer than {MAX_FILE_TYPES_LEN} bytes"),
        ));
    }
    Ok(list)
}
