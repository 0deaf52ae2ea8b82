//! `holdall import`: a directory's contents become documents, with progress, and a report of what could not come along.

use crate::arguments::Import;
use crate::config::HouseConfig;
use crate::import::{self, Report};
use crate::{assemble, console};
use anyhow::Context as _;
use holdall_services::{Caller, Services};

/// Imports and reports. Fails when the target or the owner is wrong; files that cannot be read are reported and left out.
pub(crate) async fn run(arguments: Import) -> anyhow::Result<()> {
    let config = HouseConfig::load(arguments.house)?;
    let services = assemble::open(&config).await?;
    assemble::ensure_administrator(&services).await?;
    let owner = owner(&services, arguments.owner.as_deref()).await?;
    let (source, target) = (arguments.source, arguments.target);
    let report =
        tokio::task::spawn_blocking(move || import::import(&services, &owner, &source, &target)).await??;
    tell(&report);
    Ok(())
}

async fn owner(services: &Services, name: Option<&str>) -> anyhow::Result<Caller> {
    match name {
        Some(name) => services
            .sessions
            .operator(name)
            .await
            .with_context(|| format!("no enabled account is named {name}")),
        None => services
            .sessions
            .first_administrator()
            .await?
            .context("there is no administrator to own the import"),
    }
}

/// What came in, what was there already, what took another name, and what stayed behind.
pub(crate) fn tell(report: &Report) {
    let summary = &report.summary;
    console::say(&format!(
        "imported {} documents ({}) into {} new folders: {} added, {} changed, {} unchanged, {} left out",
        summary.added + summary.changed,
        console::bytes(summary.raw_len),
        summary.folders_made,
        summary.added,
        summary.changed,
        summary.unchanged,
        report.left_out.len(),
    ));
    for renamed in &report.renamed {
        console::say(&format!(
            "renamed  {}  to  {}",
            renamed.source.display(),
            renamed.name
        ));
    }
    for left in &report.left_out {
        console::say(&format!("left out {}: {}", left.source.display(), left.reason));
    }
}
