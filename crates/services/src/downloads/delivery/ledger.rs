//! Writing down what was sent: all downloads that have news, in one transaction, about once a second.

use super::super::opened::Opened;
use super::Spans;
use super::count::count_delivered;
use super::moving::Told;
use crate::Failure;
use crate::house::House;
use holdall_catalog::Tx;
use holdall_catalog::deliveries::{self as rows, DeliveryRow};
use holdall_model::{DownloadId, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// How long news gathers before it is written.
const GATHER: Duration = Duration::from_secs(1);

/// The downloads that have news.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    noted: Mutex<Vec<Arc<Opened>>>,
    /// Whether they are about to be written.
    is_waiting: AtomicBool,
    /// Held while what was taken out of memory is not in the catalog yet.
    writing: tokio::sync::Mutex<()>,
}

/// A download and its news.
type News = (Arc<Opened>, Told);

impl Ledger {
    fn noted(&self) -> MutexGuard<'_, Vec<Arc<Opened>>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a download has news.
    pub(crate) fn note(self: &Arc<Self>, house: &Arc<House>, opened: &Arc<Opened>) {
        self.noted().push(Arc::clone(opened));
        let is_waiting = self.is_waiting.swap(true, Ordering::AcqRel);
        if !is_waiting && let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (ledger, house) = (Arc::clone(self), Arc::downgrade(house));
            runtime.spawn(async move {
                tokio::time::sleep(GATHER).await;
                ledger.write(&house).await;
            });
        }
    }

    /// Writes all news, and returns when all that was told before is in the catalog. News that cannot be written waits for the next
    /// time: a store that takes no writes can still be read.
    pub(crate) async fn write(&self, house: &Weak<House>) {
        let alone = self.writing.lock().await;
        self.is_waiting.store(false, Ordering::Release);
        let noted = std::mem::take(&mut *self.noted());
        if let Some(house) = house.upgrade().filter(|_| !noted.is_empty()) {
            let now = house.clock.now();
            let noted: HashMap<DownloadId, Arc<Opened>> = noted
                .into_iter()
                .map(|opened| (opened.facts.id, opened))
                .collect();
            let news = noted.into_values().map(|opened| {
                let told = opened.delivery.take(now);
                (opened, told)
            });
            let news: Vec<News> = news.collect();
            if let Err(failure) = write_news(&house, news.clone()).await {
                tracing::error!(%failure, "what was sent of downloads could not be written down");
                self.give_back(news);
            }
        }
        drop(alone);
    }

    /// Keeps what could not be written for the next time that something is sent.
    fn give_back(&self, news: Vec<News>) {
        for (opened, told) in news {
            opened.delivery.give_back(&told);
            self.noted().push(opened);
        }
    }

    /// What was sent of a download, written down or not.
    pub(crate) async fn of(
        &self,
        house: &House,
        opened: &Arc<Opened>,
    ) -> Result<Option<DeliveryRow>, Failure> {
        let alone = self.writing.lock().await;
        let (id, now) = (opened.facts.id, house.clock.now());
        let kept = house
            .catalog
            .read(move |tx: &mut Tx<'_>| rows::of(tx, &[id]))
            .await?;
        // Nothing is lost by looking: it goes back, and is noted as before.
        let told = opened.delivery.take(now);
        opened.delivery.give_back(&told);
        drop(alone);
        let opened = Arc::clone(opened);
        let sum = move || sum(&opened, kept.into_iter().next(), told);
        tokio::task::spawn_blocking(sum)
            .await
            .map_err(Failure::internal)?
    }
}

/// Counts documents outside the transaction that writes, because that may take a while after a restart.
async fn write_news(house: &Arc<House>, news: Vec<News>) -> Result<(), Failure> {
    let ids: Vec<DownloadId> = news.iter().map(|(opened, _)| opened.facts.id).collect();
    let wanted = ids.clone();
    let kept = house
        .catalog
        .read(move |tx: &mut Tx<'_>| rows::of(tx, &wanted))
        .await?;
    let counting = news.clone();
    let count = move || {
        let mut kept = by_download(kept);
        for (opened, told) in counting {
            sum(&opened, kept.remove(&opened.facts.id), told)?;
        }
        Ok::<(), Failure>(())
    };
    tokio::task::spawn_blocking(count)
        .await
        .map_err(Failure::internal)??;
    let write = move |tx: &mut Tx<'_>| {
        let mut kept = by_download(rows::of(tx, &ids)?);
        let mut sums = Vec::new();
        for (opened, told) in news {
            sums.extend(sum(&opened, kept.remove(&opened.facts.id), told)?);
        }
        rows::put(tx, &sums).map_err(Failure::from)
    };
    house.catalog.write(write).await
}

fn by_download(rows: Vec<DeliveryRow>) -> HashMap<DownloadId, DeliveryRow> {
    rows.into_iter().map(|row| (row.download, row)).collect()
}

/// What was kept and the news in one; `None` when nothing was ever sent.
fn sum(opened: &Opened, kept: Option<DeliveryRow>, told: Told) -> Result<Option<DeliveryRow>, Failure> {
    let Some((first, last, door)) = told.times else {
        return Ok(kept);
    };
    let facts = &opened.facts;
    let mut spans = told.spans;
    if let Some(kept) = &kept {
        spans.extend(&Spans::decode(&kept.spans));
    }
    let delivered = count_delivered(opened, &spans)?;
    let is_whole = spans.len() == facts.content_len;
    let earlier = kept.as_ref();
    let finished = earlier.map_or(Timestamp(0), |kept| kept.finished);
    Ok(Some(DeliveryRow {
        download: facts.id,
        user: facts.user,
        file_name: facts.file_name.clone(),
        content_len: facts.content_len,
        documents: facts.documents,
        created: facts.created,
        first: earlier.map_or(first, |kept| kept.first.min(first)),
        last: earlier.map_or(last, |kept| kept.last.max(last)),
        finished: if is_whole && finished.0 == 0 {
            last
        } else {
            finished
        },
        door: door.number(),
        sent_len: earlier
            .map_or(0, |kept| kept.sent_len)
            .saturating_add(told.sent_len),
        delivered: earlier.map_or(0, |kept| kept.delivered).max(delivered),
        spans: spans.encode(),
    }))
}

impl House {
    /// Returns when all that was told of what was sent is in the catalog.
    pub(crate) async fn write_deliveries(self: &Arc<Self>) {
        self.ledger.write(&Arc::downgrade(self)).await;
    }
}
