//! The project's text files, as the rules read them.

use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold nothing written by people.
const SKIPPED: [&str; 5] = [".git", ".tools", "target", "holdall-data", "__pycache__"];
/// File name endings of text that a rule reads.
const READ: [&str; 6] = ["rs", "toml", "md", "py", "java", "request"];

/// Every text file below a root, in the order of their paths.
pub(crate) struct Tree {
    root: PathBuf,
    files: Vec<TextFile>,
}

/// One text file.
pub(crate) struct TextFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl Tree {
    /// Reads the files below `root`.
    pub(crate) fn load(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for entry in WalkDir::new(root)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(is_ours)
        {
            let entry = entry?;
            let readable = entry.path().extension().and_then(|ending| ending.to_str());
            if entry.file_type().is_file() && readable.is_some_and(|ending| READ.contains(&ending)) {
                let path = entry
                    .path()
                    .strip_prefix(root)?
                    .to_string_lossy()
                    .replace('\\', "/");
                let text = fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
                files.push(TextFile { path, text });
            }
        }
        Ok(Self {
            root: root.to_owned(),
            files,
        })
    }

    /// Where the project is.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Every file.
    pub(crate) fn files(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter()
    }

    /// The Rust sources.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &TextFile> {
        self.files().filter(|file| has_ending(&file.path, "rs"))
    }

    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files().find(|file| file.path == path)
    }

    /// A tree made of paths and texts.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|&(path, text)| TextFile {
                path: path.to_owned(),
                text: text.to_owned(),
            })
            .collect();
        Self {
            root: PathBuf::from("/nowhere"),
            files,
        }
    }
}

/// Whether `path` ends in `.ending`.
pub(crate) fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

fn is_ours(entry: &DirEntry) -> bool {
    !entry.file_type().is_dir() || !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped)
}
