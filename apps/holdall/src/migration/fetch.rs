//! Fetching versions ahead of the one that is being stored, each a few chunks far.

use anyhow::anyhow;
use holdall_client::srv::{ListedVersion, SrvClient, SrvError};
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Chunks of a version that wait to be stored.
const AHEAD: usize = 4;

/// A version to fetch.
pub(super) struct Task {
    document: i64,
    version: i64,
    raw_len: Option<u64>,
    crc32: Option<u32>,
    out: SyncSender<Piece>,
}

/// What comes of a version.
enum Piece {
    Bytes(Vec<u8>),
    /// It is whole and proved.
    End,
    Failed(String),
}

/// A version that comes from elsewhere.
pub(super) struct Content {
    folder: Arc<str>,
    name: Arc<str>,
    number: i64,
    raw_len: u64,
    pieces: Mutex<Option<Receiver<Piece>>>,
}

impl Content {
    /// A version of a document at that folder and name there, and the task of fetching it.
    pub(super) fn new(
        (folder, name): (&Arc<str>, &Arc<str>),
        document: i64,
        version: &ListedVersion,
    ) -> (Self, Task) {
        let (out, pieces) = sync_channel(AHEAD);
        let content = Self {
            folder: Arc::clone(folder),
            name: Arc::clone(name),
            number: version.number,
            raw_len: version.raw_len.unwrap_or(0),
            pieces: Mutex::new(Some(pieces)),
        };
        let task = Task {
            document,
            version: version.number,
            raw_len: version.raw_len,
            crc32: version.crc32,
            out,
        };
        (content, task)
    }

    /// The path there, with the version's number.
    pub(super) fn path(&self) -> String {
        format!("{}/{} (version {})", self.folder, self.name, self.number)
    }

    /// The length that the listing tells, in bytes.
    pub(super) fn announced_len(&self) -> u64 {
        self.raw_len
    }

    /// The bytes, once.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner).take();
        let pieces = pieces.ok_or_else(|| io::Error::other("it was read before"))?;
        Ok(Box::new(PieceReader {
            pieces,
            current: Vec::new(),
            given: 0,
            ended: false,
        }))
    }
}

/// The bytes of a version as they come.
struct PieceReader {
    pieces: Receiver<Piece>,
    current: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Read for PieceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.current.len() && !self.ended {
            match self.pieces.recv() {
                Ok(Piece::Bytes(bytes)) => {
                    self.current = bytes;
                    self.given = 0;
                }
                Ok(Piece::End) => self.ended = true,
                Ok(Piece::Failed(problem)) => return Err(io::Error::other(problem)),
                // Nobody fetches any more: what came is not all.
                Err(_) => return Err(io::Error::other("it was not fetched to its end")),
            }
        }
        let rest = self.current.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(from), Some(to)) = (rest.get(..count), buffer.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

/// The tasks of all fetching threads, and why they gave up.
pub(super) struct Fetching {
    tasks: Mutex<Receiver<Task>>,
    stopped: AtomicBool,
    lost: Mutex<Option<SrvError>>,
}

impl Fetching {
    pub(super) fn new(tasks: Receiver<Task>) -> Self {
        Self {
            tasks: Mutex::new(tasks),
            stopped: AtomicBool::new(false),
            lost: Mutex::new(None),
        }
    }

    /// Fetches version after version until there are no more. After the line failed for good, tasks are turned down.
    pub(super) fn work(&self, client: &SrvClient) {
        loop {
            let task = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(task) = task else { return };
            if self.stopped.load(Ordering::Acquire) {
                continue;
            }
            let piece = match fetch(client, &task) {
                Ok(()) => Piece::End,
                Err(error) => {
                    let problem = error.to_string();
                    self.consider(error);
                    Piece::Failed(problem)
                }
            };
            drop(task.out.send(piece));
        }
    }

    /// Whether nothing is fetched any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Turns down all that is still asked for, unless all is well.
    pub(super) fn stop_unless(&self, well: bool) {
        if !well {
            self.stopped.store(true, Ordering::Release);
        }
    }

    /// Why fetching ended early, if it did.
    pub(super) fn lost(&self) -> Option<anyhow::Error> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        lost.map(|error| anyhow!(error))
    }

    /// A line that fails in spite of all attempts will not carry the next document either.
    fn consider(&self, error: SrvError) {
        if matches!(error, SrvError::Line(_) | SrvError::Status(_)) {
            self.stopped.store(true, Ordering::Release);
            self.lost
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(error);
        }
    }
}

/// Sends the bytes of a version on. They are proved against what opening it and the list of versions tell.
fn fetch(client: &SrvClient, task: &Task) -> Result<(), SrvError> {
    let mut reader = client.read_version(task.document, task.version)?;
    let mut proof = crc32fast::Hasher::new();
    let mut raw_len = 0;
    while let Some(bytes) = reader.next_chunk()? {
        proof.update(&bytes);
        raw_len += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if task.out.send(Piece::Bytes(bytes)).is_err() {
            return Ok(());
        }
    }
    let crc32 = proof.finalize();
    let same = task.raw_len.is_none_or(|listed| listed == raw_len)
        && task.crc32.is_none_or(|listed| listed == crc32);
    if same {
        return Ok(());
    }
    let problem =
        format!("its {raw_len} bytes with CRC32 {crc32:08X} are not what its list of versions tells");
    Err(SrvError::Damaged { problem })
}
