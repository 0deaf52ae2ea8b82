//! Proving: every run's bytes are read back from the part file and held against the plan. Headers and directory must be equal
//! to the byte, content must match its checksums. Runs of what is on this machine already are made here first.

use super::board::{Board, Stopped};
use super::content::{Doubt, Proof};
use super::donor::{Donor, Place};
use super::journal::Journal;
use super::pieces::Run;
use super::plan_file::{DiskPlan, unusable};
use super::unpack::Unpack;
use crate::Failure;
use holdall_archive::{Entry, Piece};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Bytes read from the file at once.
const READ_LEN: usize = 256 << 10;

/// What all provers of a transfer have in common.
#[derive(Debug)]
pub(crate) struct Prover<'a> {
    pub(crate) plan: &'a DiskPlan,
    pub(crate) board: &'a Board,
    pub(crate) journal: &'a Journal,
    pub(crate) part: &'a File,
    pub(crate) part_path: &'a Path,
    /// Where content may be that need not be fetched.
    pub(crate) donors: &'a [Donor],
    /// Where documents go when the archive itself is not wanted.
    pub(crate) unpack: Option<&'a Unpack>,
}

/// A prover's own tools.
struct Bench {
    proof: Proof,
    buffer: Box<[u8]>,
}

/// Why a run is not proved.
enum Fault {
    /// The bytes of this entry, or before it, are wrong.
    Wrong(String),
    /// The transfer has ended.
    Stopped,
    /// Nothing to do with the bytes.
    Broken(Failure),
}

impl From<Stopped> for Fault {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Broken(failure)
    }
}

impl Prover<'_> {
    /// Proves runs until the board has none.
    pub(crate) fn run(&self) {
        let mut bench = Bench {
            proof: Proof::default(),
            buffer: vec![0; READ_LEN].into_boxed_slice(),
        };
        while let Some(number) = self.board.next_run() {
            let outcome = self.settle(number, &mut bench);
            if let Err(failure) = outcome {
                self.board.fail(failure);
                return;
            }
        }
    }

    fn settle(&self, number: usize, bench: &mut Bench) -> Result<(), Failure> {
        let Some(run) = self.board.runs().get(number).copied() else {
            return Ok(());
        };
        let is_made = self.board.is_to_be_made(number);
        let source = if is_made {
            Source::Donor
        } else {
            Source::Part(number)
        };
        match self.prove(&run, source, bench) {
            Ok(()) => {
                self.journal
                    .proved(run.start, run.end.saturating_sub(run.start))?;
                if let Some(unpack) = self.unpack {
                    unpack.done(run.start..run.end);
                }
                self.board.proved(number);
                Ok(())
            }
            Err(Fault::Wrong(_)) if is_made => {
                self.board.fetch_instead(number);
                Ok(())
            }
            Err(Fault::Wrong(path)) => {
                let doubtful = self.board.refuted(number, &path);
                let mut pieces = doubtful
                    .iter()
                    .filter_map(|piece| self.board.pieces().get(*piece));
                pieces.try_for_each(|piece| self.journal.lost(piece.start, piece.len))
            }
            Err(Fault::Stopped) => Ok(()),
            Err(Fault::Broken(failure)) => Err(failure),
        }
    }

    fn prove(&self, run: &Run, source: Source, bench: &mut Bench) -> Result<(), Fault> {
        let mut entries = (run.first_entry..).zip(self.plan.entries_from(run.first_entry));
        let mut splice = self.plan.splice(run.start..run.end);
        loop {
            let offset = splice.position();
            let Some(piece) = splice.next() else {
                return self.finish_folders(run);
            };
            match piece.map_err(unusable)? {
                Piece::Literal(bytes) => self.literal(source, offset, &bytes, bench)?,
                Piece::Content { entry: wanted, .. } => {
                    let entry = entries.by_ref().find(|(number, _)| *number == wanted);
                    let (_, entry) =
                        entry.ok_or_else(|| Failure::InTheWay("the plan is too short".to_owned()))?;
                    let entry = &entry.map_err(unusable)?;
                    self.content(
                        &Content {
                            source,
                            offset,
                            entry,
                        },
                        bench,
                    )?;
                }
            }
        }
    }

    /// Folders and empty documents have no content, so they are unpacked by the list.
    fn finish_folders(&self, run: &Run) -> Result<(), Fault> {
        let Some(unpack) = self.unpack else {
            return Ok(());
        };
        let mut offset = run.start;
        for entry in self.plan.entries_from(run.first_entry) {
            let entry = entry.map_err(unusable)?;
            if offset >= run.end {
                break;
            }
            let len =
                holdall_archive::local_len(&entry).map_err(|error| Failure::InTheWay(error.to_string()))?;
            offset = offset.saturating_add(len);
            if entry.stored_len == 0 {
                unpack.empty(&entry)?;
            }
        }
        Ok(())
    }

    fn literal(&self, source: Source, offset: u64, expected: &[u8], bench: &mut Bench) -> Result<(), Fault> {
        let Source::Part(run) = source else {
            return self.write(expected, offset).map_err(Fault::Broken);
        };
        let end = offset.saturating_add(u64::try_from(expected.len()).unwrap_or(u64::MAX));
        self.board.wait_for(run, end)?;
        let mut offset = offset;
        for part in expected.chunks(bench.buffer.len()) {
            let room = bench.buffer.get_mut(..part.len()).unwrap_or_default();
            self.read(room, offset)?;
            if room != part {
                return Err(Fault::Wrong(self.path_at(offset)));
            }
            offset += u64::try_from(part.len()).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    fn content(&self, content: &Content<'_>, bench: &mut Bench) -> Result<(), Fault> {
        match self.unpack {
            Some(unpack) => {
                let file = self.pass(content, bench, unpack.open(content.entry)?)?;
                Ok(unpack.close(content.entry, file)?)
            }
            None => self.pass(content, bench, io::sink()).map(drop),
        }
    }

    /// Proves an entry's content on its way to `sink`.
    fn pass<W: Write>(&self, content: &Content<'_>, bench: &mut Bench, sink: W) -> Result<W, Fault> {
        let Bench { proof, buffer } = bench;
        let entry = content.entry;
        let mut proving = proof.of(entry, sink);
        let wrong = |doubt| match doubt {
            Doubt::Wrong => Fault::Wrong(entry.name.as_str().to_owned()),
            Doubt::Sink(error) => Fault::Broken(Failure::disk(Path::new(entry.name.as_str()))(error)),
        };
        let donated = match content.source {
            Source::Part(_) => None,
            Source::Donor => Some(self.donated(entry).ok_or_else(|| wrong(Doubt::Wrong))?),
        };
        let mut done = 0;
        while done < entry.stored_len {
            let most = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
            let len = self.wait(content, done, most.min(entry.stored_len - done))?;
            let room = buffer
                .get_mut(..usize::try_from(len).unwrap_or(usize::MAX))
                .unwrap_or_default();
            match &donated {
                None => self.read(room, content.offset + done)?,
                Some(place) => place.read(done, room).map_err(|_| wrong(Doubt::Wrong))?,
            }
            proving.feed(room).map_err(wrong)?;
            if donated.is_some() {
                self.write(room, content.offset + done)?;
            }
            done += len;
        }
        proving.finish().map_err(wrong)
    }

    fn donated(&self, entry: &Entry) -> Option<Place<'_>> {
        self.donors.iter().find_map(|donor| donor.find(entry))
    }

    /// Waits until some of the next `len` bytes of a content are there; gives how many.
    fn wait(&self, content: &Content<'_>, done: u64, len: u64) -> Result<u64, Fault> {
        let Source::Part(run) = content.source else {
            return Ok(len);
        };
        let at = content.offset.saturating_add(done);
        let known = self.board.wait_for(run, at.saturating_add(1))?;
        Ok(len.min(known.saturating_sub(at)))
    }

    fn read(&self, room: &mut [u8], offset: u64) -> Result<(), Failure> {
        self.part
            .read_exact_at(room, offset)
            .map_err(Failure::disk(self.part_path))
    }

    /// Unpacking needs no archive.
    fn write(&self, bytes: &[u8], offset: u64) -> Result<(), Failure> {
        if self.unpack.is_some() {
            return Ok(());
        }
        self.part
            .write_all_at(bytes, offset)
            .map_err(Failure::disk(self.part_path))
    }

    /// What lies at an offset, for the words of a failure.
    fn path_at(&self, offset: u64) -> String {
        if offset >= self.plan.central_offset() {
            return "the archive's directory".to_owned();
        }
        format!("the header at byte {offset}")
    }
}

/// A content under proof.
struct Content<'a> {
    source: Source,
    /// Where in the archive it lies.
    offset: u64,
    entry: &'a Entry,
}

/// Where the bytes of a run are.
#[derive(Clone, Copy)]
enum Source {
    /// In the part file; the number is the run's.
    Part(usize),
    /// On this machine, to be copied to the part file.
    Donor,
}
