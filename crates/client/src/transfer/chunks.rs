//! The same by infoRouter's protocol, from any server that speaks it: chunks in parallel, each proved by its CRC-32, resumed by
//! offset. There is no manifest, so the archive is proved at the end by its own directory. A handler that died takes what came
//! with it: nothing tells whether another archive is the same.

use super::board::Board;
use super::content::Proof;
use super::journal::{Journal, Notes, Purpose};
use super::pieces::{self, Piece};
use super::places::Places;
use super::progress::Progress;
use super::{Order, Target, donor, finish};
use crate::srv::{SrvClient, SrvError, StagedZip};
use crate::{Failure, Remote};
use holdall_api_types::Problem;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

const SYNC_PAUSE: Duration = Duration::from_secs(1);

/// An archive that came by chunks.
#[derive(Clone, Debug)]
pub struct Chunked {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
    /// How many items were left out of it.
    pub left_out: u64,
}

/// What all connections have in common.
struct Line<'a> {
    client: &'a SrvClient,
    handler: &'a str,
    board: &'a Board,
    journal: &'a Journal,
    part: &'a File,
    places: &'a Places,
    progress: &'a Progress,
}

/// Stages and fetches an order, or goes on with what an earlier run left. Only archives can be fetched so.
pub fn fetch_by_chunks(server: &Remote, order: &Order, progress: &Arc<Progress>) -> Result<Chunked, Failure> {
    let Target::Archive(path) = &order.target else {
        return Err(Failure::InTheWay(
            "by infoRouter's protocol nothing is unpacked on the way".to_owned(),
        ));
    };
    let client = SrvClient::with_ticket(server.address(), server.token()).map_err(|error| told(&error))?;
    let places = Places::of(&order.target);
    let (purpose, journal, notes) = begin(&client, server, order, &places)?;
    let part = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&places.part)
        .map_err(Failure::disk(&places.part))?;
    part.set_len(purpose.len).map_err(Failure::disk(&places.part))?;
    progress.total.store(purpose.len, Relaxed);
    let board = Board::new(
        pieces::cut_blindly(purpose.len),
        order.connections,
        Arc::clone(progress),
    );
    let line = Line {
        client: &client,
        handler: &purpose.download,
        board: &board,
        journal: &journal,
        part: &part,
        places: &places,
        progress,
    };
    line.run(&notes, order.connections);
    board.outcome()?;
    prove(&places.part, progress)?;
    finish(&places, path)?;
    drop(client.forget(&purpose.download));
    Ok(Chunked {
        path: path.clone(),
        length: purpose.len,
        left_out: purpose.skipped,
    })
}

fn begin(
    client: &SrvClient,
    server: &Remote,
    order: &Order,
    places: &Places,
) -> Result<(Purpose, Journal, Notes), Failure> {
    let found = Journal::open(&places.journal)?.filter(|_| places.part.exists());
    if let Some((journal, purpose, notes)) = found {
        if purpose.protocol != "srv" || purpose.items != order.items || purpose.server != server.address() {
            return Err(Failure::InTheWay(format!(
                "{} is of another download: finish or remove it",
                places.part.display()
            )));
        }
        match client.fetch_chunk(&purpose.download, 0, 1) {
            Ok(chunk) if chunk.file_len == purpose.len => return Ok((purpose, journal, notes)),
            Ok(_) | Err(SrvError::Refused { .. }) => {}
            Err(error) => return Err(told(&error)),
        }
    }
    let items: Vec<&str> = order.items.iter().map(String::as_str).collect();
    let StagedZip { handler, left_out } = client
        .stage(&items, !order.strict)
        .map_err(|error| told(&error))?;
    let first = client.fetch_chunk(&handler, 0, 1).map_err(|error| told(&error))?;
    let purpose = Purpose {
        server: server.address().to_owned(),
        protocol: "srv".to_owned(),
        items: order.items.clone(),
        queue: false,
        strict: order.strict,
        skipped: u64::try_from(left_out.len()).unwrap_or(u64::MAX),
        etag: String::new(),
        len: first.file_len,
        name: String::new(),
        download: handler,
    };
    super::fresh(places, purpose)
}

impl Line<'_> {
    fn run(&self, notes: &Notes, connections: u64) {
        for (number, piece) in self.board.pieces().iter().enumerate() {
            let have = notes.have.get(&piece.start).filter(|have| have.len == piece.len);
            let is_there =
                have.is_some_and(|have| super::attempt::crc32_of(self.part, piece).ok() == Some(have.crc32));
            if is_there {
                self.board.arrived(number, 0);
                self.board.proved(number);
            }
        }
        thread::scope(|scope| {
            for _ in 0..connections.max(1) {
                scope.spawn(|| self.fetch_all());
            }
            while !self.board.wait_for_end(SYNC_PAUSE) {
                self.sync();
            }
            self.sync();
        });
    }

    fn sync(&self) {
        let count = self.journal.count();
        let synced = self.part.sync_data().map_err(Failure::disk(&self.places.part));
        if let Err(failure) = synced.and_then(|()| self.journal.synced(count)) {
            self.board.fail(failure);
        }
    }

    fn fetch_all(&self) {
        while let Some(span) = self.board.next_span() {
            let fetched = span.clone().try_for_each(|number| self.fetch_piece(number));
            if let Err(failure) = fetched {
                return self.board.fail(failure);
            }
        }
    }

    fn fetch_piece(&self, number: usize) -> Result<(), Failure> {
        let Some(piece) = self.board.pieces().get(number).filter(|_| !self.board.is_over()) else {
            return Ok(());
        };
        let crc32 = self.fetch(piece)?;
        self.board.arrived(number, crc32);
        self.board.proved(number);
        Ok(())
    }

    /// One piece, by as many chunks as the server likes to make of it.
    fn fetch(&self, piece: &Piece) -> Result<u32, Failure> {
        let mut crc32 = crc32fast::Hasher::new();
        let std::ops::Range { mut start, end } = piece.range();
        while start < end {
            let chunk = self
                .client
                .fetch_chunk(self.handler, start, end - start)
                .map_err(|error| told(&error))?;
            self.part
                .write_all_at(&chunk.bytes, start)
                .map_err(Failure::disk(&self.places.part))?;
            crc32.update(&chunk.bytes);
            let len = u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX);
            self.progress.fetched.fetch_add(len, Relaxed);
            start = start.saturating_add(len);
            if chunk.last && start < end {
                return Err(Failure::Changed("the archive is shorter than it was".to_owned()));
            }
        }
        let crc32 = crc32.finalize();
        self.journal.have(piece.start, piece.len, crc32)?;
        Ok(crc32)
    }
}

/// Proves every document of an archive by the CRC-32 and length that its own directory says.
fn prove(path: &Path, progress: &Progress) -> Result<(), Failure> {
    let mut proof = Proof::default();
    let mut buffer = vec![0; 256 << 10];
    donor::each_document(path, |entry, place| {
        let damaged = || Failure::Damaged {
            path: entry.name.as_str().to_owned(),
            tries: 1,
        };
        let mut proving = proof.of(entry, std::io::sink());
        let mut done = 0;
        while done < entry.stored_len {
            let left = usize::try_from(entry.stored_len - done).unwrap_or(usize::MAX);
            let len = left.min(buffer.len());
            let room = buffer.get_mut(..len).unwrap_or_default();
            place.read(done, room).map_err(|_| damaged())?;
            proving.feed(room).map_err(|_| damaged())?;
            done += u64::try_from(len).unwrap_or(u64::MAX);
        }
        proving.finish().map_err(|_| damaged())?;
        progress.documents.fetch_add(1, Relaxed);
        Ok(())
    })
}

/// The protocol's failures in our words; the texts it gives are kept.
pub(crate) fn told(error: &SrvError) -> Failure {
    let detail = error.to_string();
    match error {
        SrvError::Line(_) => Failure::Unreachable(detail),
        SrvError::Status(_) if error.is_passing() => Failure::Busy { detail, after: None },
        SrvError::Status(_) | SrvError::Malformed { .. } | SrvError::Damaged { .. } => {
            Failure::Protocol(detail)
        }
        SrvError::Refused { text, .. } if text.starts_with("[90") => Failure::SignedOut(detail),
        SrvError::Refused { text, .. } if text.to_lowercase().contains("denied") => Failure::Denied(detail),
        SrvError::Refused { .. } => Failure::Refused(Box::new(Problem {
            title: "the server refused".to_owned(),
            detail,
            ..Problem::default()
        })),
    }
}
