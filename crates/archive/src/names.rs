//! Safe, unique, portable names (Z5, Z6, Z7): what a document or folder is called inside an archive.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use core::iter::Peekable;
use core::slice;

mod component;
mod fold;
mod siblings;

pub use component::{COMPONENT_MAX, sanitize_component};

pub(crate) use component::is_safe_component;

use crate::entry::{EntryKind, EntryName};
use component::shorten;
use siblings::Siblings;

/// Bytes of the longest path as written, a folder's final `/` included.
pub const PATH_MAX: usize = 1024;
/// Bytes of the longest folder path the namer gives; it leaves every child at least 126 bytes.
pub const FOLDER_PATH_MAX: usize = 896;
/// Bytes that the front of a path keeps when its middle is cut.
const CUT_HEAD_MAX: usize = 384;

/// Something to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Child<'a> {
    /// What it is called where it comes from; any string.
    pub name: &'a str,
    /// Document or folder.
    pub kind: EntryKind,
    /// Its id, which decides who keeps a name that several claim: folders before documents, then the lowest id.
    pub id: u64,
}

/// The name something got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its path inside the archive.
    pub path: EntryName,
    /// Whether it is not simply called its own name below its parent's path. Every rename must be reported (Z7).
    pub renamed: bool,
}

/// Names one archive's entries, a folder's children at a time. Call it for parents before children, once per folder,
/// in an order that only depends on the selection: then the same selection gives the same names.
#[derive(Debug, Default)]
pub struct Namer {
    siblings: Siblings,
    cuts: Cuts,
}

/// The cut paths of one archive.
#[derive(Debug, Default)]
struct Cuts {
    /// Every cut has its own, so that a cut path clashes with none.
    tokens: BTreeSet<u64>,
}

impl Namer {
    /// A namer for a new archive.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names all children of a folder, or of the archive's root. Their names are NFC, safe on every system and
    /// unique under full case folding, a document never having a folder's name. Who loses a clash gets ` (2)` before
    /// the extension; a component above [`COMPONENT_MAX`] bytes is shortened in its middle; a folder whose path
    /// would exceed [`FOLDER_PATH_MAX`] loses the middle of its path to a short hash.
    ///
    /// The names come in the order of `children`. Costs least when that is the order of their names.
    pub fn name_children<'a>(
        &'a mut self,
        parent: Option<&EntryName>,
        children: &'a [Child<'a>],
    ) -> Names<'a> {
        let mut prefix =
            parent.map_or_else(String::new, |parent| self.cuts.fit(parent.as_str()).into_owned());
        if !prefix.is_empty() {
            prefix.push('/');
        }
        let changed = self
            .siblings
            .rename(children, PATH_MAX.saturating_sub(prefix.len()));
        let children = children.iter().enumerate();
        Names {
            cuts: &mut self.cuts,
            prefix,
            children,
            changed: changed.into_iter().peekable(),
        }
    }
}

/// The names of a folder's children, made as they are asked for.
#[derive(Debug)]
pub struct Names<'a> {
    cuts: &'a mut Cuts,
    prefix: String,
    children: core::iter::Enumerate<slice::Iter<'a, Child<'a>>>,
    /// Children by position whose component is not their own name.
    changed: Peekable<vec::IntoIter<(usize, String)>>,
}

impl Iterator for Names<'_> {
    type Item = Named;

    fn next(&mut self) -> Option<Named> {
        let (position, child) = self.children.next()?;
        let changed = self.changed.next_if(|(changed, _)| *changed == position);
        let component = changed
            .as_ref()
            .map_or(child.name, |(_, component)| component.as_str());
        let mut path = String::with_capacity(self.prefix.len() + component.len());
        path.push_str(&self.prefix);
        path.push_str(component);
        let mut renamed = changed.is_some();
        if child.kind == EntryKind::Folder
            && let Cow::Owned(cut) = self.cuts.fit(&path)
        {
            path = cut;
            renamed = true;
        }
        Some(Named {
            path: EntryName::from_namer(path),
            renamed,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.children.size_hint()
    }
}

impl ExactSizeIterator for Names<'_> {}

impl Cuts {
    /// The folder path itself, or one of at most [`FOLDER_PATH_MAX`] bytes: its first folders, a hash for its
    /// middle, its last component.
    fn fit<'p>(&mut self, path: &'p str) -> Cow<'p, str> {
        if path.len() <= FOLDER_PATH_MAX {
            return Cow::Borrowed(path);
        }
        let last = path.rsplit_once('/').map_or(path, |(_, last)| last);
        let head_end = path.floor_char_boundary(CUT_HEAD_MAX);
        let head = path
            .get(..head_end)
            .and_then(|head| head.rsplit_once('/'))
            .map_or("", |(head, _)| head);
        let mut token = component::hash_64(path);
        while !self.tokens.insert(token) {
            token = token.wrapping_add(1);
        }
        let separator = if head.is_empty() { "" } else { "/" };
        Cow::Owned(alloc::format!(
            "{head}{separator}{}/{last}",
            component::cut_component(token)
        ))
    }
}
