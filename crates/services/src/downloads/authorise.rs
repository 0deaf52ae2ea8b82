//! Whether a download may be read at this moment (L8, I24, I26).

use super::opened::{Content, Opened};
use super::{Downloads, content_key};
use crate::Failure;
use crate::access::{ItemFacts, Standing};
use holdall_archive::EntryKind;
use holdall_catalog::downloads::{self as rows, ended};
use holdall_catalog::{CatalogError, Tx, staging};
use holdall_model::{DocumentId, Right, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How old the knowledge may be that nobody ended the download on another node.
const CONFIRM_AFTER: Duration = Duration::from_secs(1);

/// How often a use moves the expiry.
const SLIDE_AFTER: Duration = Duration::from_mins(1);

/// Documents looked up in one go.
const BATCH: usize = 10_000;

/// What a look at all documents found.
enum Verdict {
    /// All of them may be read.
    Readable,
    /// The owner's account is disabled or gone, for now.
    NoAccount,
    /// So many may not be read, or are gone.
    Lost(u64),
}

impl Downloads {
    /// Proves that the download lives and that its owner may read all of it now. Costs nothing but comparisons while the
    /// access lists stay as they are, a write a minute and a look at its row a second apart.
    pub(super) async fn authorise(&self, opened: &Arc<Opened>) -> Result<(), Failure> {
        check_alive(opened)?;
        let now = self.now();
        if now >= opened.confirmed().plus(CONFIRM_AFTER) || now >= opened.expires() {
            self.confirm(opened, now).await?;
        }
        if now >= opened.expires() {
            return Err(Failure::NoSuchDownload);
        }
        if self.house.catalog.authz_epoch() != opened.verified_epoch() {
            self.recheck(opened).await?;
        }
        self.slide(opened, now).await
    }

    /// Looks whether the row is still there: another node may have ended the download, or let it last longer.
    async fn confirm(&self, opened: &Opened, now: Timestamp) -> Result<(), Failure> {
        let Some(row) = self.row(&opened.facts.handle).await? else {
            self.close(&opened.facts.handle);
            return Err(Failure::NoSuchDownload);
        };
        opened.extend(row.expires);
        opened.confirm(now);
        Ok(())
    }

    /// Looks at every document again, because some access list, group or account has changed.
    async fn recheck(&self, opened: &Arc<Opened>) -> Result<(), Failure> {
        let _alone = opened.recheck.lock().await;
        check_alive(opened)?;
        let epoch = self.house.catalog.authz_epoch();
        if epoch == opened.verified_epoch() {
            return Ok(());
        }
        let standings = Arc::clone(&self.house.standings);
        let checked = Arc::clone(opened);
        let look = move |tx: &mut Tx<'_>| {
            let standing = standings.of(tx, checked.facts.user)?;
            look_at_all(tx, &standing, &checked.facts.content)
        };
        match self.house.catalog.read(look).await? {
            Verdict::Readable => {
                opened.verify(epoch);
                Ok(())
            }
            Verdict::NoAccount => Err(Failure::SessionExpired),
            Verdict::Lost(documents) => {
                let (id, now) = (opened.facts.id, self.now());
                self.house
                    .catalog
                    .write(move |tx: &mut Tx<'_>| ended::end(tx, id, documents, now))
                    .await?;
                opened.end(documents);
                tracing::info!(download = opened.facts.id.0, documents, "a download was revoked");
                Err(Failure::DownloadRevoked { documents })
            }
        }
    }

    /// Lets the download last its idle time from now on; written at most once a minute.
    async fn slide(&self, opened: &Opened, now: Timestamp) -> Result<(), Failure> {
        let expires = now.plus(self.house.options.download_idle).min(opened.facts.ends);
        if expires < opened.expires().plus(SLIDE_AFTER) {
            return Ok(());
        }
        let id = opened.facts.id;
        opened.extend(expires);
        let slid = self
            .house
            .catalog
            .write(move |tx: &mut Tx<'_>| rows::slide(tx, id, expires))
            .await;
        // A catalog that cannot write now must not stop reading.
        if let Err(error) = slid {
            tracing::warn!(download = id.0, %error, "a download's expiry could not be moved");
        }
        Ok(())
    }
}

fn check_alive(opened: &Opened) -> Result<(), Failure> {
    match opened.ended() {
        None => Ok(()),
        Some(0) => Err(Failure::NoSuchDownload),
        Some(documents) => Err(Failure::DownloadRevoked { documents }),
    }
}

fn look_at_all(tx: &mut Tx<'_>, standing: &Standing, content: &Content) -> Result<Verdict, Failure> {
    if !standing.is_enabled() {
        return Ok(Verdict::NoAccount);
    }
    let mut lost = 0_u64;
    let mut batch = Vec::new();
    match content {
        Content::Document(document) => batch.push(document.document),
        Content::Archive(plan) => {
            for block in 0..plan.block_count() {
                let contents = plan.contents(block).map_err(Failure::internal)?;
                let documents = contents.filter(|content| content.kind == EntryKind::Document);
                batch.extend(documents.map(|content| content_key::document(&content.key)));
                if batch.len() >= BATCH {
                    lost = lost.saturating_add(count_lost(tx, standing, &mut batch)?);
                    batch.clear();
                }
            }
        }
    }
    lost = lost.saturating_add(count_lost(tx, standing, &mut batch)?);
    Ok(if lost == 0 {
        Verdict::Readable
    } else {
        Verdict::Lost(lost)
    })
}

/// How many of the documents were purged or may not be read. A document in a recycle bin keeps its list. One may come several
/// times, by itself and by shortcuts to it.
fn count_lost(
    tx: &mut Tx<'_>,
    standing: &Standing,
    documents: &mut Vec<DocumentId>,
) -> Result<u64, CatalogError> {
    documents.sort_unstable();
    documents.dedup();
    let mut readable = 0_usize;
    let mut facts = Vec::with_capacity(documents.len());
    staging::for_each_facts(tx, documents, |document| {
        facts.push(ItemFacts {
            library: document.library,
            scope: document.scope,
            owner: document.owner,
        });
        Ok::<(), CatalogError>(())
    })?;
    let mut last: Option<(ItemFacts, Right)> = None;
    for item in facts {
        let right = match last {
            Some((facts, right)) if facts == item => right,
            _ => standing.document_right(tx, &item)?,
        };
        last = Some((item, right));
        readable += usize::from(right.reads());
    }
    Ok(u64::try_from(documents.len().saturating_sub(readable)).unwrap_or(u64::MAX))
}
