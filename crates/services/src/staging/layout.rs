//! From a selection to a plan: names in the archive, entries in the order of the archive.
//!
//! Entries are handed to the plan in byte order of path wherever that is cheap, because then it need not sort them.

use super::Renamed;
use super::harvest::{Fate, Leaf};
use super::selection::{Branch, ROOT, Selection};
use crate::Failure;
use crate::downloads::content_key;
use holdall_archive::{
    Child, ContentKey, Entry, EntryKind, EntryName, LayoutError, Method, Named, Namer, PlanBuilder,
};
use holdall_model::{VersionNumber, name_key};
use std::cmp::Ordering;
use std::vec::IntoIter;

/// An archive's entries, and what had to be renamed among them.
#[derive(Debug)]
pub(super) struct Layout {
    pub builder: PlanBuilder,
    pub renamed: Vec<Renamed>,
}

/// Names everything that is included and gathers the entries.
pub(super) fn lay_out(selection: &Selection) -> Result<Layout, Failure> {
    let mut walk = Walk {
        selection,
        namer: Namer::new(),
        builder: PlanBuilder::new(),
        renamed: Vec::new(),
    };
    let mut frames = Vec::new();
    frames.extend(walk.open(ROOT, None)?);
    while let Some(frame) = frames.last_mut() {
        let branch = frame.branch;
        match frame.items.next() {
            None => {
                frames.pop();
            }
            Some((named, Origin::Leaf(leaf_number))) => walk.push_leaf(branch, leaf_number, named)?,
            Some((named, Origin::Branch(below))) => {
                let path = named.path.clone();
                walk.push_branch(below, named)?;
                frames.extend(walk.open(below, Some(&path))?);
            }
        }
    }
    let Walk {
        builder, mut renamed, ..
    } = walk;
    renamed.sort_by(|one, other| one.path.cmp(&other.path).then_with(|| one.name.cmp(&other.name)));
    Ok(Layout { builder, renamed })
}

struct Walk<'s> {
    selection: &'s Selection,
    namer: Namer,
    builder: PlanBuilder,
    renamed: Vec<Renamed>,
}

/// The children of a branch that are not handed over yet.
struct Frame {
    branch: usize,
    items: IntoIter<(Named, Origin)>,
}

/// Which child of a branch a name belongs to.
#[derive(Clone, Copy)]
enum Origin {
    /// A document, counted from the branch's first.
    Leaf(usize),
    /// A folder.
    Branch(usize),
}

impl Walk<'_> {
    /// Names the children of a branch. Hands them over at once if they are documents in the right order already.
    fn open(&mut self, number: usize, parent: Option<&EntryName>) -> Result<Option<Frame>, Failure> {
        let Some(branch) = self.selection.branches.get(number) else {
            return Ok(None);
        };
        let (children, origins) = children_of(self.selection, number, branch);
        let mut namer = std::mem::take(&mut self.namer);
        let entries = namer.name_children(parent, &children).zip(origins);
        if branch.below.is_empty() && children.is_sorted_by(|one, other| one.name < other.name) {
            self.push_leaves(number, entries)?;
            self.namer = namer;
            return Ok(None);
        }
        let mut items: Vec<(Named, Origin)> = entries.collect();
        self.namer = namer;
        items.sort_by(written_order);
        Ok(Some(Frame {
            branch: number,
            items: items.into_iter(),
        }))
    }

    fn push_leaves(
        &mut self,
        number: usize,
        names: impl Iterator<Item = (Named, Origin)>,
    ) -> Result<(), Failure> {
        for (named, origin) in names {
            if let Origin::Leaf(leaf_number) = origin {
                self.push_leaf(number, leaf_number, named)?;
            }
        }
        Ok(())
    }

    fn push_leaf(&mut self, number: usize, leaf_number: usize, named: Named) -> Result<(), Failure> {
        if named.renamed {
            let path = self.selection.leaf_path(number, leaf_number);
            self.renamed.push(Renamed {
                path,
                name: named.path.as_str().to_owned(),
            });
        }
        let branch = self.selection.branches.get(number);
        let leaf = branch.and_then(|branch| self.selection.leaves_of(branch).get(leaf_number));
        let Some(leaf) = leaf else { return Ok(()) };
        self.builder
            .push(document_entry(leaf, named.path))
            .map_err(unplannable)
    }

    fn push_branch(&mut self, number: usize, named: Named) -> Result<(), Failure> {
        if named.renamed {
            let path = self.selection.path_of(number);
            self.renamed.push(Renamed {
                path,
                name: named.path.as_str().to_owned(),
            });
        }
        let Some(branch) = self.selection.branches.get(number) else {
            return Ok(());
        };
        self.builder
            .push(folder_entry(branch, named.path))
            .map_err(unplannable)
    }
}

/// What cannot be laid out has contradicting lengths or too long a name, which neither catalog nor namer give.
pub(super) fn unplannable(error: LayoutError) -> Failure {
    Failure::internal(error)
}

/// A branch's included children in the order of their keys, which is the cheapest one to name.
fn children_of<'s>(
    selection: &'s Selection,
    number: usize,
    branch: &'s Branch,
) -> (Vec<Child<'s>>, Vec<Origin>) {
    let leaves = selection
        .leaves_of(branch)
        .iter()
        .enumerate()
        .filter(|(_, leaf)| leaf.fate == Fate::Included);
    let documents: Vec<(usize, &Leaf)> = leaves.collect();
    let folders: Vec<usize> = branch
        .below
        .iter()
        .copied()
        .filter(|below| is_kept(selection, *below))
        .collect();
    let mut children = Vec::with_capacity(documents.len() + folders.len());
    let mut origins = Vec::with_capacity(documents.len() + folders.len());
    let mut rest = documents.as_slice();
    for folder in folders {
        let Some(below) = selection.branches.get(folder) else {
            continue;
        };
        let before = if number == ROOT {
            0
        } else {
            count_before(selection, branch, rest, &below.name)
        };
        let (earlier, later) = rest.split_at(before);
        push_documents(selection, branch, earlier, (&mut children, &mut origins));
        rest = later;
        children.push(Child {
            name: &below.name,
            kind: EntryKind::Folder,
            id: unsigned(below.id.0),
        });
        origins.push(Origin::Branch(folder));
    }
    push_documents(selection, branch, rest, (&mut children, &mut origins));
    (children, origins)
}

fn push_documents<'s>(
    selection: &'s Selection,
    branch: &'s Branch,
    documents: &[(usize, &Leaf)],
    (children, origins): (&mut Vec<Child<'s>>, &mut Vec<Origin>),
) {
    for (leaf_number, leaf) in documents {
        let name = selection.name_of(branch, leaf);
        children.push(Child {
            name,
            kind: EntryKind::Document,
            id: unsigned(leaf.id.0),
        });
        origins.push(Origin::Leaf(*leaf_number));
    }
}

/// How many of the documents, which are in the order of their keys, come before a folder of that name.
fn count_before(selection: &Selection, branch: &Branch, documents: &[(usize, &Leaf)], name: &str) -> usize {
    let key = name_key(name);
    documents.partition_point(|(_, leaf)| name_key(selection.name_of(branch, leaf)) < key)
}

fn is_kept(selection: &Selection, number: usize) -> bool {
    selection.branches.get(number).is_some_and(|branch| branch.kept)
}

/// Byte order of the paths as they are written: a folder's ends in a slash.
fn written_order(one: &(Named, Origin), other: &(Named, Origin)) -> Ordering {
    let (left, right) = (one.0.path.as_str().as_bytes(), other.0.path.as_str().as_bytes());
    let common = left.len().min(right.len());
    let tail = |path: &[u8], origin: Origin| {
        let slash = matches!(origin, Origin::Branch(_)).then_some(b'/');
        path.get(common).copied().or(slash)
    };
    let heads = left.get(..common).cmp(&right.get(..common));
    heads.then_with(|| tail(left, one.1).cmp(&tail(right, other.1)))
}

fn document_entry(leaf: &Leaf, name: EntryName) -> Entry {
    Entry {
        name,
        kind: EntryKind::Document,
        method: if leaf.method == 0 {
            Method::Stored
        } else {
            Method::Deflated
        },
        crc32: leaf.crc32,
        raw_len: leaf.raw_len,
        stored_len: leaf.stored_len,
        modified: leaf.modified.seconds(),
        content: content_key::encode(
            leaf.id,
            VersionNumber(i64::from(leaf.version)),
            (leaf.pack, leaf.pack_offset),
        ),
    }
}

fn folder_entry(branch: &Branch, name: EntryName) -> Entry {
    Entry {
        name,
        kind: EntryKind::Folder,
        method: Method::Stored,
        crc32: 0,
        raw_len: 0,
        stored_len: 0,
        modified: branch.modified.seconds(),
        content: ContentKey::default(),
    }
}

/// Ids are positive.
fn unsigned(id: i64) -> u64 {
    id.unsigned_abs()
}
