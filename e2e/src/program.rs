//! Foreign programs: found or named as missing, run to their end, their words kept for the message of a failure.

use anyhow::{Context as _, bail, ensure};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// What it wrote to standard output.
    pub output: Vec<u8>,
    /// What it wrote to standard error.
    pub complaints: String,
    /// Whether its exit code was 0.
    pub success: bool,
}

/// The path of an installed program. Fails with the way to get it.
pub fn tool(name: &str) -> anyhow::Result<PathBuf> {
    let path = env::var_os("PATH").context("there is no PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("`{name}` is not installed; ./scripts/install-test-tools brings it in"))
}

/// The project's folder. Asked for now, not when compiled: checkouts that share a target folder share this program.
pub fn project() -> anyhow::Result<PathBuf> {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run the tests by cargo")?;
    Ok(Path::new(&manifest)
        .parent()
        .context("no project folder")?
        .to_owned())
}

/// A command of the project's own Python environment, running a program of `e2e`.
pub fn python(program: &str) -> anyhow::Result<Command> {
    let mut command = python_tool("python")?;
    command
        .arg(project()?.join("e2e").join(program))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

/// A program that came into the project's own Python environment with a package.
pub fn python_tool(name: &str) -> anyhow::Result<Command> {
    let program = project()?.join(".tools/venv/bin").join(name);
    ensure!(
        program.is_file(),
        "there is no `{name}` in .tools/venv; ./scripts/install-test-tools brings it in"
    );
    Ok(Command::new(program))
}

/// Runs a command to its end and keeps its words. Fails when it cannot be started.
pub fn finish(command: &mut Command) -> anyhow::Result<Finished> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    Ok(Finished {
        output: output.stdout,
        complaints: String::from_utf8_lossy(&output.stderr).into_owned(),
        success: output.status.success(),
    })
}

/// Runs a command that has to succeed; gives its standard output.
pub fn run(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let finished = finish(command)?;
    if !finished.success {
        let output = String::from_utf8_lossy(&finished.output);
        let (said, complaints) = (tail(&output), tail(&finished.complaints));
        bail!(
            "{} failed\n{said}\n{complaints}",
            command.get_program().to_string_lossy()
        );
    }
    Ok(finished.output)
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(30)..)
        .unwrap_or_default()
        .join("\n")
}
