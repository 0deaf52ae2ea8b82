//! A running `holdall serve`, reached by the address it prints.

use anyhow::{Context as _, bail, ensure};
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// The binary beside this test: `target/<profile>/holdall`.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let test = env::current_exe()?;
    let profile = test
        .parent()
        .and_then(Path::parent)
        .context("the test is not in a target folder")?;
    let binary = profile.join("holdall");
    ensure!(
        binary.is_file(),
        "{} is missing: run `cargo build --workspace --all-targets` first, or ./scripts/test, which does",
        binary.display()
    );
    Ok(binary)
}

/// A server process; killed when dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    pid: u32,
    url: String,
}

impl Server {
    /// Starts `command`, which is `holdall serve`, and waits for its address.
    pub(crate) fn start(command: Command) -> anyhow::Result<Self> {
        Self::spawn(command)
    }

    /// Starts `observer`, a program that runs `holdall serve` as its only child, and waits for its address.
    pub(crate) fn start_observed(observer: Command) -> anyhow::Result<Self> {
        let mut server = Self::spawn(observer)?;
        let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.pid))?;
        server.pid = children
            .split_whitespace()
            .next()
            .context("the observer has no child")?
            .parse()?;
        Ok(server)
    }

    fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let mut process = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start holdall")?;
        let mut output = BufReader::new(process.stdout.take().context("no standard output")?);
        let mut line = String::new();
        let url = loop {
            line.clear();
            if output.read_line(&mut line)? == 0 {
                bail!("holdall ended before it listened: {}", process.wait()?);
            }
            if let Some(url) = line.trim_end().strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        // Nobody reads on, but a full pipe must not stop the server.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        let pid = process.id();
        Ok(Self { process, pid, url })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process that serves.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends the process at once, as a power cut would (SIGKILL).
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.signal("KILL")?;
        self.process.wait()?;
        Ok(())
    }

    /// Asks the process to end (SIGTERM) and waits until it did. Fails unless its exit code is 0.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.signal("TERM")?;
        let status = self.process.wait()?;
        ensure!(status.success(), "holdall ended with {status}");
        Ok(())
    }

    /// Asks the process to read its certificate again (SIGHUP).
    pub fn hang_up(&self) -> anyhow::Result<()> {
        self.signal("HUP")
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
        crate::run(Command::new("kill").arg("-s").arg(name).arg(self.pid.to_string())).map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            drop(self.signal("KILL"));
            drop(self.process.wait());
        }
    }
}
