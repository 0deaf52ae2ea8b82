//! Bringing an archive home: staged, fetched in parallel ranges, every entry proved, resumed after whatever happened.
//!
//! The bytes come into a part file; a journal beside it says which of them are there, a plan beside it what they must be.
//! Connections write pieces, provers read them back and hold them against the plan, and what does not match is fetched
//! again. The archive gets its name only when all of it is proved and on disk.

mod attempt;
mod board;
mod bridges;
mod chunks;
mod content;
mod donor;
mod fetch;
mod journal;
mod manifest;
mod pieces;
mod places;
mod plan_file;
mod progress;
mod prove;
mod unpack;

pub use chunks::{Chunked, fetch_by_chunks};
pub use progress::Progress;

pub(crate) use chunks::told;

use crate::{Failure, Remote};
use attempt::Attempt;
use donor::Donor;
use holdall_api_types::{Download, Mode, StageDownload, StagedDownload};
use journal::{Journal, Notes, Purpose};
use manifest::Promise;
use places::Places;
use reqwest::Method;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use unpack::Unpack;

/// What to bring home, and how.
#[derive(Clone, Debug)]
pub struct Order {
    /// Paths and short ids.
    pub items: Vec<String>,
    /// Whether the caller's download queue is taken, too.
    pub queue: bool,
    /// Whether nothing may be left out.
    pub strict: bool,
    /// The archive's own file name; without it the server makes one.
    pub name: Option<String>,
    /// Where it goes.
    pub target: Target,
    /// Parallel connections.
    pub connections: u64,
    /// An older archive that holds much of the new one.
    pub update: Option<PathBuf>,
    /// How long to go on trying while no byte comes.
    pub patience: Duration,
}

/// Where an archive goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a file.
    Archive(PathBuf),
    /// Unpacked into a directory.
    Folder(PathBuf),
}

/// A transfer that is about to begin or to go on.
#[derive(Debug)]
pub struct Transfer {
    server: Remote,
    order: Order,
    places: Places,
    purpose: Purpose,
    journal: Journal,
    notes: Notes,
    donors: Vec<Donor>,
}

/// What an order would bring: nothing is staged.
pub fn preview(server: &Remote, order: &Order) -> Result<StagedDownload, Failure> {
    server.send(
        &Method::POST,
        "/api/v1/downloads",
        &staging(order, true),
        Some(&key()?),
    )
}

impl Transfer {
    /// Whether an earlier run left something that can be gone on with.
    pub fn is_begun(order: &Order) -> bool {
        Places::of(&order.target).journal.exists()
    }

    /// Throws away what an earlier run left.
    pub fn discard(order: &Order) -> Result<(), Failure> {
        let places = Places::of(&order.target);
        places.clear()?;
        places.earlier().clear()
    }

    /// Stages the order, or goes on with what an earlier run left: with its download when that still lives, else with a new
    /// one of the same archive. When the archive has changed since, what came of the old one is kept to take from.
    pub fn begin(server: &Remote, order: Order) -> Result<Self, Failure> {
        let places = Places::of(&order.target);
        if let Target::Folder(path) = &order.target {
            fs::create_dir_all(path).map_err(Failure::disk(path))?;
        }
        let found = Journal::open(&places.journal)?.filter(|_| places.part.exists());
        let (purpose, journal, notes) = match found {
            Some((_, purpose, _)) if !is_same(&purpose, &order, server) => {
                return Err(Failure::InTheWay(format!(
                    "{} is of another download: finish or remove it",
                    places.part.display()
                )));
            }
            Some((journal, purpose, notes)) => resume(server, &order, &places, (journal, purpose, notes))?,
            None => fresh(&places, stage(server, &order)?)?,
        };
        let mut donors = Vec::new();
        if let Some(path) = &order.update {
            donors.push(Donor::open(path)?);
        }
        donors.extend(earlier(&places.earlier())?);
        Ok(Self {
            server: server.clone(),
            order,
            places,
            purpose,
            journal,
            notes,
            donors,
        })
    }

    /// Bytes of the archive.
    pub fn length(&self) -> u64 {
        self.purpose.len
    }

    /// How many documents were left out of it.
    pub fn left_out(&self) -> u64 {
        self.purpose.skipped
    }

    /// The archive's entity tag.
    pub fn etag(&self) -> &str {
        &self.purpose.etag
    }

    /// Does the work, counting on `progress`; gives the path of what is there then. When it fails, what came stays and the same
    /// order goes on from there. A manifest that came damaged is noticed by content that cannot be proved, and fetched anew.
    pub fn run(mut self, progress: &Arc<Progress>) -> Result<PathBuf, Failure> {
        let promise = Promise {
            etag: self.purpose.etag.clone(),
            len: self.purpose.len,
        };
        let download = format!("/api/v1/downloads/{}", self.purpose.download);
        let manifest = format!("{download}/manifest");
        if plan_file::open(&self.places.plan).is_err() {
            manifest::fetch(&self.server, &manifest, &promise, &self.places.plan)?;
        }
        let content = format!("{download}/content");
        let mut outcome = self.attempt(&promise, &content, progress);
        for _ in 0..2 {
            if !matches!(outcome, Err(Failure::Damaged { .. })) || !self.renew_plan(&manifest, &promise)? {
                break;
            }
            outcome = self.attempt(&promise, &content, progress);
        }
        outcome?;
        let path = self.settle()?;
        // It would end by itself; the content is safe here.
        drop(self.server.delete(&download));
        Ok(path)
    }

    fn attempt(&self, promise: &Promise, content: &str, progress: &Arc<Progress>) -> Result<(), Failure> {
        let unpack = match &self.order.target {
            Target::Archive(_) => None,
            Target::Folder(path) => Some(Unpack::into(path)?),
        };
        Attempt {
            server: &self.server,
            content,
            promise,
            places: &self.places,
            journal: &self.journal,
            notes: &self.notes,
            donors: &self.donors,
            unpack: unpack.as_ref(),
            connections: self.order.connections,
            patience: self.order.patience,
            progress,
        }
        .run()
    }

    /// Fetches the manifest anew; says whether it is another one than before.
    fn renew_plan(&mut self, manifest: &str, promise: &Promise) -> Result<bool, Failure> {
        let other = self.places.plan.with_added_extension("again");
        manifest::fetch(&self.server, manifest, promise, &other)?;
        let is_other = !is_equal(&other, &self.places.plan)?;
        if is_other {
            fs::rename(&other, &self.places.plan).map_err(Failure::disk(&other))?;
            self.reopen()?;
        } else {
            fs::remove_file(&other).map_err(Failure::disk(&other))?;
        }
        Ok(is_other)
    }

    fn reopen(&mut self) -> Result<(), Failure> {
        let found = Journal::open(&self.places.journal)?;
        let lost = || Failure::InTheWay("the journal is gone".to_owned());
        (self.journal, self.purpose, self.notes) = found.ok_or_else(lost)?;
        Ok(())
    }

    /// The file takes its name; nothing else is left.
    fn settle(&self) -> Result<PathBuf, Failure> {
        let path = match &self.order.target {
            Target::Archive(path) => {
                finish(&self.places, path)?;
                path
            }
            Target::Folder(path) => path,
        };
        self.places.clear()?;
        self.places.earlier().clear()?;
        Ok(path.clone())
    }
}

type Begun = (Purpose, Journal, Notes);

fn resume(
    server: &Remote,
    order: &Order,
    places: &Places,
    (journal, mut purpose, notes): (Journal, Purpose, Notes),
) -> Result<Begun, Failure> {
    let path = format!("/api/v1/downloads/{}", purpose.download);
    match server.get::<Download>(&path, &[]) {
        Ok(download) if download.etag == purpose.etag => return Ok((purpose, journal, notes)),
        Ok(_) | Err(Failure::NotFound(_) | Failure::Ended(_) | Failure::Denied(_)) => {}
        Err(failure) => return Err(failure),
    }
    let staged = stage(server, order)?;
    if staged.etag == purpose.etag {
        journal.download(&staged.download)?;
        purpose.download = staged.download;
        return Ok((purpose, journal, notes));
    }
    drop(journal);
    let is_usable = matches!(order.target, Target::Archive(_)) && places.plan.exists();
    if is_usable {
        places.shift(&places.earlier())?;
    }
    fresh(places, staged)
}

fn fresh(places: &Places, purpose: Purpose) -> Result<Begun, Failure> {
    places.clear()?;
    let journal = Journal::create(&places.journal, &purpose)?;
    File::create(&places.part).map_err(Failure::disk(&places.part))?;
    Ok((purpose, journal, Notes::default()))
}

fn stage(server: &Remote, order: &Order) -> Result<Purpose, Failure> {
    let staged: StagedDownload = server.send(
        &Method::POST,
        "/api/v1/downloads",
        &staging(order, false),
        Some(&key()?),
    )?;
    let download = staged
        .id
        .ok_or_else(|| Failure::Protocol("what was staged has no id".to_owned()))?;
    Ok(Purpose {
        server: server.address().to_owned(),
        protocol: "native".to_owned(),
        items: order.items.clone(),
        queue: order.queue,
        strict: order.strict,
        skipped: u64::try_from(staged.skipped.len()).unwrap_or(u64::MAX),
        etag: staged.etag,
        len: staged.length,
        name: order.name.clone().unwrap_or_default(),
        download,
    })
}

fn staging(order: &Order, dry_run: bool) -> StageDownload {
    StageDownload {
        items: order.items.clone(),
        mode: if order.strict { Mode::Strict } else { Mode::Partial },
        name: order.name.clone(),
        dry_run,
        queue: order.queue,
    }
}

fn is_same(purpose: &Purpose, order: &Order, server: &Remote) -> bool {
    purpose.server == server.address()
        && purpose.items == order.items
        && (purpose.queue, purpose.strict) == (order.queue, order.strict)
        && purpose.name == order.name.clone().unwrap_or_default()
}

/// A part file that is whole and proved takes its name, and nothing else is left.
fn finish(places: &Places, path: &Path) -> Result<(), Failure> {
    let part = &places.part;
    let file = File::open(part).map_err(Failure::disk(part))?;
    file.sync_all().map_err(Failure::disk(part))?;
    fs::rename(part, path).map_err(Failure::disk(path))?;
    sync_folder_of(path)?;
    places.clear()
}

/// What is left of an archive that changed on the server.
fn earlier(places: &Places) -> Result<Option<Donor>, Failure> {
    let (Some((_, _, notes)), Ok(plan)) = (Journal::open(&places.journal)?, plan_file::open(&places.plan))
    else {
        return Ok(None);
    };
    let file = File::open(&places.part).map_err(Failure::disk(&places.part))?;
    Donor::from_part(file, &plan, &notes.proved).map(Some)
}

/// A key that makes asking twice safe.
pub(crate) fn key() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::InTheWay(error.to_string()))?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

fn sync_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let file = File::open(folder).map_err(Failure::disk(folder))?;
    file.sync_all().map_err(Failure::disk(folder))
}

fn is_equal(one: &Path, other: &Path) -> Result<bool, Failure> {
    use std::io::{BufRead as _, BufReader};
    let open = |path: &Path| File::open(path).map(|file| BufReader::with_capacity(64 << 10, file));
    let (mut left, mut right) = (
        open(one).map_err(Failure::disk(one))?,
        open(other).map_err(Failure::disk(other))?,
    );
    loop {
        let (one_part, other_part) = (
            left.fill_buf().map_err(Failure::disk(one))?,
            right.fill_buf().map_err(Failure::disk(other))?,
        );
        let len = one_part.len().min(other_part.len());
        if one_part.get(..len) != other_part.get(..len) || (len == 0 && one_part.len() != other_part.len()) {
            return Ok(false);
        }
        if len == 0 {
            return Ok(true);
        }
        left.consume(len);
        right.consume(len);
    }
}
