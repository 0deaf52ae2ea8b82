//! The pieces of a range, one buffer at a time: from memory at once, from disk on a thread that may wait.

use super::opened::{Content, DocumentContent, Opened};
use super::splicing::Splicing;
use crate::Failure;
use bytes::Bytes;
use holdall_blobs::{BlobError, Blobs, Filled, Locator, Method, RawReader, ReadJob};
use holdall_model::Stopwatch;
use std::io::Read as _;
use std::ops::Range;

/// Raw bytes inflated for one piece.
const INFLATED_LEN: u64 = 256 << 10;

/// Makes the pieces of one range, in order.
pub(crate) struct Feed {
    blobs: Blobs,
    source: Source,
    left: u64,
}

enum Source {
    /// Headers and stored bytes of an archive.
    Archive(Splicing),
    /// A document that is stored raw.
    Stored {
        locator: Locator,
        stored_len: u64,
        range: Range<u64>,
    },
    /// A document that must be inflated; `None` before the first piece and while a piece is being made.
    Inflated {
        locator: Locator,
        range: Range<u64>,
        reader: Option<Box<RawReader>>,
    },
}

/// What comes next.
pub(crate) enum Step {
    /// A piece.
    Bytes(Bytes),
    /// A piece that takes waiting: run this on a blocking thread and give the result to [`Feed::resume`].
    Wait(Wait),
    /// Nothing.
    End,
}

/// Work for a blocking thread.
pub(crate) struct Wait {
    blobs: Blobs,
    work: Work,
}

enum Work {
    Fill(ReadJob),
    Open(Locator, Range<u64>),
    Inflate(Box<RawReader>),
}

/// What a blocking thread has done.
pub(crate) struct Done {
    reader: Option<Box<RawReader>>,
    bytes: Result<Bytes, BlobError>,
}

impl Feed {
    /// The feed of `range`, which must lie inside the content.
    pub(super) fn new(blobs: Blobs, opened: &Opened, range: Range<u64>) -> Self {
        let left = range.end.saturating_sub(range.start);
        let source = match &opened.facts.content {
            Content::Archive(plan) => Source::Archive(Splicing::new(plan, range)),
            Content::Document(document) => Source::of_document(document, range),
        };
        Self { blobs, source, left }
    }

    /// Bytes still to come.
    pub(super) fn remaining(&self) -> u64 {
        self.left
    }

    /// The next piece, or what it takes to get it. Fails if the plan is damaged.
    pub(super) fn step(&mut self) -> Result<Step, Failure> {
        if self.left == 0 {
            return Ok(Step::End);
        }
        let work = if let Source::Inflated {
            locator,
            range,
            reader,
        } = &mut self.source
        {
            reader
                .take()
                .map_or_else(|| Work::Open(*locator, range.clone()), Work::Inflate)
        } else {
            let job = self.next_job()?;
            match self.blobs.try_fill(job) {
                Filled::Ready(bytes) => return Ok(Step::Bytes(self.count(bytes))),
                Filled::WouldBlock(job) => Work::Fill(job),
            }
        };
        Ok(Step::Wait(Wait {
            blobs: self.blobs.clone(),
            work,
        }))
    }

    /// Takes back what a blocking thread made.
    pub(super) fn resume(&mut self, done: Done) -> Result<Bytes, BlobError> {
        if let Source::Inflated { reader, .. } = &mut self.source {
            *reader = done.reader;
        }
        done.bytes.map(|bytes| self.count(bytes))
    }

    fn count(&mut self, bytes: Bytes) -> Bytes {
        self.left = self.left.saturating_sub(len_of(&bytes));
        bytes
    }

    fn next_job(&mut self) -> Result<ReadJob, Failure> {
        let mut job = self.blobs.read_job(self.left);
        match &mut self.source {
            Source::Archive(splicing) => splicing.fill(&mut job)?,
            Source::Stored {
                locator,
                stored_len,
                range,
            } => {
                let taken = job.push_content(*locator, *stored_len, range.clone());
                range.start = range
                    .start
                    .saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
            }
            Source::Inflated { .. } => {}
        }
        if job.is_empty() {
            return Err(Failure::internal("a download ends before its length"));
        }
        Ok(job)
    }
}

impl Source {
    fn of_document(document: &DocumentContent, range: Range<u64>) -> Self {
        let locator = document.locator;
        match document.method {
            Method::Stored => Self::Stored {
                locator,
                stored_len: document.stored_len,
                range,
            },
            Method::Deflated => Self::Inflated {
                locator,
                range,
                reader: None,
            },
        }
    }
}

impl Wait {
    /// Does the work; waits for the disk.
    pub(super) fn run(self) -> Done {
        let watch = Stopwatch::start();
        let done = self.work();
        metrics::histogram!("holdall_storage_read_seconds").record(watch.elapsed());
        if done.bytes.is_err() {
            metrics::counter!("holdall_storage_errors_total").increment(1);
        }
        done
    }

    fn work(self) -> Done {
        let opened = match self.work {
            Work::Fill(job) => {
                return Done {
                    reader: None,
                    bytes: self.blobs.fill(job),
                };
            }
            Work::Inflate(reader) => Ok(reader),
            Work::Open(locator, range) => self.blobs.read_raw(locator, range).map(Box::new),
        };
        match opened {
            Ok(mut reader) => {
                let bytes = inflate(&mut reader);
                Done {
                    reader: Some(reader),
                    bytes,
                }
            }
            Err(error) => Done {
                reader: None,
                bytes: Err(error),
            },
        }
    }
}

fn inflate(reader: &mut RawReader) -> Result<Bytes, BlobError> {
    let wanted = reader.remaining().min(INFLATED_LEN);
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    let read = reader.take(wanted).read_to_end(&mut bytes);
    match read {
        Ok(_) if len_of(&bytes) == wanted => Ok(bytes.into()),
        Ok(_) => Err(BlobError::Io(std::io::ErrorKind::UnexpectedEof.into())),
        Err(error) => Err(cause(error)),
    }
}

/// The store's own error, which reading wraps.
fn cause(error: std::io::Error) -> BlobError {
    match error.downcast::<BlobError>() {
        Ok(error) => error,
        Err(error) => BlobError::Io(error),
    }
}

fn len_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
