//! The children of one folder: who keeps the own name, and what the others are called.

use alloc::borrow::{Cow, ToOwned as _};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::entry::EntryKind;
use crate::names::component::split_extension;
use crate::names::fold::{key, push_key};
use crate::names::{COMPONENT_MAX, Child, sanitize_component, shorten};

/// Bytes of the longest ` (n)`.
const NUMBER_LEN_MAX: usize = 13;

/// Buffers kept from folder to folder.
#[derive(Debug, Default)]
pub(crate) struct Siblings {
    /// The folding keys of all children, one after the other.
    keys: String,
    /// Where each key ends, in the order of the children.
    key_ends: Vec<usize>,
}

/// A child by position, with what decides its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim<'a> {
    key: &'a str,
    kind: EntryKind,
    id: u64,
    position: usize,
}

impl Siblings {
    /// The children by position whose component is not their own name, with that component. `room_len` is what the
    /// parent leaves of the longest path.
    pub(crate) fn rename(&mut self, children: &[Child<'_>], room_len: usize) -> Vec<(usize, String)> {
        let mut changed = Vec::new();
        self.keys.clear();
        self.key_ends.clear();
        for (position, child) in children.iter().enumerate() {
            let component = fit(child, room_len);
            push_key(&mut self.keys, &component);
            self.key_ends.push(self.keys.len());
            if let Cow::Owned(component) = component {
                changed.push((position, component));
            }
        }
        if self.has_clash_free_order() {
            return changed;
        }
        let mut claims: Vec<Claim<'_>> = self.claims(children).collect();
        claims.sort();
        let numbered = number_losers(&claims, children, room_len);
        if numbered.is_empty() {
            return changed;
        }
        let mut merged: BTreeMap<usize, String> = changed.into_iter().collect();
        merged.extend(numbered);
        merged.into_iter().collect()
    }

    /// Whether the keys grow strictly from child to child, as a catalog that orders by name gives them.
    fn has_clash_free_order(&self) -> bool {
        self.each_key().is_sorted_by(|left, right| left < right)
    }

    fn each_key(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.key_ends.iter().map(move |end| {
            let key = self.keys.get(start..*end).unwrap_or_default();
            start = *end;
            key
        })
    }

    fn claims<'a>(&'a self, children: &'a [Child<'_>]) -> impl Iterator<Item = Claim<'a>> {
        let numbered = self.each_key().zip(children).enumerate();
        numbered.map(|(position, (key, child))| Claim {
            key,
            kind: child.kind,
            id: child.id,
            position,
        })
    }
}

/// The child's own name made safe, and short enough for its parent.
fn fit<'a>(child: &Child<'a>, room_len: usize) -> Cow<'a, str> {
    let safe = sanitize_component(child.name);
    let max_len = max_len(child.kind, room_len);
    if safe.len() > max_len {
        Cow::Owned(shorten(&safe, max_len))
    } else {
        safe
    }
}

fn max_len(kind: EntryKind, room_len: usize) -> usize {
    let slash_len = usize::from(kind == EntryKind::Folder);
    COMPONENT_MAX.min(room_len.saturating_sub(slash_len))
}

/// Names for all but the first claim of each key. `claims` are sorted.
fn number_losers(claims: &[Claim<'_>], children: &[Child<'_>], room_len: usize) -> Vec<(usize, String)> {
    let mut numbers = Numbers {
        claims,
        given: BTreeSet::new(),
        next: BTreeMap::new(),
    };
    let mut numbered = Vec::new();
    for (winner, loser) in claims.iter().zip(claims.iter().skip(1)) {
        if winner.key != loser.key {
            continue;
        }
        if let Some(child) = children.get(loser.position) {
            let component = fit(child, room_len);
            let name = numbers.give(&component, child.kind, max_len(child.kind, room_len));
            numbered.push((loser.position, name));
        }
    }
    numbered
}

/// Who has which ` (n)`.
struct Numbers<'a> {
    claims: &'a [Claim<'a>],
    /// Keys of the numbered names.
    given: BTreeSet<String>,
    /// By what is before and after the number: the next to try. Without it a folder of equal names would take
    /// quadratic time.
    next: BTreeMap<(String, String), u32>,
}

impl Numbers<'_> {
    /// The component with the first number that no other child's name has.
    fn give(&mut self, component: &str, kind: EntryKind, max_len: usize) -> String {
        let (stem, extension) = match kind {
            EntryKind::Document => split_extension(component),
            EntryKind::Folder => (component, ""),
        };
        let stem_max = max_len.saturating_sub(NUMBER_LEN_MAX + extension.len());
        let stem = if stem.len() > stem_max {
            shorten_stem(stem, stem_max)
        } else {
            stem.to_owned()
        };
        let next = self.next.entry((key(&stem), key(extension))).or_insert(2);
        loop {
            let name = format!("{stem} ({next}){extension}");
            *next = next.saturating_add(1);
            let name_key = key(&name);
            let is_claimed = self
                .claims
                .binary_search_by(|claim| claim.key.cmp(&name_key))
                .is_ok();
            if !is_claimed && self.given.insert(name_key) {
                return name;
            }
        }
    }
}

/// Like [`shorten`], for a stem whose extension was taken off.
fn shorten_stem(stem: &str, max_len: usize) -> String {
    let hash = crc32fast::hash(stem.as_bytes());
    let head_end = stem.floor_char_boundary(max_len.saturating_sub(9));
    format!("{}~{hash:08x}", stem.get(..head_end).unwrap_or_default())
}
