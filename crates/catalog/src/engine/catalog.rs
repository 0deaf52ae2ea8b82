//! The open catalog: where calls are handed to the threads that own the connections.

use crate::engine::drivers::{Connection, Purpose, sqlite};
use crate::engine::worker::{self, Job, Shared};
use crate::engine::{migrations, place};
use crate::{CatalogError, CatalogOptions, Tx};
use holdall_model::Stopwatch;
use std::fs::File;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// Reads that run at the same time. More than most machines have cores, so that long scans do not keep lookups out.
const READERS: usize = 4;
/// How often the epoch of the access lists is looked up when other processes may raise it.
const EPOCH_INTERVAL: Duration = Duration::from_millis(500);

/// A handle on the open catalog, cheap to clone. The last one to go ends the threads and empties SQLite's log.
#[derive(Clone)]
pub struct Catalog {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writer: Mutex<Vec<JoinHandle<()>>>,
    refresher: Mutex<Option<(mpsc::Sender<()>, JoinHandle<()>)>>,
    _lock: Option<File>,
}

/// Tells how long a call took, with its waiting.
struct Timing(&'static str, Stopwatch);

impl Timing {
    fn start(kind: &'static str) -> Self {
        Self(kind, Stopwatch::start())
    }
}

impl Drop for Timing {
    fn drop(&mut self) {
        metrics::histogram!("holdall_catalog_seconds", "kind" => self.0).record(self.1.elapsed());
    }
}

impl Catalog {
    /// Opens the database and brings its schema to this release's. Blocks for as long as that takes.
    ///
    /// [`CatalogError::Locked`] when another process has the SQLite file open, [`CatalogError::NetworkFileSystem`] when
    /// the file lies on another machine, [`CatalogError::NewerSchema`] when a
    /// later release wrote the database, [`CatalogError::OutdatedEngine`] for an SQLite that may corrupt its log.
    pub fn open(options: CatalogOptions) -> Result<Self, CatalogError> {
        let lock = match &options {
            CatalogOptions::Sqlite { path } => {
                sqlite::check_release()?;
                Some(place::lock(path)?)
            }
            CatalogOptions::Postgres { .. } => None,
        };
        let shared = Arc::new(Shared::new(options));
        prepare_database(&shared)?;
        let inner = Arc::new(Inner {
            shared,
            readers: Mutex::default(),
            writer: Mutex::default(),
            refresher: Mutex::default(),
            _lock: lock,
        });
        inner.start()?;
        Ok(Self { inner })
    }

    /// Runs `work` in one snapshot of the database on a reader's thread.
    pub async fn read<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<CatalogError> + Send + 'static,
    {
        let _timing = Timing::start("read");
        let (sender, receiver) = oneshot::channel();
        self.inner.shared.reads.push(worker::job(work, sender))?;
        receiver
            .await
            .unwrap_or_else(|_gone| Err(E::from(CatalogError::closed())))
    }

    /// Runs `work` in one transaction that sees no other write happen; `Ok` comes back once it is on disk, and after
    /// an `Err` nothing of it is there. Concurrent writes share a commit; each is undone alone. `work` runs once,
    /// also when the caller goes away, and is never repeated.
    pub async fn write<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<CatalogError> + Send + 'static,
    {
        let _timing = Timing::start("write");
        let (sender, receiver) = oneshot::channel();
        self.inner.shared.writes.push(worker::job(work, sender))?;
        receiver
            .await
            .unwrap_or_else(|_gone| Err(E::from(CatalogError::closed())))
    }

    /// [`Catalog::read`] for a thread outside the async runtime. Panics on a runtime's own thread, and deadlocks
    /// inside another call's closure.
    pub fn read_blocking<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<CatalogError> + Send + 'static,
    {
        let _timing = Timing::start("read");
        let (sender, receiver) = oneshot::channel();
        self.inner.shared.reads.push(worker::job(work, sender))?;
        receiver
            .blocking_recv()
            .unwrap_or_else(|_gone| Err(E::from(CatalogError::closed())))
    }

    /// [`Catalog::write`] for a thread outside the async runtime. Panics on a runtime's own thread, and deadlocks
    /// inside another call's closure.
    pub fn write_blocking<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<CatalogError> + Send + 'static,
    {
        let _timing = Timing::start("write");
        let (sender, receiver) = oneshot::channel();
        self.inner.shared.writes.push(worker::job(work, sender))?;
        receiver
            .blocking_recv()
            .unwrap_or_else(|_gone| Err(E::from(CatalogError::closed())))
    }

    /// The epoch of the access lists: rights computed under an older one are outdated. No database call.
    ///
    /// Exact on SQLite. On PostgreSQL it includes this process's own commits at once and those of others after at
    /// most a second, and is -1, which no transaction ever sees, while the database is out of reach.
    pub fn authz_epoch(&self) -> i64 {
        let shared = &self.inner.shared;
        if shared.authz_epoch_known.load(Ordering::SeqCst) {
            shared.authz_epoch.load(Ordering::SeqCst)
        } else {
            -1
        }
    }
}

impl Inner {
    fn start(&self) -> Result<(), CatalogError> {
        for _ in 0..READERS {
            let shared = Arc::clone(&self.shared);
            hold(
                &self.readers,
                spawn("catalog-reader", move || worker::serve_reads(&shared))?,
            );
        }
        let shared = Arc::clone(&self.shared);
        hold(
            &self.writer,
            spawn("catalog-writer", move || worker::serve_writes(&shared))?,
        );
        if matches!(self.shared.options, CatalogOptions::Postgres { .. }) {
            let shared = Arc::clone(&self.shared);
            let (stop, stopped) = mpsc::channel();
            let thread = spawn("catalog-epoch", move || refresh_epoch(&shared, &stopped))?;
            *self.refresher.lock().unwrap_or_else(PoisonError::into_inner) = Some((stop, thread));
        }
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let refresher = self
            .refresher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((stop, thread)) = refresher {
            drop(stop);
            join(thread);
        }
        self.shared.reads.close();
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .for_each(join);
        self.shared.writes.close();
        self.writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .for_each(join);
    }
}

/// Migrates and reads the epoch, on a thread of its own because the PostgreSQL client may not block a runtime's.
fn prepare_database(shared: &Arc<Shared>) -> Result<(), CatalogError> {
    let thread = {
        let shared = Arc::clone(shared);
        spawn("catalog-migration", move || {
            let mut connection = Connection::open(&shared.options, Purpose::Write)?;
            migrations::migrate(&mut connection)?;
            let epoch = Tx::new(&mut connection).authz_epoch()?;
            shared.authz_epoch.store(epoch, Ordering::SeqCst);
            Ok(())
        })?
    };
    thread
        .join()
        .unwrap_or_else(|_panic| Err(CatalogError::engine("the migration panicked")))
}

/// Looks the epoch up at intervals until the catalog closes.
fn refresh_epoch(shared: &Shared, stopped: &mpsc::Receiver<()>) {
    while stopped.recv_timeout(EPOCH_INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let (sender, receiver) = oneshot::channel();
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method is bound to one lifetime"
        )]
        let job: Job = worker::job(|tx| tx.authz_epoch(), sender);
        let found = shared.reads.push(job).and_then(|()| {
            receiver
                .blocking_recv()
                .unwrap_or_else(|_gone| Err(CatalogError::closed()))
        });
        if let Ok(epoch) = found {
            shared.authz_epoch.fetch_max(epoch, Ordering::SeqCst);
        }
        shared.authz_epoch_known.store(found.is_ok(), Ordering::SeqCst);
    }
}

fn spawn<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, CatalogError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(CatalogError::engine)
}

fn hold(threads: &Mutex<Vec<JoinHandle<()>>>, thread: JoinHandle<()>) {
    threads
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(thread);
}

/// Waits for a thread, except for the present one: a closure may own the last handle.
fn join(thread: JoinHandle<()>) {
    if thread.thread().id() != thread::current().id() && thread.join().is_err() {
        tracing::error!("a catalog thread panicked");
    }
}
