//! Names that file systems and readers dislike.

use holdall_e2e::{Difference, House, READERS, compare, ugly};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

fn contents(root: &Path) -> anyhow::Result<BTreeSet<Vec<u8>>> {
    let files = WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    files.map(|file| Ok(fs::read(file.path())?)).collect()
}

#[test]
fn z6_ugly_names_reach_every_reader() -> anyhow::Result<()> {
    let house = House::with_users(&["anna"])?;
    let source = house.scratch("Ugly");
    let made = ugly(&source)?;
    let report = house.import(&source, "/Lib/Ugly", "anna")?;
    let server = house.serve()?;
    let client = house.sign_in(&server, "anna")?;
    let archive = house.scratch("ugly.zip");
    client.download(&client.stage("/Lib/Ugly")?)?.fetch(&archive)?;

    let mut trees: Vec<PathBuf> = Vec::new();
    for reader in READERS {
        let target = house.scratch(&format!("by {reader:?}"));
        reader.extract(&archive, &target)?;
        trees.push(target);
    }
    let Some((first, others)) = trees.split_first() else {
        anyhow::bail!("no readers")
    };
    for other in others {
        assert_eq!(
            compare(first, other)?,
            Difference::default(),
            "{} differs",
            other.display()
        );
    }
    let (sent, received) = (contents(&source)?, contents(first)?);
    assert_eq!(sent.len(), made, "each file has a content of its own");
    let missing: Vec<_> = sent
        .difference(&received)
        .map(|content| String::from_utf8_lossy(content))
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?} did not come back; the import said:\n{report}"
    );
    assert_eq!(received.len(), made);
    for kept in [
        "plain.txt",
        "with space.txt",
        "empty.txt",
        "sub/\u{4e1c}\u{4eac}.txt",
        "empty folder",
    ] {
        assert!(first.join("Ugly").join(kept).exists(), "{kept} lost its name");
    }
    Ok(())
}
