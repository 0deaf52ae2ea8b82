//! A large tree of files that nobody here made.

use holdall_e2e::{Difference, House, READERS, compare, gather};
use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

const WANTED: usize = 20_000;

#[test]
fn twenty_thousand_real_files_come_back_by_every_reader() -> anyhow::Result<()> {
    let house = House::with_users(&["anna"])?;
    let source = house.scratch("Real");
    let count = gather(&source, WANTED)?;
    writeln!(stderr(), "{count} real files, wanted were {WANTED}")?;
    assert!(
        count == WANTED || env::var_os("CI").is_none(),
        "only {count} real files on this machine"
    );

    let report = house.import(&source, "/Lib/Real", "anna")?;
    let server = house.serve()?;
    let client = house.sign_in(&server, "anna")?;
    let archive = house.scratch("real.zip");
    client.download(&client.stage("/Lib/Real")?)?.fetch(&archive)?;
    let expected = house.scratch("expected");
    rename(&source, &expected.join("Real"), &renames(&report))?;
    for reader in READERS {
        let target = house.scratch("extracted");
        reader.extract(&archive, &target)?;
        let difference = compare(&expected, &target)?;
        assert_eq!(
            difference,
            Difference::default(),
            "{reader:?}; the import said:\n{report}"
        );
        fs::remove_dir_all(&target)?;
    }
    Ok(())
}

/// What the import stored under another name.
fn renames(report: &str) -> HashMap<PathBuf, &str> {
    let lines = report
        .lines()
        .filter_map(|line| line.strip_prefix("renamed  ")?.split_once("  to  "));
    lines
        .map(|(source, name)| (PathBuf::from(source), name))
        .collect()
}

/// Moves a tree to another place under the names that the import reported.
fn rename(source: &Path, target: &Path, renames: &HashMap<PathBuf, &str>) -> anyhow::Result<()> {
    let mut places = HashMap::from([(source.to_owned(), target.to_owned())]);
    fs::create_dir_all(target)?;
    for entry in WalkDir::new(source).min_depth(1) {
        let entry = entry?;
        let Some(folder) = entry.path().parent().and_then(|parent| places.get(parent)) else {
            continue;
        };
        let name = renames
            .get(entry.path())
            .map_or_else(|| entry.file_name().to_owned(), Into::into);
        let place = folder.join(name);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&place)?;
            places.insert(entry.path().to_owned(), place);
        } else {
            fs::rename(entry.path(), &place)?;
        }
    }
    Ok(())
}
