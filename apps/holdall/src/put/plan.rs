//! Which files go to which folders, and which of them are there already.

use anyhow::{Context as _, bail};
use holdall_api_types::{Document, Item};
use holdall_client::{Remote, sha256_of};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// A file that goes to a server.
#[derive(Debug)]
pub(crate) struct Going {
    /// The file.
    pub(crate) source: PathBuf,
    /// The folder's id.
    pub(crate) folder: i64,
    /// The document's name there.
    pub(crate) name: String,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// When it was modified, RFC 3339.
    pub(crate) modified: String,
}

/// What goes, and what need not.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// What goes.
    pub(crate) going: Vec<Going>,
    /// How many files are there already.
    pub(crate) unchanged: u64,
    /// What cannot go, and why.
    pub(crate) left_out: Vec<(PathBuf, String)>,
}

impl Plan {
    /// Walks the sources and makes the folders they need below `target`. Files of the same length and time, or with `by_content`
    /// of the same SHA-256, as the document in their place stay here.
    pub(crate) fn make(
        server: &Remote,
        sources: &[PathBuf],
        target: &str,
        by_content: bool,
    ) -> anyhow::Result<Self> {
        let mut plan = Self::default();
        let target = target.trim_end_matches('/');
        for source in sources {
            if source.is_dir() {
                plan.take_tree(server, source, target, by_content)?;
            } else {
                let folder = Folder::open(server, target)?;
                plan.take(source, &folder, by_content)?;
            }
        }
        Ok(plan)
    }

    fn take_tree(
        &mut self,
        server: &Remote,
        source: &Path,
        target: &str,
        by_content: bool,
    ) -> anyhow::Result<()> {
        let name = std::path::absolute(source)?;
        let name = name.file_name().context("a directory without a name")?.to_owned();
        let mut folders: HashMap<PathBuf, Folder> = HashMap::new();
        for entry in WalkDir::new(source).sort_by_file_name() {
            let entry = entry?;
            let inside = inside(&name, entry.path().strip_prefix(source)?);
            if entry.file_type().is_dir() {
                let path = inside.to_str().map(|inside| format!("{target}/{inside}"));
                match path {
                    Some(path) => drop(folders.insert(entry.path().to_owned(), Folder::open(server, &path)?)),
                    None => self.leave(entry.path(), "its name is not UTF-8"),
                }
                continue;
            }
            let folder = entry.path().parent().and_then(|parent| folders.get(parent));
            match folder {
                Some(folder) if entry.file_type().is_file() => self.take(entry.path(), folder, by_content)?,
                Some(_) => self.leave(entry.path(), "it is no file"),
                None => self.leave(entry.path(), "its folder stays here"),
            }
        }
        Ok(())
    }

    fn take(&mut self, source: &Path, folder: &Folder, by_content: bool) -> anyhow::Result<()> {
        let metadata = source
            .metadata()
            .with_context(|| format!("cannot read {}", source.display()))?;
        if !metadata.is_file() {
            bail!("{} is no file", source.display());
        }
        let Some(name) = source.file_name().and_then(|name| name.to_str()) else {
            self.leave(source, "its name is not UTF-8");
            return Ok(());
        };
        let going = Going {
            source: source.to_owned(),
            folder: folder.id,
            name: name.to_owned(),
            length: metadata.len(),
            modified: modified(&metadata)?,
        };
        let there = folder.documents.get(name);
        if there.is_some_and(|there| is_same(&going, there, by_content)) {
            self.unchanged += 1;
        } else {
            self.going.push(going);
        }
        Ok(())
    }

    fn leave(&mut self, path: &Path, reason: &str) {
        self.left_out.push((path.to_owned(), reason.to_owned()));
    }
}

/// A folder on the server and what is in it.
struct Folder {
    id: i64,
    documents: HashMap<String, Document>,
}

impl Folder {
    fn open(server: &Remote, path: &str) -> anyhow::Result<Self> {
        let folder = server.make_folder(path)?;
        let mut documents = HashMap::new();
        server.children(folder.id, |item| {
            if let Item::Document(document) = item {
                documents.insert(document.name.clone(), *document);
            }
            Ok::<(), anyhow::Error>(())
        })?;
        Ok(Self {
            id: folder.id,
            documents,
        })
    }
}

fn is_same(going: &Going, there: &Document, by_content: bool) -> bool {
    if going.length != there.length {
        return false;
    }
    if by_content {
        return sha256_of(&going.source).is_ok_and(|sha256| Some(sha256) == there.sha256);
    }
    going.modified == there.modified
}

fn modified(metadata: &Metadata) -> anyhow::Result<String> {
    let since = metadata
        .modified()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let instant = jiff::Timestamp::from_second(i64::try_from(since.as_secs())?)?;
    Ok(instant.to_string())
}

/// A path below the directory of that name.
fn inside(name: &OsStr, path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() {
        PathBuf::from(name)
    } else {
        Path::new(name).join(path)
    }
}
