//! `holdall zip`: any number of documents as one file, or unpacked, whatever the line does on the way.

use crate::accounts;
use crate::arguments::{Protocol, Zip};
use crate::console::{self, bytes};
use crate::exit::Done;
use crate::meter::Meter;
use anyhow::{Context as _, bail};
use holdall_api_types::{Skip, StagedDownload};
use holdall_client::{Failure, Order, Progress, Remote, Target, Transfer, fetch_by_chunks, preview};
use serde_json::json;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Tells what will come, brings it, tells what came.
pub(crate) fn run(zip: &Zip) -> anyhow::Result<Done> {
    let server = accounts::connect(&zip.server)?;
    let mut order = order(zip);
    let mut left_out = 0;
    if zip.protocol == Protocol::Srv {
        return bring_by_chunks(zip, &server, &order);
    }
    if zip.restart {
        Transfer::discard(&order)?;
    }
    let is_named = zip.output.is_some() || zip.extract.is_some();
    if is_named && Transfer::is_begun(&order) {
        console::note("going on with what an earlier run left");
    } else {
        let preview = preview(&server, &order).map_err(list_skipped)?;
        if zip.output.is_none() && zip.extract.is_none() {
            order.target = Target::Archive(PathBuf::from(&preview.name));
        }
        left_out = u64::try_from(preview.skipped.len())?;
        tell(&preview);
        check(zip, &order, &preview)?;
    }
    bring(zip, &server, order, left_out)
}

fn bring(zip: &Zip, server: &Remote, order: Order, left_out: u64) -> anyhow::Result<Done> {
    let transfer = Transfer::begin(server, order)?;
    let (length, etag) = (transfer.length(), transfer.etag().to_owned());
    let left_out = transfer.left_out().max(left_out);
    let progress = Arc::new(Progress::default());
    let meter = Meter::start(&progress);
    let outcome = transfer.run(&progress);
    meter.stop();
    let path = outcome?;
    let (fetched, documents) = (progress.fetched.load(Relaxed), progress.documents.load(Relaxed));
    if zip.server.json {
        let answer = json!({
            "path": path, "length": length, "etag": etag, "documents": documents,
            "fetched": fetched, "skipped": left_out, "verified": true,
        });
        console::say(&answer.to_string());
    } else {
        console::say(&format!(
            "{}: {documents} documents, {}, every one verified; {} fetched",
            path.display(),
            bytes(length),
            bytes(fetched),
        ));
        if zip.update.is_some() {
            console::say(&format!(
                "{} were here already",
                bytes(length.saturating_sub(fetched))
            ));
        }
    }
    Ok(if left_out > 0 {
        Done::Incomplete
    } else {
        Done::Whole
    })
}

/// Any server that speaks infoRouter's protocol.
fn bring_by_chunks(zip: &Zip, server: &Remote, order: &Order) -> anyhow::Result<Done> {
    let Some(output) = zip.output.as_ref().filter(|_| zip.update.is_none() && !zip.queue) else {
        bail!("--protocol srv wants -o, and knows neither --update nor --queue nor --extract");
    };
    if zip.restart {
        Transfer::discard(order)?;
    }
    if output.exists() && !zip.yes {
        confirm(&format!("{} exists; replace it?", output.display()))?;
    }
    let progress = Arc::new(Progress::default());
    let meter = Meter::start(&progress);
    let outcome = fetch_by_chunks(server, order, &progress);
    meter.stop();
    let came = outcome?;
    let (fetched, documents) = (progress.fetched.load(Relaxed), progress.documents.load(Relaxed));
    if zip.server.json {
        let answer = json!({
            "path": came.path, "length": came.length, "documents": documents,
            "fetched": fetched, "skipped": came.left_out, "verified": true,
        });
        console::say(&answer.to_string());
    } else {
        let (path, length) = (came.path.display(), bytes(came.length));
        console::say(&format!(
            "{path}: {documents} documents, {length}, every one verified by its CRC-32"
        ));
    }
    Ok(if came.left_out > 0 {
        Done::Incomplete
    } else {
        Done::Whole
    })
}

fn order(zip: &Zip) -> Order {
    let target = match (&zip.output, &zip.extract) {
        (_, Some(folder)) => Target::Folder(folder.clone()),
        (Some(file), None) => Target::Archive(file.clone()),
        // Named by the server's answer.
        (None, None) => Target::Archive(PathBuf::new()),
    };
    Order {
        items: zip.items.clone(),
        queue: zip.queue,
        strict: zip.strict,
        name: zip.name.clone(),
        target,
        connections: zip.connections,
        update: zip.update.clone(),
        patience: Duration::from_secs(zip.patience),
    }
}

/// What will come, for people.
fn tell(preview: &StagedDownload) {
    console::note(&format!(
        "{}: {} documents, exactly {}",
        preview.name,
        preview.documents,
        bytes(preview.length)
    ));
    for renamed in &preview.renamed {
        console::note(&format!("renamed   {}  to  {}", renamed.path, renamed.name));
    }
    skipped(&preview.skipped);
}

fn skipped(skips: &[Skip]) {
    for skip in skips {
        let reason = serde_json::to_value(skip.reason).unwrap_or_default();
        let reason = reason.as_str().unwrap_or_default().replace('_', " ");
        console::complain(&format!("left out  {}: {reason}", skip.path));
    }
}

fn list_skipped(failure: Failure) -> Failure {
    if let Failure::Incomplete(skips) = &failure {
        skipped(skips);
    }
    failure
}

/// Whether there is room, and whether a file may be replaced.
fn check(zip: &Zip, order: &Order, preview: &StagedDownload) -> anyhow::Result<()> {
    let path = match &order.target {
        Target::Archive(path) | Target::Folder(path) => path,
    };
    let room = room_at(path)?;
    let needed = preview.length;
    if room < needed {
        bail!("{} are needed, {} are free", bytes(needed), bytes(room));
    }
    let is_update = zip.update.as_ref() == Some(path);
    if let Target::Archive(path) = &order.target
        && path.exists()
        && !zip.yes
        && !is_update
    {
        confirm(&format!("{} exists; replace it?", path.display()))?;
    }
    Ok(())
}

/// Free bytes where a path is or will be.
fn room_at(path: &Path) -> anyhow::Result<u64> {
    let mut folder = std::path::absolute(path)?;
    while !folder.is_dir() {
        folder = folder.parent().context("there is no such place")?.to_owned();
    }
    let figures = rustix::fs::statvfs(&folder)?;
    Ok(figures.f_bavail.saturating_mul(figures.f_frsize))
}

/// Asks; without somebody to answer the answer is no.
pub(crate) fn confirm(question: &str) -> anyhow::Result<()> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        bail!("{question} --yes says so");
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("y") {
        return Ok(());
    }
    bail!("left as it is")
}
