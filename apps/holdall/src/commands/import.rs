//! `holdall import`: a directory's contents, or a library of another server, become documents, with progress, and a report of what
//! could not come along.

use crate::arguments::{Import, ImportFrom};
use crate::config::HouseConfig;
use crate::import::{self, Report};
use crate::migration::{self, MigrationReport, Origin};
use crate::{assemble, commands, console};
use anyhow::Context as _;
use holdall_services::{Caller, Services};
use std::env;

/// The variable that holds the password of the account at the other server.
const PASSWORD: &str = "HOLDALL_INFOROUTER_PASSWORD";

/// Imports and reports. Fails when the target or the owner is wrong; files that cannot be read are reported and left out.
pub(crate) async fn run(arguments: Import) -> anyhow::Result<()> {
    let from = arguments.from()?;
    let config = HouseConfig::load(arguments.house)?;
    match from {
        ImportFrom::Directory { source, target } => {
            let (services, owner) = open(&config, arguments.owner.as_deref()).await?;
            let import = move || import::import(&services, &owner, &source, &target);
            tell(&tokio::task::spawn_blocking(import).await??);
        }
        ImportFrom::Server {
            url,
            user,
            library,
            password_stdin,
            connections,
            zone,
            target,
        } => {
            let origin = Origin {
                url,
                user,
                password: password(password_stdin)?,
                library,
                zone,
                connections,
            };
            let (services, owner) = open(&config, arguments.owner.as_deref()).await?;
            let migrate = move || migration::migrate(&services, &owner, &origin, &target);
            tell_migration(&tokio::task::spawn_blocking(migrate).await??);
        }
    }
    Ok(())
}

async fn open(config: &HouseConfig, owner_name: Option<&str>) -> anyhow::Result<(Services, Caller)> {
    let services = assemble::open(config).await?;
    assemble::ensure_administrator(&services).await?;
    let owner = owner(&services, owner_name).await?;
    Ok((services, owner))
}

fn password(by_stdin: bool) -> anyhow::Result<String> {
    if by_stdin {
        return commands::user::read_password();
    }
    env::var(PASSWORD).with_context(|| {
        format!("the password of the account there is missing: set {PASSWORD} or use --password-stdin")
    })
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

/// What came in, what was here already, and what could not come along.
fn tell_migration(report: &MigrationReport) {
    console::say(&format!(
        "imported {} versions ({}) of {} new documents and {} shortcuts into {} new folders",
        report.versions,
        console::bytes(report.raw_len),
        report.added,
        report.shortcuts,
        report.folders_made,
    ));
    console::say(&format!(
        "there are {} documents in {} folders; {} versions were here already; {} items could not come along",
        report.documents, report.folders, report.unchanged, report.left_out_count,
    ));
    for (path, name) in &report.renamed {
        console::say(&format!("renamed  {path}  to  {name}"));
    }
    for (path, holder) in &report.locked {
        console::say(&format!("not locked here: {path}, checked out there by {holder}"));
    }
    for (what, count) in &report.lacking {
        console::say(&format!("{count} × {what}"));
    }
    for (path, reason) in &report.left_out {
        console::say(&format!("left out {path}: {reason}"));
    }
}
