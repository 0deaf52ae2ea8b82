//! What an import brings: folders and files by their place in a source tree, parents before their children.

use holdall_model::{Timestamp, clean_name, name_key};
use std::collections::HashSet;

/// A folder of the source.
#[derive(Debug)]
pub struct ImportFolder<T> {
    /// The folder it lies in, as [`ImportTree::add_folder`] gave it, or [`ImportTree::ROOT`].
    pub parent: usize,
    /// Its name in the source.
    pub name: String,
    /// Whatever the caller calls it by.
    pub source: T,
}

/// A file of the source.
#[derive(Debug)]
pub struct ImportFile<T> {
    /// The folder it lies in, as [`ImportTree::add_folder`] gave it, or [`ImportTree::ROOT`].
    pub folder: usize,
    /// Its name in the source.
    pub name: String,
    /// Its length in bytes, to tell whether it changed since an earlier import.
    pub raw_len: u64,
    /// When it was last modified, to tell whether it changed since an earlier import.
    pub modified: Timestamp,
    /// Whatever the caller opens it by.
    pub source: T,
}

/// A source tree to import.
#[derive(Debug)]
pub struct ImportTree<T> {
    pub(super) folders: Vec<ImportFolder<T>>,
    pub(super) files: Vec<ImportFile<T>>,
}

impl<T> Default for ImportTree<T> {
    fn default() -> Self {
        Self {
            folders: Vec::new(),
            files: Vec::new(),
        }
    }
}

impl<T> ImportTree<T> {
    /// The folder that the import goes to.
    pub const ROOT: usize = 0;

    /// Adds a folder and gives its number for the items in it.
    pub fn add_folder(&mut self, folder: ImportFolder<T>) -> usize {
        self.folders.push(folder);
        self.folders.len()
    }

    /// Adds a file.
    pub fn add_file(&mut self, file: ImportFile<T>) {
        self.files.push(file);
    }
}

/// Gives the items of one folder their stored names: cleaned, and unique among siblings of their kind. Items that meet in the
/// same order get the same names again.
#[derive(Debug, Default)]
pub(super) struct SiblingNames {
    taken: HashSet<(usize, String)>,
}

impl SiblingNames {
    /// The stored name of an item in folder `parent`: its own where it can be, else with barred characters replaced, else with
    /// ` (2)` and so on before the extension.
    pub(super) fn assign(&mut self, parent: usize, name: &str) -> String {
        let cleaned = clean_name(name).or_else(|_| clean_name(&format!("_{name}")));
        let cleaned = cleaned.unwrap_or_else(|_| shorten(name));
        let mut candidate = cleaned.clone();
        let mut copy = 2_u32;
        while !self.taken.insert((parent, name_key(&candidate))) {
            let (stem, extension) = split_extension(&cleaned);
            candidate = format!("{stem} ({copy}){extension}");
            copy += 1;
        }
        candidate
    }
}

/// The first characters of a name that is longer than a stored name may be, its extension kept.
fn shorten(name: &str) -> String {
    const STEM_BYTES: usize = 200;
    let (stem, extension) = split_extension(name);
    let extension: String = extension.chars().take(10).collect();
    let mut short = String::new();
    for character in stem.chars() {
        if short.len() + character.len_utf8() > STEM_BYTES {
            break;
        }
        short.push(character);
    }
    clean_name(&format!("_{short}{extension}")).unwrap_or_else(|_| "_".to_owned())
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::SiblingNames;

    #[test]
    fn siblings_that_fold_to_one_name_all_keep_a_place() {
        let mut names = SiblingNames::default();
        assert_eq!(names.assign(0, "keyword.Self.html"), "keyword.Self.html");
        assert_eq!(names.assign(0, "keyword.self.html"), "keyword.self (2).html");
        assert_eq!(names.assign(0, "KEYWORD.SELF.HTML"), "KEYWORD.SELF (3).HTML");
        assert_eq!(names.assign(1, "keyword.self.html"), "keyword.self.html");
    }

    #[test]
    fn every_name_a_disk_can_hold_gets_a_stored_one() {
        let mut names = SiblingNames::default();
        assert_eq!(names.assign(0, "a\nb"), "a_b");
        assert_eq!(names.assign(0, "a:b"), "a_b (2)");
        assert_eq!(names.assign(0, "~lock"), "_~lock");
        assert_eq!(names.assign(0, "..."), "_");
        assert_eq!(names.assign(0, "   "), "_ (2)");
        let long = "é".repeat(127) + ".txt";
        assert!(names.assign(0, &long).len() <= 255);
        assert!(names.assign(0, &("x".repeat(252) + ".md")).len() <= 255);
    }
}
