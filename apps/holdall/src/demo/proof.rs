//! The proof: every document that went in comes out of the archive byte for byte, and nothing else does.

use crate::import::Report;
use anyhow::{Context as _, ensure};
use rc_zip_sync::ReadZip as _;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What the archive was compared with the source by.
pub(crate) struct Proof {
    /// Documents compared.
    pub(crate) documents: u64,
    /// Their raw length in bytes.
    pub(crate) raw_len: u64,
}

/// Compares the archive at `archive`, in which everything lies below `folder`, with the directory that was imported.
pub(crate) fn compare(archive: &Path, source: &Path, folder: &str, report: &Report) -> anyhow::Result<Proof> {
    let mut expected = expected_entries(source, folder, report)?;
    let file = File::open(archive)?;
    let zip = file.read_zip().context("the archive cannot be read")?;
    let mut proof = Proof {
        documents: 0,
        raw_len: 0,
    };
    for entry in zip.entries().filter(|entry| !entry.name.ends_with('/')) {
        let original = expected
            .remove(&entry.name)
            .with_context(|| format!("{} is not in the source", entry.name))?;
        let (came_out, went_in) = (digest(entry.reader())?, digest(File::open(&original)?)?);
        ensure!(
            came_out == went_in,
            "{} differs from {}",
            entry.name,
            original.display()
        );
        proof.documents += 1;
        proof.raw_len += entry.uncompressed_size;
    }
    if let Some((missing, _)) = expected.pop_first() {
        anyhow::bail!("{missing} is missing in the archive");
    }
    Ok(proof)
}

/// Entry names by the rules of import, and the file each must equal.
fn expected_entries(
    source: &Path,
    folder: &str,
    report: &Report,
) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let left_out: HashSet<&Path> = report.left_out.iter().map(|left| left.source.as_path()).collect();
    let names: HashMap<&Path, &str> = report
        .renamed
        .iter()
        .map(|renamed| (renamed.source.as_path(), renamed.name.as_str()))
        .collect();
    let mut expected = BTreeMap::new();
    let walk = WalkDir::new(source).min_depth(1).into_iter();
    for entry in walk.filter_entry(|entry| !left_out.contains(entry.path())) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let mut name = folder.to_owned();
        let mut path = source.to_owned();
        for component in entry.path().strip_prefix(source)?.components() {
            path.push(component);
            let own = component.as_os_str().to_string_lossy();
            name.push('/');
            name.push_str(names.get(path.as_path()).copied().unwrap_or(&own));
        }
        expected.insert(name, entry.into_path());
    }
    Ok(expected)
}

fn digest(mut content: impl Read) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = content.read(&mut buffer)?;
        if count == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}
