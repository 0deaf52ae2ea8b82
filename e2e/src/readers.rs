//! Programs that read zip archives, none of them ours.

use crate::{project, python, run, tool};
use anyhow::{Context as _, ensure};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

/// A way to read an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Info-ZIP.
    Unzip,
    /// 7-Zip.
    SevenZip,
    /// libarchive, which seeks in the file.
    Bsdtar,
    /// libarchive from a pipe: local headers only.
    BsdtarPipe,
    /// Python's `zipfile`.
    Python,
    /// Java's `ZipFile`, compared with `ZipInputStream`.
    Java,
}

/// All of them.
pub const READERS: [Reader; 6] = [
    Reader::Unzip,
    Reader::SevenZip,
    Reader::Bsdtar,
    Reader::BsdtarPipe,
    Reader::Python,
    Reader::Java,
];

impl Reader {
    /// Tests the archive and extracts it into a new directory. Fails on any complaint of the program.
    pub fn extract(self, archive: &Path, target: &Path) -> anyhow::Result<()> {
        fs::create_dir(target)?;
        match self {
            Self::Unzip => unzip(archive, target),
            Self::SevenZip => seven_zip(archive, target),
            Self::Bsdtar => run(Command::new(tool("bsdtar")?)
                .arg("-xf")
                .arg(archive)
                .arg("-C")
                .arg(target))
            .map(drop),
            Self::BsdtarPipe => bsdtar_pipe(archive, target),
            Self::Python => run(python("python/extract.py")?.arg(archive).arg(target)).map(drop),
            Self::Java => java(archive, target),
        }
        .with_context(|| format!("{self:?} does not read {}", archive.display()))
    }
}

fn unzip(archive: &Path, target: &Path) -> anyhow::Result<()> {
    let unzip = tool("unzip")?;
    let words = run(Command::new(&unzip).arg("-tqq").arg(archive))?;
    ensure!(
        words.is_empty(),
        "unzip -tqq says: {}",
        String::from_utf8_lossy(&words)
    );
    let unicode = |command: &mut Command| run(command.env("LC_ALL", "C.UTF-8"));
    unicode(Command::new(&unzip).arg("-qq").arg(archive).arg("-d").arg(target)).map(drop)
}

fn seven_zip(archive: &Path, target: &Path) -> anyhow::Result<()> {
    let program = tool("7z")?;
    run(Command::new(&program).arg("t").arg("-bd").arg(archive))?;
    let mut place = std::ffi::OsString::from("-o");
    place.push(target);
    run(Command::new(&program)
        .args(["x", "-bd", "-y"])
        .arg(place)
        .arg(archive)
        .env("LC_ALL", "C.UTF-8"))
    .map(drop)
}

fn bsdtar_pipe(archive: &Path, target: &Path) -> anyhow::Result<()> {
    let mut feed = Command::new("cat")
        .stdin(File::open(archive)?)
        .stdout(Stdio::piped())
        .spawn()?;
    let pipe = feed.stdout.take().context("no pipe")?;
    let mut command = Command::new(tool("bsdtar")?);
    let status = command
        .args(["-xf", "-", "-C"])
        .arg(target)
        .stdin(pipe)
        .status()?;
    ensure!(status.success(), "bsdtar from a pipe ended with {status}");
    // bsdtar stops reading at the central directory, so that `cat` may end by a closed pipe.
    feed.wait()?;
    Ok(())
}

fn java(archive: &Path, target: &Path) -> anyhow::Result<()> {
    let program = project()?.join("e2e/java/Extract.java");
    let mut command = Command::new(tool("java")?);
    command
        .args(["-Xmx512m", "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8"])
        .env("LC_ALL", "C.UTF-8");
    run(command.arg(program).arg(archive).arg(target)).map(drop)
}
