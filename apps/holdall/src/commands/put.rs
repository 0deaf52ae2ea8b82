//! `holdall put`: files and directories become documents, several at once.

use crate::accounts;
use crate::arguments::Put;
use crate::console::{self, bytes};
use crate::exit::Done;
use crate::meter::Meter;
use crate::put::{Going, Notes, Plan};
use anyhow::bail;
use holdall_client::{Failure, Progress, Remote, Upload};
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Brings what changed, and tells what did and what could not.
pub(crate) fn run(put: &Put) -> anyhow::Result<Done> {
    let server = accounts::connect(&put.server)?;
    let Some((target, sources)) = put.paths.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        bail!("put wants files or directories, and a folder of a library after them");
    };
    let Some(target) = target.to_str().filter(|target| target.starts_with('/')) else {
        bail!("the last argument is a folder of a library, such as /Projects/Bridge");
    };
    let mut plan = Plan::make(&server, sources, target, put.checksum)?;
    let progress = Arc::new(Progress::default());
    progress
        .total
        .store(plan.going.iter().map(|going| going.length).sum(), Relaxed);
    let meter = Meter::start(&progress);
    let sent = send(&server, &plan.going, put.connections, &progress);
    meter.stop();
    let failed = sent?;
    let done = u64::try_from(plan.going.len() - failed.len())?;
    plan.left_out.extend(failed);
    tell(put, &plan, done, &progress);
    Ok(if plan.left_out.is_empty() {
        Done::Whole
    } else {
        Done::Incomplete
    })
}

type LeftOut = Vec<(PathBuf, String)>;

/// Sends everything; a file that cannot go keeps no other from going, but who is not signed in sends nothing.
fn send(server: &Remote, going: &[Going], connections: u64, progress: &Progress) -> anyhow::Result<LeftOut> {
    let notes = Notes::load()?;
    let sending = Sending {
        server,
        going,
        notes: &notes,
        progress,
        next: AtomicUsize::new(0),
        failed: Mutex::default(),
        end: Mutex::default(),
    };
    thread::scope(|scope| {
        for _ in 0..connections.max(1) {
            scope.spawn(|| sending.run());
        }
    });
    match sending.end.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(failure) => Err(failure.into()),
        None => Ok(sending
            .failed
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)),
    }
}

/// What all connections have in common.
struct Sending<'a> {
    server: &'a Remote,
    going: &'a [Going],
    notes: &'a Notes,
    progress: &'a Progress,
    next: AtomicUsize,
    failed: Mutex<LeftOut>,
    /// What ends it for all files.
    end: Mutex<Option<Failure>>,
}

impl Sending<'_> {
    fn run(&self) {
        while let Some(file) = self.going.get(self.next.fetch_add(1, Relaxed)) {
            match send_one(self.server, file, self.notes, self.progress) {
                Ok(()) => {}
                Err(failure @ (Failure::SignedOut(_) | Failure::Unreachable(_))) => {
                    self.next.store(self.going.len(), Relaxed);
                    let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
                    end.get_or_insert(failure);
                }
                Err(failure) => {
                    let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                    failed.push((file.source.clone(), failure.to_string()));
                }
            }
        }
    }
}

fn send_one(server: &Remote, file: &Going, notes: &Notes, progress: &Progress) -> Result<(), Failure> {
    let key = Notes::key(server, file).map_err(|error| Failure::InTheWay(format!("{error:#}")))?;
    let upload = Upload {
        source: &file.source,
        folder: file.folder,
        name: &file.name,
        modified: &file.modified,
        length: file.length,
    };
    server.upload(
        &upload,
        notes.find(&key),
        |address| notes.add(&key, address),
        progress,
    )?;
    progress.documents.fetch_add(1, Relaxed);
    notes.remove(&key)
}

fn tell(put: &Put, plan: &Plan, done: u64, progress: &Progress) {
    let sent = progress.fetched.load(Relaxed);
    for (path, reason) in &plan.left_out {
        console::complain(&format!("left out  {}: {reason}", path.display()));
    }
    if put.server.json {
        let left_out: Vec<_> = plan
            .left_out
            .iter()
            .map(|(path, reason)| json!({"path": path.to_string_lossy(), "reason": reason}))
            .collect();
        let answer = json!({"stored": done, "unchanged": plan.unchanged, "sent": sent, "left_out": left_out});
        console::say(&answer.to_string());
    } else {
        console::say(&format!(
            "{done} stored ({}), {} unchanged, {} left out",
            bytes(sent),
            plan.unchanged,
            plan.left_out.len()
        ));
    }
}
