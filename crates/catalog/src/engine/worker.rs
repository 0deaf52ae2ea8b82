//! The threads that own the connections: readers, and the one writer with its group commit.

use crate::engine::drivers::{Connection, Purpose};
use crate::engine::queue::Queue;
use crate::engine::twin::{Commits, Twin};
use crate::{CatalogError, CatalogOptions, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tokio::sync::oneshot;

/// Calls that may wait for a thread before further ones are refused.
const WAITING: usize = 4_096;
/// Writes that share one commit at most.
const GROUP: usize = 256;

/// Runs a caller's closure, or gives it the reason why there is no transaction.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut Tx<'_>, CatalogError>) -> Outcome + Send>;

/// What a job left behind.
pub(crate) struct Outcome {
    keep: bool,
    reply: Reply,
}

/// Answers the caller, with the job's result or with the failure of its commit.
type Reply = Box<dyn FnOnce(Result<(), CatalogError>) + Send>;

/// What callers and threads share.
pub(crate) struct Shared {
    pub(crate) options: CatalogOptions,
    pub(crate) reads: Queue<Job>,
    pub(crate) writes: Queue<Job>,
    pub(crate) authz_epoch: AtomicI64,
    pub(crate) authz_epoch_known: AtomicBool,
    commits: Arc<Commits>,
}

impl Shared {
    pub(crate) fn new(options: CatalogOptions) -> Self {
        Self {
            options,
            reads: Queue::new(WAITING),
            writes: Queue::new(WAITING),
            authz_epoch: AtomicI64::new(0),
            authz_epoch_known: AtomicBool::new(true),
            commits: Arc::default(),
        }
    }
}

/// Wraps a closure so that its result, a failed statement it hid, its panic, or the failed commit reach `sender`.
pub(crate) fn job<F, T, E>(work: F, sender: oneshot::Sender<Result<T, E>>) -> Job
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<CatalogError> + Send + 'static,
{
    Box::new(move |tx| {
        let result = match tx {
            Ok(tx) => run_guarded(work, tx),
            Err(error) => Err(E::from(error)),
        };
        let keep = result.is_ok();
        let reply = move |committed: Result<(), CatalogError>| {
            // A caller that went away needs no answer.
            drop(sender.send(committed.map_err(E::from).and(result)));
        };
        Outcome {
            keep,
            reply: Box::new(reply),
        }
    })
}

fn run_guarded<F, T, E>(work: F, tx: &mut Tx<'_>) -> Result<T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    E: From<CatalogError>,
{
    let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
        .unwrap_or_else(|_panic| Err(E::from(CatalogError::engine("a catalog closure panicked"))));
    match (result, tx.failure.clone()) {
        (Ok(_), Some(hidden)) => Err(E::from(hidden)),
        (result, _) => result,
    }
}

/// A connection that is opened when it is needed and again after it broke.
pub(crate) struct Link {
    options: CatalogOptions,
    purpose: Purpose,
    connection: Option<Connection>,
}

impl Link {
    pub(crate) fn new(options: CatalogOptions, purpose: Purpose) -> Self {
        Self {
            options,
            purpose,
            connection: None,
        }
    }

    /// A connection inside a new transaction. A connection that died while idle is replaced once.
    pub(crate) fn begin(&mut self) -> Result<&mut Connection, CatalogError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.options, self.purpose)?,
        };
        if let Err(error) = connection.begin(self.purpose) {
            if !connection.is_closed() {
                drop(connection.batch("ROLLBACK"));
                self.connection = Some(connection);
                return Err(error);
            }
            connection = Connection::open(&self.options, self.purpose)?;
            connection.begin(self.purpose)?;
        }
        Ok(self.connection.insert(connection))
    }

    /// The connection, when it is open.
    pub(crate) fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    /// Undoes the transaction.
    pub(crate) fn end(&mut self) {
        if let Some(connection) = &mut self.connection {
            let ended = connection.batch("ROLLBACK");
            self.rest(&ended);
        }
    }

    /// Ends what is left of the transaction, and the connection with it if that fails.
    fn rest(&mut self, rolled_back: &Result<(), CatalogError>) {
        let broken = self.connection.as_ref().is_some_and(Connection::is_closed);
        if broken || rolled_back.is_err() {
            self.connection = None;
        }
    }
}

/// Serves reads until the queue closes.
pub(crate) fn serve_reads(shared: &Shared) {
    let mut link = Link::new(shared.options.clone(), Purpose::Read);
    let mut twin = Twin::new(shared.options.clone(), Arc::clone(&shared.commits));
    while let Some(job) = shared.reads.pop() {
        read(&mut link, &mut twin, job);
    }
}

/// Serves writes until the queue closes, then empties SQLite's log.
pub(crate) fn serve_writes(shared: &Shared) {
    let mut link = Link::new(shared.options.clone(), Purpose::Write);
    while let Some(first) = shared.writes.pop() {
        let mut group = vec![first];
        group.extend(shared.writes.drain(GROUP - 1));
        write(&mut link, group, shared);
        if let Some(Connection::Sqlite(connection)) = &mut link.connection {
            connection.bound_log();
        }
    }
    if let Some(Connection::Sqlite(connection)) = &link.connection
        && let Err(error) = connection.truncate_log()
    {
        tracing::warn!(%error, "the write-ahead log was not emptied");
    }
}

fn read(link: &mut Link, twin: &mut Twin, job: Job) {
    twin.prepare();
    let connection = match link.begin() {
        Ok(connection) => connection,
        Err(error) => return (job(Err(error)).reply)(Ok(())),
    };
    let outcome = job(Ok(&mut Tx::with_twin(connection, twin)));
    (outcome.reply)(Ok(()));
    link.end();
}

/// Runs a group of writes in one transaction and answers all of them once it is on disk.
fn write(link: &mut Link, group: Vec<Job>, shared: &Shared) {
    let connection = match link.begin() {
        Ok(connection) => connection,
        Err(error) => {
            return group
                .into_iter()
                .for_each(|job| (job(Err(error.clone())).reply)(Ok(())));
        }
    };
    let mut work = Group {
        connection,
        alone: group.len() == 1,
        kept: false,
        done: false,
        epoch: None,
        doom: None,
    };
    let replies: Vec<Reply> = group.into_iter().map(|job| work.run(job)).collect();
    let committed = shared.commits.around(|| work.commit());
    if let (Ok(()), Some(epoch)) = (&committed, work.epoch) {
        shared.authz_epoch.fetch_max(epoch, Ordering::SeqCst);
    }
    for reply in replies {
        reply(committed.clone());
    }
    let open = !work.done && !work.connection.lost_transaction();
    let ended = if open {
        work.connection.batch("ROLLBACK")
    } else {
        Ok(())
    };
    link.rest(&ended);
}

/// A transaction that several writes share.
struct Group<'c> {
    connection: &'c mut Connection,
    alone: bool,
    kept: bool,
    done: bool,
    epoch: Option<i64>,
    doom: Option<CatalogError>,
}

impl Group<'_> {
    /// Runs one write in its own savepoint, unless it is the only one and may have the transaction for itself.
    fn run(&mut self, job: Job) -> Reply {
        if !self.alone && self.doom.is_none() {
            self.doom = self.connection.batch("SAVEPOINT one").err();
        }
        if let Some(error) = &self.doom {
            return job(Err(error.clone())).reply;
        }
        let mut tx = Tx::new(self.connection);
        let outcome = job(Ok(&mut tx));
        let (epoch, failure) = (tx.authz_epoch, tx.failure);
        if outcome.keep {
            self.kept = true;
            self.epoch = epoch.or(self.epoch);
        }
        self.doom = self.settle(outcome.keep, failure).err();
        outcome.reply
    }

    fn settle(&mut self, keep: bool, failure: Option<CatalogError>) -> Result<(), CatalogError> {
        if self.connection.lost_transaction() {
            return Err(failure.unwrap_or_else(|| CatalogError::engine("the database ended the transaction")));
        }
        match (self.alone, keep) {
            (true, _) => Ok(()),
            (false, true) => self.connection.batch("RELEASE one"),
            (false, false) => self.connection.batch("ROLLBACK TO one; RELEASE one"),
        }
    }

    /// Commits what was kept. An error is for every write of the group.
    fn commit(&mut self) -> Result<(), CatalogError> {
        if let Some(error) = self.doom.take() {
            return Err(error);
        }
        if !self.kept {
            return Ok(());
        }
        self.connection.batch("COMMIT").map_err(|error| match error {
            CatalogError::Full => CatalogError::Full,
            other => CatalogError::engine(other),
        })?;
        self.done = true;
        Ok(())
    }
}
