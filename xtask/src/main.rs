//! The house rules as code: `cargo xtask rules` checks them, `cargo xtask golden` rewrites the golden files.

mod golden;
mod rules;
mod tree;

use anyhow::Context as _;
use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use tree::Tree;

fn main() -> anyhow::Result<ExitCode> {
    // Asked for now, not when compiled: checkouts that share a target folder share this binary.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?;
    let root = Path::new(&manifest)
        .parent()
        .context("xtask has no parent folder")?;
    match env::args().nth(1).as_deref() {
        Some("rules") => check(root),
        Some("golden") => golden::rewrite(root),
        _ => {
            writeln!(io::stderr(), "usage: cargo xtask rules | golden")?;
            Ok(ExitCode::from(2))
        }
    }
}

fn check(root: &Path) -> anyhow::Result<ExitCode> {
    let breaches = rules::breaches(&Tree::load(root)?)?;
    let mut output = io::stdout().lock();
    for breach in &breaches {
        writeln!(output, "{breach}")?;
    }
    writeln!(output, "{} rules, {} breaches", rules::count(), breaches.len())?;
    Ok(if breaches.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
