//! One attempt: connections, provers and the one who brings things to the disk, all at the same board until it is done.

use super::board::Board;
use super::bridges::bridges;
use super::donor::Donor;
use super::fetch::Fetcher;
use super::journal::{Journal, Notes};
use super::manifest::Promise;
use super::pieces::{self, Origin};
use super::places::Places;
use super::plan_file::{self, DiskPlan};
use super::progress::Progress;
use super::prove::Prover;
use super::unpack::Unpack;
use crate::{Failure, Remote};
use rustix::fs::FallocateFlags;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

/// How often what came is brought to the disk, and the journal told.
const SYNC_PAUSE: Duration = Duration::from_secs(1);
/// Bytes of the part file that are read back at once after a restart.
const CHECK_LEN: usize = 256 << 10;

/// What an attempt works with.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) server: &'a Remote,
    pub(crate) content: &'a str,
    pub(crate) promise: &'a Promise,
    pub(crate) places: &'a Places,
    pub(crate) journal: &'a Journal,
    pub(crate) notes: &'a Notes,
    pub(crate) donors: &'a [Donor],
    pub(crate) unpack: Option<&'a Unpack>,
    pub(crate) connections: u64,
    pub(crate) patience: Duration,
    pub(crate) progress: &'a Arc<Progress>,
}

impl Attempt<'_> {
    /// Brings everything in and proves it. What came stays when it fails.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let plan = plan_file::open(&self.places.plan)?;
        let part = self.open_part()?;
        let cut = self.cut(&plan)?;
        self.reset_progress(&cut);
        let board = Board::new(cut, self.connections, Arc::clone(self.progress));
        self.recall(&board, &part);
        let fetcher = self.fetcher(&board, &part);
        let prover = Prover {
            plan: &plan,
            board: &board,
            journal: self.journal,
            part: &part,
            part_path: &self.places.part,
            donors: self.donors,
            unpack: self.unpack,
        };
        thread::scope(|scope| {
            for _ in 0..self.connections.max(1) {
                scope.spawn(|| fetcher.run());
            }
            for _ in 0..thread::available_parallelism().map_or(2, |cores| cores.get().min(8)) {
                scope.spawn(|| prover.run());
            }
            self.keep_synced(&board, &part);
        });
        board.outcome()
    }

    fn cut(&self, plan: &DiskPlan) -> Result<pieces::Cut, Failure> {
        let has_donors = !self.donors.is_empty();
        let directory = if has_donors { Origin::Here } else { Origin::Server };
        let directory = Some(directory).filter(|_| self.unpack.is_none());
        let bridges = bridges(plan, self.donors)?;
        let mut ahead = bridges.iter().peekable();
        let mut number = 0;
        pieces::cut(plan, directory, |entry| {
            while ahead.next_if(|bridge| bridge.end <= number).is_some() {}
            let is_bridge = ahead.peek().is_some_and(|bridge| bridge.contains(&number));
            number += 1;
            if is_bridge {
                Some(Origin::Server)
            } else if has_donors && entry.stored_len == 0 {
                None
            } else if self.donors.iter().any(|donor| donor.has(entry)) {
                Some(Origin::Here)
            } else {
                Some(Origin::Server)
            }
        })
    }

    fn reset_progress(&self, cut: &pieces::Cut) {
        let total = cut.runs.iter().map(|run| run.end - run.start).sum();
        self.progress.total.store(total, Relaxed);
        self.progress.there.store(0, Relaxed);
        self.progress.documents.store(0, Relaxed);
    }

    fn fetcher<'a>(&'a self, board: &'a Board, part: &'a File) -> Fetcher<'a> {
        Fetcher {
            server: self.server,
            content: self.content,
            promise: self.promise,
            board,
            journal: self.journal,
            part,
            part_path: &self.places.part,
            progress: self.progress,
            patience: self.patience,
        }
    }

    /// The part file at its full length, its room taken where the file system can.
    fn open_part(&self) -> Result<File, Failure> {
        let path = &self.places.part;
        let part = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Failure::disk(path))?;
        let len = self.promise.len;
        let room = match self.unpack {
            Some(_) => Ok(()),
            None => rustix::fs::fallocate(&part, FallocateFlags::empty(), 0, len),
        };
        // Other refusals mean that the file system cannot take room in advance.
        if room == Err(rustix::io::Errno::NOSPC) {
            return Err(Failure::disk(path)(rustix::io::Errno::NOSPC.into()));
        }
        part.set_len(len).map_err(Failure::disk(path))?;
        Ok(part)
    }

    /// Puts on the board what the notes say is there, as far as they are to be believed.
    fn recall(&self, board: &Board, part: &File) {
        for (number, run) in board.runs().iter().enumerate() {
            let is_proved = self.notes.proved.get(&run.start) == Some(&(run.end - run.start));
            let pieces = board.pieces_of(number).filter(|_| run.origin == Origin::Server);
            let there = pieces.filter_map(|piece| {
                let place = board.pieces().get(piece)?;
                Some((piece, self.crc32_there(place, part, is_proved)?))
            });
            there.for_each(|(piece, crc32)| board.arrived(piece, crc32));
            if is_proved {
                board.proved(number);
            }
        }
    }

    /// The CRC-32 of a piece that is there. What is proved may be unpacked and gone from the part file.
    fn crc32_there(&self, place: &pieces::Piece, part: &File, is_proved: bool) -> Option<u32> {
        let have = self
            .notes
            .have
            .get(&place.start)
            .filter(|have| have.len == place.len);
        match have {
            _ if is_proved => Some(have.map_or(0, |have| have.crc32)),
            Some(have) if have.synced => Some(have.crc32),
            Some(have) => crc32_of(part, place).ok().filter(|crc32| *crc32 == have.crc32),
            None => None,
        }
    }

    fn keep_synced(&self, board: &Board, part: &File) {
        loop {
            let is_over = board.wait_for_end(SYNC_PAUSE);
            if let Err(failure) = self.sync(part) {
                board.fail(failure);
            }
            if is_over {
                return;
            }
        }
    }

    /// Bytes first, then the journal says so, then the room of what is unpacked is given back.
    fn sync(&self, part: &File) -> Result<(), Failure> {
        let done = self.unpack.map(Unpack::take_done).unwrap_or_default();
        let count = self.journal.count();
        match self.unpack {
            Some(unpack) => unpack.sync()?,
            None => part.sync_data().map_err(Failure::disk(&self.places.part))?,
        }
        self.journal.synced(count)?;
        for range in done {
            let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
            // Where that is not possible the room is given back at the end.
            let len = range.end.saturating_sub(range.start);
            rustix::fs::fallocate(part, hole, range.start, len).unwrap_or_default();
        }
        Ok(())
    }
}

/// The CRC-32 of a piece as it is in the part file.
pub(crate) fn crc32_of(part: &File, place: &pieces::Piece) -> std::io::Result<u32> {
    let mut crc32 = crc32fast::Hasher::new();
    let mut buffer = vec![0; CHECK_LEN];
    let std::ops::Range { mut start, end } = place.range();
    while start < end {
        let len = usize::try_from(end - start)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let room = buffer.get_mut(..len).unwrap_or_default();
        part.read_exact_at(room, start)?;
        crc32.update(room);
        start += u64::try_from(len).unwrap_or(u64::MAX);
    }
    Ok(crc32.finalize())
}
