//! `holdall get`: one document.

use crate::arguments::Get;
use crate::console::{self, bytes};
use crate::meter::Meter;
use crate::{accounts, commands};
use anyhow::bail;
use holdall_api_types::Item;
use holdall_client::Progress;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Brings the document to a file, proved by its SHA-256.
pub(crate) fn run(get: &Get) -> anyhow::Result<()> {
    let server = accounts::connect(&get.server)?;
    let Item::Document(document) = server.item(&get.item)? else {
        bail!("{} is a folder: `holdall zip` brings folders", get.item);
    };
    let mut target = get
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(&document.name));
    if target.is_dir() {
        target.push(&document.name);
    }
    if target.exists() && !get.yes {
        commands::zip::confirm(&format!("{} exists; replace it?", target.display()))?;
    }
    let progress = Arc::new(Progress::default());
    let meter = Meter::start(&progress);
    let outcome = server.fetch_document(&document, &target, &progress);
    meter.stop();
    outcome?;
    let fetched = progress.fetched.load(Relaxed);
    if get.server.json {
        let answer = json!({
            "path": target, "document": document.id, "version": document.version,
            "length": document.length, "sha256": document.sha256, "fetched": fetched, "verified": true,
        });
        console::say(&answer.to_string());
    } else {
        console::say(&format!(
            "{}: {}, verified",
            target.display(),
            bytes(document.length)
        ));
    }
    Ok(())
}
