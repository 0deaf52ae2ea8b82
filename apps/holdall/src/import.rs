//! Bringing a directory in: walk it, plan it, hand it to the services, watch the progress.

mod walk;

use anyhow::{Context as _, bail};
use holdall_model::ItemPath;
use holdall_services::{Caller, ImportEvent, ImportSummary, Services};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use tokio::runtime::Handle;

/// What an import did.
#[derive(Debug)]
pub(crate) struct Report {
    /// The counts.
    pub(crate) summary: ImportSummary,
    /// Items stored under another name than on disk.
    pub(crate) renamed: Vec<Renamed>,
    /// Items that were not imported.
    pub(crate) left_out: Vec<LeftOut>,
}

/// An item stored under another name, because its own cannot be stored or clashes with a sibling's.
#[derive(Debug)]
pub(crate) struct Renamed {
    /// The path on disk.
    pub(crate) source: PathBuf,
    /// The name in the library.
    pub(crate) name: String,
}

/// An item that was not imported.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// The path on disk.
    pub(crate) source: PathBuf,
    /// Why.
    pub(crate) reason: String,
}

/// Imports the contents of `source` into the folder at `target`. Runs on a blocking thread of the runtime.
pub(crate) fn import(
    services: &Services,
    owner: &Caller,
    source: &Path,
    target: &str,
) -> anyhow::Result<Report> {
    let facts = source
        .metadata()
        .with_context(|| format!("cannot read {}", source.display()))?;
    if !facts.is_dir() {
        bail!("{} is not a directory", source.display());
    }
    let folder = Handle::current().block_on(services.imports.prepare(owner, &ItemPath::parse(target)))?;
    let walked = walk::walk(source);
    let bar = progress_bar(walked.raw_len);
    let mut report = Report {
        summary: ImportSummary::default(),
        renamed: Vec::new(),
        left_out: walked.left_out,
    };
    report.summary =
        services
            .imports
            .import(owner, (folder.id, walked.tree), &open, |event| match event {
                ImportEvent::Done { raw_len } => bar.inc(raw_len),
                ImportEvent::Renamed { source, name } => {
                    report.renamed.push(Renamed {
                        source: source.clone(),
                        name: name.to_owned(),
                    });
                }
                ImportEvent::LeftOut { source, reason } => {
                    report.left_out.push(LeftOut {
                        source: source.clone(),
                        reason: reason.to_owned(),
                    });
                }
            })?;
    bar.finish_and_clear();
    report
        .left_out
        .sort_by(|one, other| one.source.cmp(&other.source));
    Ok(report)
}

fn open(source: &PathBuf) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(File::open(source)?))
}

/// A bar for that many bytes, hidden unless a person watches.
pub(crate) fn progress_bar(raw_len: u64) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let template = "importing {bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(raw_len), target).with_style(style)
}
