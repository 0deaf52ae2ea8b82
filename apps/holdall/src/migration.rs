//! Bringing a library in from an infoRouter server, over its documented operations: folders, documents, versions, owners, dates
//! and access lists, as far as the rights of the account there and the accounts here allow.
//!
//! Threads: one walks the folders there, wave by wave, and compares with what is here; some fetch what is missing; the caller's
//! stores it, in the order of the walk. Channels of bounded length between them bound the memory.

mod fetch;
mod fields;
mod places;
mod report;
mod round;
mod walk;

pub(crate) use report::MigrationReport;

use crate::import;
use anyhow::{Context as _, anyhow};
use fetch::{Content, Fetching};
use holdall_client::srv::{ServerZone, SrvClient};
use holdall_model::{DocumentId, ItemPath};
use holdall_services::{BroughtIn, BroughtVersion, Caller, Ground, NotBrought, Services, StoredOf};
use indicatif::ProgressBar;
use report::Findings;
use round::Round;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use tokio::runtime::Handle;
use walk::Walk;

/// Versions that wait to be stored, beyond those being fetched.
const WAITING: usize = 512;

/// The server a library comes from.
pub(crate) struct Origin {
    /// Its address.
    pub(crate) url: String,
    /// The account there.
    pub(crate) user: String,
    /// That account's password.
    pub(crate) password: String,
    /// The library, or a folder of one, by path.
    pub(crate) library: String,
    /// The IANA name of the time zone that server shows; without it, its offset of now.
    pub(crate) zone: Option<String>,
    /// Documents fetched, and folders listed, at a time.
    pub(crate) connections: usize,
}

/// What all threads of a migration see.
struct Migration<'a> {
    services: &'a Services,
    owner: &'a Caller,
    client: SrvClient,
    zone: ServerZone,
    ground: Ground,
    connections: usize,
    findings: Findings,
    /// Documents that are here, by their id there: what shortcuts point to.
    here: Mutex<HashMap<i64, DocumentId>>,
    bar: ProgressBar,
}

/// Brings the library of `origin` into the folder at `target`. Runs on a blocking thread of the runtime.
pub(crate) fn migrate(
    services: &Services,
    owner: &Caller,
    origin: &Origin,
    target: &str,
) -> anyhow::Result<MigrationReport> {
    let client = SrvClient::sign_in(&origin.url, &origin.user, &origin.password)
        .with_context(|| format!("cannot sign in at {}", origin.url))?;
    let zone = match &origin.zone {
        Some(name) => ServerZone::named(name).with_context(|| format!("no time zone is named {name}"))?,
        None => client.zone()?,
    };
    let top = client
        .folder(&origin.library, &zone)
        .with_context(|| format!("cannot see {} there", origin.library))?;
    let ground = Handle::current().block_on(services.imports.ground(owner, &ItemPath::parse(target)))?;
    let migration = Migration {
        services,
        owner,
        client,
        zone,
        connections: origin.connections,
        findings: Findings::default(),
        here: Mutex::default(),
        // Its length grows as the walk finds what is missing.
        bar: import::progress_bar(0),
        ground,
    };
    migration.furnish(&origin.library, &top)?;
    migration.run(&origin.library)?;
    migration.bar.finish_and_clear();
    Ok(migration.findings.into_report())
}

impl Migration<'_> {
    fn run(&self, library: &str) -> anyhow::Result<()> {
        let (send_task, tasks) = sync_channel(self.connections);
        let (send_version, mut versions) = sync_channel(WAITING);
        let fetching = &Fetching::new(tasks);
        let (walked, stored) = thread::scope(|scope| {
            for _ in 0..self.connections {
                scope.spawn(|| fetching.work(&self.client));
            }
            let walking =
                scope.spawn(move || Walk::new(self, fetching, (send_task, send_version)).run(library));
            let stored = self.store(&mut versions);
            // When storing failed, nobody takes what the others have.
            drop(versions);
            fetching.stop_unless(stored.is_ok());
            (walking.join(), stored)
        });
        stored?;
        let shortcuts = walked.map_err(|_| anyhow!("the walking thread died"))?;
        // The line's failure explains why the walk or the documents are not whole.
        if let Some(error) = fetching.lost() {
            return Err(error)
                .context("the connection was lost; run the same command again to go on from here");
        }
        let shortcuts =
            shortcuts.context("the walk ended early; run the same command again to go on from here")?;
        self.bring_shortcuts(shortcuts)
    }

    /// Stores what comes, a round at a time, so that little is fetched again after a crash.
    fn store(&self, versions: &mut Receiver<BroughtVersion<Content>>) -> anyhow::Result<()> {
        let history = self.services.imports.history(self.owner);
        while let Ok(first) = versions.recv() {
            let round = Round::new(first, versions);
            history.bring(
                round,
                |version| version.source.open(),
                |version, brought| self.note(version, brought),
            )?;
        }
        Ok(())
    }

    fn note(&self, version: &BroughtVersion<Content>, brought: BroughtIn) {
        let path = version.source.path();
        match brought.outcome {
            Ok(outcome) => {
                let (StoredOf::Created(stored) | StoredOf::Versioned(stored)) = outcome else {
                    return;
                };
                let is_new = matches!(outcome, StoredOf::Created(_));
                self.findings.count_version(is_new, brought.raw_len);
                self.remember(version.document.key, stored.document);
            }
            Err(NotBrought::Unreadable(error)) => self.findings.leave_out(&path, &error.to_string()),
            Err(NotBrought::Refused(failure)) => self.findings.leave_out(&path, &failure.to_string()),
        }
        self.bar.inc(version.source.announced_len());
    }

    /// Notes where a document of there is here.
    fn remember(&self, there: i64, here: DocumentId) {
        self.here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(there, here);
    }
}
