//! Files that nobody here made: what is installed on the machine, copied into one directory.

use anyhow::Context as _;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use walkdir::WalkDir;

/// Copies readable files of the machine below `target`, keeping their paths, until there are `wanted`; gives their number.
/// It takes from the Rust documentation, system documentation and headers, and the sources of the dependencies.
pub fn gather(target: &Path, wanted: usize) -> anyhow::Result<usize> {
    let mut count = 0;
    for source in sources()? {
        let top = target.join(source.file_name().context("a source without a name")?);
        for entry in WalkDir::new(&source)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
        {
            if count == wanted {
                return Ok(count);
            }
            let is_plain = entry.file_type().is_file() && entry.path().to_str().is_some();
            let copy = top.join(entry.path().strip_prefix(&source)?);
            if is_plain && copy_file(entry.path(), &copy).is_ok() {
                count += 1;
            }
        }
    }
    Ok(count)
}

fn copy_file(from: &Path, to: &Path) -> anyhow::Result<()> {
    let content = fs::read(from)?;
    fs::create_dir_all(to.parent().context("no folder")?)?;
    fs::write(to, content)?;
    Ok(())
}

fn sources() -> anyhow::Result<Vec<PathBuf>> {
    let sysroot = String::from_utf8(crate::run(Command::new("rustc").args(["--print", "sysroot"]))?)?;
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let mut sources = vec![
        PathBuf::from("/usr/share/doc"),
        PathBuf::from("/usr/include"),
        PathBuf::from(sysroot.trim()).join("share/doc"),
    ];
    sources.extend(cargo_home.map(|home| home.join("registry/src")));
    sources.push(PathBuf::from("/usr/share"));
    Ok(sources.into_iter().filter(|source| source.is_dir()).collect())
}
