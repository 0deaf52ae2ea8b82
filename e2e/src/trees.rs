//! Directories to import, and their comparison with what came back.

use crate::Draw;
use anyhow::Context as _;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Names that some system refuses, mangles or confuses, each as bytes.
const UGLY: [&[u8]; 27] = [
    b"plain.txt",
    b"with space.txt",
    b"  leading blanks.txt",
    b"trailing blank ",
    b"trailing dot.",
    b"quotes ' and \".txt",
    b"new\nline.txt",
    b"tab\there.txt",
    b"back\\slash.txt",
    b"pipe|star*question?.txt",
    b"colon:name.txt",
    b"percent%20.txt",
    b"ampersand&amp;<tag>.xml",
    b"-rf",
    b"~D7",
    b"CON",
    b"aux.c",
    b"com1.txt",
    b"nul",
    "caf\u{e9} composed.txt".as_bytes(),
    "cafe\u{301} composed.txt".as_bytes(),
    "\u{1f389} party \u{1f469}\u{200d}\u{1f4bb}.txt".as_bytes(),
    "\u{202e}txt.exe".as_bytes(),
    "\u{4e1c}\u{4eac}.txt".as_bytes(),
    b"case.TXT",
    b"CASE.txt",
    b"not utf-8 \xff\xfe.txt",
];

/// How two directories differ.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the first only, or with other bytes.
    pub missing: BTreeSet<PathBuf>,
    /// In the second only.
    pub added: BTreeSet<PathBuf>,
}

/// Fills a new directory with files of awkward names. Each file's content is unique; gives their number.
pub fn ugly(root: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for folder in ["", "sub", "sub/deep, deeper"] {
        let folder = root.join(folder);
        fs::create_dir_all(&folder)?;
        for name in UGLY {
            let path = folder.join(OsStr::from_bytes(name));
            fs::write(&path, format!("content of {}", path.display()).repeat(40))?;
            count += 1;
        }
    }
    let long = root.join("n".repeat(251) + ".txt");
    fs::write(long, "a name of 255 bytes")?;
    let deep = (0..60).fold(root.join("deep"), |path, level| {
        path.join(format!("level {level}"))
    });
    fs::create_dir_all(&deep)?;
    fs::write(deep.join("bottom.txt"), "at the bottom")?;
    fs::write(root.join("empty.txt"), "")?;
    fs::create_dir(root.join("empty folder"))?;
    Ok(count + 3)
}

/// Fills a new directory with documents of many sizes, some of which compress: about `raw_len` bytes.
pub fn mixed(root: &Path, raw_len: usize, seed: u64) -> anyhow::Result<()> {
    let mut draw = Draw::seeded(seed);
    let (mut made, mut number) = (0, 0);
    while made < raw_len {
        let folder = root
            .join(format!("folder {}", number % 7))
            .join(format!("part {}", number % 3));
        fs::create_dir_all(&folder)?;
        let len = match number % 5 {
            0 => 0x4000 + draw.below(0x40_0000),
            1 => draw.below(300),
            _ => draw.below(0x8000),
        };
        let len = usize::try_from(len)?;
        let content = if number % 2 == 0 {
            draw.bytes(len)
        } else {
            draw.prose(len)
        };
        fs::write(folder.join(format!("document {number:04}.bin")), content)?;
        made += len;
        number += 1;
    }
    Ok(())
}

/// How many files are below a directory.
pub fn count_files(root: &Path) -> anyhow::Result<usize> {
    Ok(files(root)?.into_values().filter(|is_folder| !is_folder).count())
}

/// Compares names, folders and bytes. Empty means equal.
pub fn compare(one: &Path, other: &Path) -> anyhow::Result<Difference> {
    let (one_files, other_files) = (files(one)?, files(other)?);
    let mut difference = Difference::default();
    for (path, is_folder) in &one_files {
        let same = other_files.get(path) == Some(is_folder)
            && (*is_folder || fs::read(one.join(path))? == fs::read(other.join(path))?);
        if !same {
            difference.missing.insert(path.clone());
        }
    }
    difference.added = other_files
        .into_keys()
        .filter(|path| !one_files.contains_key(path))
        .collect();
    Ok(difference)
}

/// Files and folders below a directory, and which of them are folders.
fn files(root: &Path) -> anyhow::Result<BTreeMap<PathBuf, bool>> {
    WalkDir::new(root)
        .min_depth(1)
        .into_iter()
        .map(|entry| {
            let entry = entry.with_context(|| format!("cannot walk {}", root.display()))?;
            Ok((
                entry.path().strip_prefix(root)?.to_owned(),
                entry.file_type().is_dir(),
            ))
        })
        .collect()
}
