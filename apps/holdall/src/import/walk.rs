//! A walk through a directory in a fixed order. Links, special files and what cannot be read are noted, and it goes on.

use super::LeftOut;
use holdall_model::Timestamp;
use holdall_services::{ImportFile, ImportFolder, ImportTree};
use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::{DirEntry, WalkDir};

/// What a walk found.
pub(crate) struct Walked {
    /// Folders and files, parents before their children.
    pub(crate) tree: ImportTree<PathBuf>,
    /// The sum of the files' lengths in bytes.
    pub(crate) raw_len: u64,
    /// What cannot be imported.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Walks `root`, siblings in byte order of their names, so that a second import meets the same clashes in the same order.
pub(crate) fn walk(root: &Path) -> Walked {
    let mut walked = Walked {
        tree: ImportTree::default(),
        raw_len: 0,
        left_out: Vec::new(),
    };
    let mut folders = HashMap::from([(root.to_owned(), ImportTree::<PathBuf>::ROOT)]);
    for step in WalkDir::new(root).min_depth(1).sort_by_file_name() {
        match step {
            Ok(entry) => note(&mut walked, &mut folders, &entry),
            Err(error) => {
                let source = error.path().unwrap_or(root).to_owned();
                walked.left_out.push(LeftOut {
                    source,
                    reason: reason_of(&error),
                });
            }
        }
    }
    walked
}

fn note(walked: &mut Walked, folders: &mut HashMap<PathBuf, usize>, entry: &DirEntry) {
    let source = entry.path().to_owned();
    let leave = |reason: &str| LeftOut {
        source: source.clone(),
        reason: reason.to_owned(),
    };
    let Some(&parent) = entry.path().parent().and_then(|parent| folders.get(parent)) else {
        return walked.left_out.push(leave("its directory was not imported"));
    };
    let name = entry.file_name().to_string_lossy().into_owned();
    let kind = entry.file_type();
    if kind.is_dir() {
        let index = walked.tree.add_folder(ImportFolder {
            parent,
            name,
            source: source.clone(),
        });
        folders.insert(source, index);
    } else if kind.is_symlink() {
        walked.left_out.push(leave("symbolic link"));
    } else if kind.is_file() {
        match entry.metadata() {
            Ok(facts) => {
                walked.raw_len += facts.len();
                let modified = modified(&facts);
                walked.tree.add_file(ImportFile {
                    folder: parent,
                    name,
                    raw_len: facts.len(),
                    modified,
                    source,
                });
            }
            Err(error) => walked.left_out.push(leave(&reason_of(&error))),
        }
    } else {
        walked.left_out.push(leave("neither a file nor a directory"));
    }
}

fn modified(facts: &Metadata) -> Timestamp {
    let since = facts
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn reason_of(error: &walkdir::Error) -> String {
    error
        .io_error()
        .map_or_else(|| "cannot be read".to_owned(), ToString::to_string)
}
