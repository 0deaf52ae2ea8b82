//! Staging: choose what the caller may read, lay it out as a zip, remember the plan. No archive byte is made.

mod admit;
mod file_name;
mod harvest;
mod layout;
mod plan;
mod select;
mod selection;
mod shortcuts;
mod single;

pub use admit::StagingLimits;
pub use single::StagedDocument;

use crate::access::Standing;
use crate::downloads::Downloads;
use crate::house::House;
use crate::sessions::secrets::{digest_of, new_secret};
use crate::{Caller, Failure, Skip, kept, settings};
use admit::{Admitted, Limits, Turns};
use holdall_catalog::Tx;
use holdall_catalog::downloads::{self as rows, DownloadKind, NewDownload};
use holdall_model::{Guid, ItemRef, PackId, ShortIdError, Stopwatch, Timestamp};
use plan::Planned;
use selection::Selection;
use std::sync::Arc;

/// What to do about documents that may be listed but not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnTrouble {
    /// Stage nothing and name them.
    #[default]
    Fail,
    /// Leave them out and name them.
    Skip,
}

/// How to stage.
#[derive(Clone, Debug, Default)]
pub struct StageOptions {
    /// What to do about documents that may be listed but not included.
    pub on_trouble: OnTrouble,
    /// The archive's file name; without it one is made from the selection. `.zip` is added if it is missing.
    pub name: Option<String>,
    /// Whether what is in the caller's download queue goes in too.
    pub queue: bool,
}

/// A document or folder whose name in the archive differs from its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// Its full path in the library.
    pub path: String,
    /// Its path in the archive.
    pub name: String,
}

/// What an archive would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The file name to save it under.
    pub file_name: String,
    /// Its exact length in bytes.
    pub content_len: u64,
    /// Its entries: documents and folders.
    pub entries: u64,
    /// Its documents.
    pub documents: u64,
    /// Bytes of those documents, before they are packed.
    pub raw_len: u64,
    /// What administrators allow in one archive.
    pub limits: StagingLimits,
    /// What was left out, by path.
    pub skips: Vec<Skip>,
    /// What is called differently in it, by path.
    pub renamed: Vec<Renamed>,
    /// The strong entity tag, quoted: equal archives have equal tags.
    pub etag: String,
}

/// An archive that can be fetched.
#[derive(Clone, Debug)]
pub struct Staged {
    /// Opens it, together with a session of the user who staged it.
    pub handle: Guid,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// When it ends for good.
    pub ends: Timestamp,
    /// The file name to save it under.
    pub file_name: String,
    /// Its exact length in bytes.
    pub content_len: u64,
    /// Its entries: documents and folders.
    pub entries: u64,
    /// Its documents.
    pub documents: u64,
    /// Bytes of those documents, before they are packed.
    pub raw_len: u64,
    /// What administrators allow in one archive.
    pub limits: StagingLimits,
    /// What was left out, by path.
    pub skips: Vec<Skip>,
    /// What is called differently in it, by path.
    pub renamed: Vec<Renamed>,
    /// The strong entity tag, quoted: equal archives have equal tags.
    pub etag: String,
}

impl Staged {
    /// The same without what it takes to fetch it.
    pub fn into_preview(self) -> Preview {
        Preview {
            file_name: self.file_name,
            content_len: self.content_len,
            entries: self.entries,
            documents: self.documents,
            raw_len: self.raw_len,
            limits: self.limits,
            skips: self.skips,
            renamed: self.renamed,
            etag: self.etag,
        }
    }
}

/// Staging archives and single documents.
#[derive(Clone, Debug)]
pub struct Staging {
    house: Arc<House>,
    downloads: Downloads,
    turns: Turns,
}

/// A selection that may be staged.
struct Chosen {
    selection: Selection,
    admitted: Admitted,
    file_name: String,
    /// The epoch of the access lists that it was chosen in.
    authz_epoch: i64,
}

impl Staging {
    pub(crate) fn new(house: Arc<House>, downloads: Downloads) -> Self {
        Self {
            house,
            downloads,
            turns: Turns::default(),
        }
    }

    /// Stages an archive of all that the caller may read below `items`; malformed items count as not found.
    ///
    /// [`Failure::NothingSelected`] if no item resolves; [`Failure::Incomplete`] with the documents that may be listed but
    /// not included, in [`OnTrouble::Fail`] or if nothing else is there; [`Failure::OverStagingLimits`],
    /// [`Failure::QuotaReached`] and [`Failure::StagingDisabled`] by what administrators allow.
    pub async fn stage(
        &self,
        caller: &Caller,
        items: &[Result<ItemRef, ShortIdError>],
        options: &StageOptions,
    ) -> Result<Staged, Failure> {
        let (watch, turn) = (Stopwatch::start(), self.turns.take(caller.user())?);
        let chosen = self.choose(caller, items, options).await?;
        let kept = self.downloads.keep_plans().await;
        let blobs = self.house.blobs.clone();
        let Chosen {
            selection,
            admitted,
            file_name,
            authz_epoch,
        } = chosen;
        let planning = move || plan::write(&blobs, selection);
        let planned = tokio::task::spawn_blocking(planning)
            .await
            .map_err(Failure::internal)??;
        let digest = planned.digest;
        let preview = Preview::new(file_name, admitted, planned);
        let handle = new_secret()?;
        let (created, expires, ends) = self.lifetime();
        let download = NewDownload {
            handle: digest_of(&handle),
            user: caller.user(),
            kind: DownloadKind::Archive(digest),
            file_name: preview.file_name.clone(),
            content_len: preview.content_len,
            entry_count: preview.entries,
            document_count: preview.documents,
            authz_epoch,
            created,
            expires,
            ends,
            pack: PackId(0),
            pack_offset: 0,
        };
        self.remember(download).await?;
        drop((kept, turn));
        metrics::histogram!("holdall_staging_seconds").record(watch.elapsed());
        metrics::counter!("holdall_staged_total").increment(1);
        Ok(Staged::new(handle, (expires, ends), preview))
    }

    /// What [`Self::stage`] would stage, with the same failures but for the quota of downloads. Remembers nothing.
    pub async fn preview(
        &self,
        caller: &Caller,
        items: &[Result<ItemRef, ShortIdError>],
        options: &StageOptions,
    ) -> Result<Preview, Failure> {
        let turn = self.turns.take(caller.user())?;
        let chosen = self.choose(caller, items, options).await?;
        let Chosen {
            selection,
            admitted,
            file_name,
            ..
        } = chosen;
        let planning = move || plan::measure(selection);
        let planned = tokio::task::spawn_blocking(planning)
            .await
            .map_err(Failure::internal)??;
        drop(turn);
        Ok(Preview::new(file_name, admitted, planned))
    }

    async fn choose(
        &self,
        caller: &Caller,
        items: &[Result<ItemRef, ShortIdError>],
        options: &StageOptions,
    ) -> Result<Chosen, Failure> {
        let (mut items, options) = (items.to_vec(), options.clone());
        let choose = move |tx: &mut Tx<'_>, standing: &Standing| {
            let limits = limits(tx)?;
            if options.queue {
                items.extend(kept::queued(tx, standing.user())?.into_iter().map(Ok));
            }
            let selection = select::select(tx, standing, &items)?;
            let admitted = limits.admit(&selection, options.on_trouble)?;
            Ok(Chosen {
                file_name: file_name::file_name(options.name.as_deref(), &selection),
                selection,
                admitted,
                authz_epoch: tx.authz_epoch()?,
            })
        };
        self.house.read_as(caller, choose).await
    }

    /// When a download that is staged now was created, expires unless it is used, and ends for good.
    fn lifetime(&self) -> (Timestamp, Timestamp, Timestamp) {
        let (now, options) = (self.house.clock.now(), &self.house.options);
        let ends = now.plus(options.download_cap);
        (now, now.plus(options.download_idle).min(ends), ends)
    }

    /// Commits a download, if the user may have one more.
    async fn remember(&self, download: NewDownload) -> Result<(), Failure> {
        let most = self.house.options.downloads_per_user;
        let remember = move |tx: &mut Tx<'_>| {
            if rows::count_live(tx, download.user, download.created)? >= most {
                return Err(Failure::QuotaReached {
                    what: "downloads",
                    most,
                });
            }
            rows::insert(tx, &download)?;
            Ok(())
        };
        self.house.catalog.write(remember).await
    }
}

fn limits(tx: &mut Tx<'_>) -> Result<Limits, Failure> {
    let settings = settings::current(tx)?;
    let limits = Limits {
        enabled: settings.staging_enabled,
        max_count: settings.staging_max_count,
        max_len: settings.staging_max_len,
    };
    if limits.enabled {
        Ok(limits)
    } else {
        Err(Failure::StagingDisabled)
    }
}

impl Preview {
    fn new(file_name: String, admitted: Admitted, planned: Planned) -> Self {
        Self {
            file_name,
            content_len: planned.summary.zip_len,
            entries: planned.summary.entry_count,
            documents: admitted.documents,
            raw_len: admitted.raw_len,
            limits: admitted.allowed,
            skips: admitted.skips,
            etag: planned.etag(),
            renamed: planned.renamed,
        }
    }
}

impl Staged {
    fn new(handle: Guid, (expires, ends): (Timestamp, Timestamp), preview: Preview) -> Self {
        Self {
            handle,
            expires,
            ends,
            file_name: preview.file_name,
            content_len: preview.content_len,
            entries: preview.entries,
            documents: preview.documents,
            raw_len: preview.raw_len,
            limits: preview.limits,
            skips: preview.skips,
            renamed: preview.renamed,
            etag: preview.etag,
        }
    }
}

#[cfg(test)]
mod tests;
