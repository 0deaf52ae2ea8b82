//! Download managers that people have already: stopped anywhere, they go on from there, and eight connections give one file.

use crate::Stage;
use anyhow::{Context as _, ensure};
use holdall_e2e::{Download, run, tool};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

const RAW_LEN: usize = 24 << 20;

/// A program that fetches an address to a file and can be run again to go on.
type Manager = fn(&Download, &Path) -> anyhow::Result<Command>;

fn wget(download: &Download, target: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(tool("wget")?);
    command.args(["--quiet", "--no-config", "--tries=1", "--continue"]);
    command.arg("--header").arg(download.authorization());
    command.arg("--output-document").arg(target).arg(download.url());
    Ok(command)
}

fn aria2c(download: &Download, target: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(tool("aria2c")?);
    command.args([
        "--no-conf",
        "--quiet",
        "--max-connection-per-server=8",
        "--split=8",
    ]);
    command.args(["--min-split-size=1M", "--file-allocation=none", "--max-tries=1"]);
    command.args(["--continue=true", "--auto-save-interval=0"]);
    command.arg("--header").arg(download.authorization());
    command
        .arg("--dir")
        .arg(target.parent().context("no folder")?)
        .arg("--out")
        .arg(target.file_name().context("no name")?);
    command.arg(download.url());
    Ok(command)
}

/// Starts the program slowed down, ends it by `signal` when some of the file is there, and runs it again at full speed.
fn stop_and_go_on(manager: Manager, slow: &str, signal: &str) -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let (whole, target) = (
        stage.house.scratch("whole.zip"),
        stage.house.scratch("managed.zip"),
    );
    stage.download.fetch(&whole)?;
    let mut process = manager(&stage.download, &target)?
        .arg(slow)
        .stdout(Stdio::null())
        .spawn()?;
    while fs::metadata(&target).map_or(0, |facts| facts.len()) < 3 << 20 {
        ensure!(
            process.try_wait()?.is_none(),
            "the first run ended before it could be stopped"
        );
        thread::yield_now();
    }
    run(Command::new("kill").args(["-s", signal, &process.id().to_string()]))?;
    ensure!(!process.wait()?.success(), "the first run was not stopped");
    run(&mut manager(&stage.download, &target)?)?;
    ensure!(fs::read(&whole)? == fs::read(&target)?, "the archive differs");
    Ok(())
}

#[test]
fn l3_wget_continues_after_being_killed() -> anyhow::Result<()> {
    stop_and_go_on(wget, "--limit-rate=8m", "KILL")
}

#[test]
fn l3_aria2c_continues_on_eight_connections() -> anyhow::Result<()> {
    stop_and_go_on(aria2c, "--max-overall-download-limit=8M", "TERM")
}

#[test]
fn l3_aria2c_on_eight_connections_gives_the_archive() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let (whole, target) = (stage.house.scratch("whole.zip"), stage.house.scratch("eight.zip"));
    stage.download.fetch(&whole)?;
    run(&mut aria2c(&stage.download, &target)?)?;
    ensure!(fs::read(&whole)? == fs::read(&target)?, "the archive differs");
    Ok(())
}
