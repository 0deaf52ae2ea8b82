//! A connection: takes spans of missing pieces, asks for each by one range request, writes what comes to its place.

use super::board::Board;
use super::journal::Journal;
use super::manifest::Promise;
use crate::Failure;
use crate::remote::{self, Remote};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use reqwest::blocking::Response;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderName, IF_RANGE, RANGE};
use reqwest::{Method, StatusCode};
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

/// Bytes read from the line at once.
const READ_LEN: usize = 256 << 10;

/// What all connections of a transfer have in common.
#[derive(Debug)]
pub(crate) struct Fetcher<'a> {
    pub(crate) server: &'a Remote,
    /// The content's address on the server.
    pub(crate) content: &'a str,
    pub(crate) promise: &'a Promise,
    pub(crate) board: &'a Board,
    pub(crate) journal: &'a Journal,
    pub(crate) part: &'a File,
    pub(crate) part_path: &'a Path,
    pub(crate) progress: &'a super::progress::Progress,
    /// How long a connection goes on trying while no byte comes.
    pub(crate) patience: Duration,
}

/// Where in a span a connection is.
struct Cursor {
    piece: usize,
    end: usize,
    /// Bytes of the piece that are in the file.
    done: u64,
    crc32: crc32fast::Hasher,
}

impl Fetcher<'_> {
    /// Fetches spans until the board has none. A failure that does not pass ends the transfer.
    pub(crate) fn run(&self) {
        let mut buffer = vec![0; READ_LEN];
        while let Some(span) = self.board.next_span() {
            if let Err(failure) = self.fetch(span, &mut buffer) {
                self.board.fail(failure);
                return;
            }
        }
    }

    fn fetch(&self, span: Range<usize>, buffer: &mut [u8]) -> Result<(), Failure> {
        let mut cursor = Cursor {
            piece: span.start,
            end: span.end,
            done: 0,
            crc32: crc32fast::Hasher::new(),
        };
        let mut pauses = self.pauses();
        while cursor.piece < cursor.end && !self.board.is_over() {
            let before = self.offset(&cursor);
            let outcome = self.stream(&mut cursor, buffer);
            if self.offset(&cursor) > before {
                pauses = self.pauses();
            }
            match outcome {
                Ok(()) => {}
                Err(failure) if failure.passes() => {
                    let pause = pauses.next().ok_or_else(|| give_up(&failure))?;
                    self.rest(failure.after().unwrap_or(pause));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Pauses that grow and together last as long as the patience.
    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .without_max_times()
            .with_total_delay(Some(self.patience))
            .build()
    }

    fn rest(&self, pause: Duration) {
        if !self.board.is_over() {
            thread::sleep(pause.min(remote::LONGEST_PAUSE));
        }
    }

    fn offset(&self, cursor: &Cursor) -> u64 {
        let start = self.board.pieces().get(cursor.piece).map(|piece| piece.start);
        start.map_or(u64::MAX, |start| start.saturating_add(cursor.done))
    }

    /// One request from where the cursor is to the end of its span.
    fn stream(&self, cursor: &mut Cursor, buffer: &mut [u8]) -> Result<(), Failure> {
        let last = cursor
            .end
            .checked_sub(1)
            .and_then(|last| self.board.pieces().get(last));
        let range = self.offset(cursor)..last.map_or(0, |piece| piece.range().end);
        let request = self
            .server
            .request(Method::GET, self.content)
            .header(
                RANGE,
                format!("bytes={}-{}", range.start, range.end.saturating_sub(1)),
            )
            .header(IF_RANGE, &self.promise.etag)
            .header(ACCEPT_ENCODING, "identity");
        let mut answer = remote::open(request).map_err(ended)?;
        self.check(&answer, &range)?;
        let mut left = range.end.saturating_sub(range.start);
        while left > 0 && !self.board.is_over() {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let room = buffer.get_mut(..most).unwrap_or_default();
            let count = answer
                .read(room)
                .map_err(|error| Failure::Unreachable(format!("the line broke: {error}")))?;
            if count == 0 {
                return Err(Failure::Unreachable(
                    "the line broke: the answer was cut short".to_owned(),
                ));
            }
            self.take(cursor, room.get(..count).unwrap_or_default())?;
            left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Nothing but the range that was asked for, of the archive that was promised, may come.
    fn check(&self, answer: &Response, range: &Range<u64>) -> Result<(), Failure> {
        let header = |name: HeaderName| {
            let value = answer.headers().get(name);
            value.and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let promised = format!(
            "bytes {}-{}/{}",
            range.start,
            range.end.saturating_sub(1),
            self.promise.len
        );
        if answer.status() != StatusCode::PARTIAL_CONTENT {
            let status = answer.status();
            return Err(Failure::Changed(format!("a range was answered with {status}")));
        }
        if header(CONTENT_RANGE) != promised || header(ETAG) != self.promise.etag {
            return Err(Failure::Changed(
                "another range or another archive came".to_owned(),
            ));
        }
        Ok(())
    }

    /// Writes bytes to their place and tells of every piece that they complete.
    fn take(&self, cursor: &mut Cursor, mut bytes: &[u8]) -> Result<(), Failure> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.part
            .write_all_at(bytes, self.offset(cursor))
            .map_err(Failure::disk(self.part_path))?;
        self.progress.fetched.fetch_add(count, Relaxed);
        while let Some(piece) = self
            .board
            .pieces()
            .get(cursor.piece)
            .filter(|_| !bytes.is_empty())
        {
            let missing = u64::from(piece.len).saturating_sub(cursor.done);
            let (now, later) = bytes
                .split_at_checked(usize::try_from(missing).unwrap_or(usize::MAX))
                .unwrap_or((bytes, &[]));
            cursor.crc32.update(now);
            cursor.done += u64::try_from(now.len()).unwrap_or(u64::MAX);
            bytes = later;
            if cursor.done == u64::from(piece.len) {
                let crc32 = std::mem::take(&mut cursor.crc32).finalize();
                self.journal.have(piece.start, piece.len, crc32)?;
                self.board.arrived(cursor.piece, crc32);
                cursor.done = 0;
                cursor.piece += 1;
            }
        }
        Ok(())
    }
}

/// A download that was there and is not any more has ended, whichever way the server says it.
fn ended(failure: Failure) -> Failure {
    match failure {
        Failure::NotFound(detail) | Failure::Denied(detail) => Failure::Ended(detail),
        other => other,
    }
}

fn give_up(failure: &Failure) -> Failure {
    Failure::Unreachable(format!("{failure}; the same command goes on from here later"))
}
