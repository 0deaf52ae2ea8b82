//! Rewriting the golden files: the tests that compare with them write them instead; the diff is the review.

use anyhow::Context as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Runs the tests that hold golden files with `HOLDALL_GOLDEN=update`.
pub(crate) fn rewrite(root: &Path) -> anyhow::Result<ExitCode> {
    let status = Command::new("cargo")
        .args([
            "test",
            "--package",
            "holdall-asmx",
            "--package",
            "holdall-api",
            "golden",
        ])
        .env("HOLDALL_GOLDEN", "update")
        .current_dir(root)
        .status()
        .context("cannot run cargo")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
