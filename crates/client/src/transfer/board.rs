//! Who does what: the pieces that are still missing, those under way, the runs to prove. Connections take spans of missing
//! pieces from it, provers take runs; both wait at it and both stop when it says so.

mod state;

use super::pieces::{Cut, Origin, PIECE_LEN, Piece, Run};
use super::progress::Progress;
use crate::Failure;
use state::{PieceState, RunState, State, release};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often the content of one run is fetched before it is given up.
const MOST_TRIES: u32 = 20;
/// Bytes that one request asks for, but for the rest of its last piece. What is under way when the process is killed comes
/// again, also what lay in buffers on the line: four connections have less than 16 MiB under way.
const SPAN_LEN: u64 = 3 << 20;

/// The state of a transfer, shared by all its threads.
#[derive(Debug)]
pub(crate) struct Board {
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    /// The number of each run's first piece.
    first_piece: Vec<u32>,
    connections: u64,
    progress: Arc<Progress>,
    state: Mutex<State>,
    changed: Condvar,
    /// Told only when the transfer ends.
    ended: Condvar,
}

/// The transfer has ended one way or another, so what was waited for will not come.
#[derive(Debug)]
pub(crate) struct Stopped;

impl Board {
    /// A board on which nothing is there yet.
    pub(crate) fn new(cut: Cut, connections: u64, progress: Arc<Progress>) -> Self {
        let origin = |piece: &Piece| cut.runs.get(index(piece.run)).map(|run| run.origin);
        let pieces: Vec<_> = cut
            .pieces
            .iter()
            .map(|piece| match origin(piece) {
                Some(Origin::Here) => PieceState::Local,
                _ => PieceState::Missing,
            })
            .collect();
        let missing_len = cut
            .pieces
            .iter()
            .zip(&pieces)
            .filter(|(_, state)| **state == PieceState::Missing)
            .map(|(piece, _)| u64::from(piece.len))
            .sum();
        let mut first_piece = Vec::with_capacity(cut.runs.len());
        for (number, piece) in (0..).zip(&cut.pieces) {
            if index(piece.run) == first_piece.len() {
                first_piece.push(number);
            }
        }
        let state = State {
            pieces,
            runs: vec![RunState::Waiting { there: 0 }; cut.runs.len()],
            fetch_from: 0,
            prove_from: 0,
            missing_len,
            unproved: cut.runs.len(),
            tries: HashMap::new(),
            suspects: HashMap::new(),
            failure: None,
        };
        Self {
            pieces: cut.pieces,
            runs: cut.runs,
            first_piece,
            connections: connections.max(1),
            progress,
            state: Mutex::new(state),
            changed: Condvar::new(),
            ended: Condvar::new(),
        }
    }

    /// All pieces.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// All runs.
    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The numbers of a run's pieces.
    pub(crate) fn pieces_of(&self, run: usize) -> Range<usize> {
        let at = |run: usize| {
            self.first_piece
                .get(run)
                .map_or(self.pieces.len(), |piece| index(*piece))
        };
        at(run)..at(run + 1)
    }

    /// A span of missing pieces for a connection: near the front, shorter towards the end so that all connections finish
    /// together. Waits while others may still give pieces back; `None` when all is proved or the transfer failed.
    pub(crate) fn next_span(&self) -> Option<Range<usize>> {
        let mut state = self.state();
        loop {
            if state.is_over() {
                return None;
            }
            if let Some(span) = self.take_span(&mut state) {
                return Some(span);
            }
            state = self.wait(state);
        }
    }

    fn take_span(&self, state: &mut State) -> Option<Range<usize>> {
        let is_missing = |state: &State, piece: usize| state.pieces.get(piece) == Some(&PieceState::Missing);
        let first = (state.fetch_from..self.pieces.len()).find(|piece| is_missing(state, *piece));
        state.fetch_from = first.unwrap_or(self.pieces.len());
        let goal = (state.missing_len / (2 * self.connections)).clamp(PIECE_LEN, SPAN_LEN);
        let (start, mut end, mut len) = (first?, first?, 0);
        while len < goal && is_missing(state, end) {
            len += self.pieces.get(end).map_or(0, |piece| u64::from(piece.len));
            if let Some(piece) = state.pieces.get_mut(end) {
                *piece = PieceState::Taken;
            }
            end += 1;
        }
        state.missing_len = state.missing_len.saturating_sub(len);
        Some(start..end)
    }

    /// The bytes of a piece are in the file.
    pub(crate) fn arrived(&self, piece: usize, crc32: u32) {
        let mut state = self.state();
        let Some(slot) = state.pieces.get_mut(piece) else {
            return;
        };
        if *slot == PieceState::Missing {
            state.missing_len = state.missing_len.saturating_sub(self.len_of(piece));
        }
        if let Some(slot) = state.pieces.get_mut(piece) {
            *slot = PieceState::There(crc32);
        }
        let run = self.pieces.get(piece).map_or(0, |piece| index(piece.run));
        if let Some(RunState::Waiting { there } | RunState::Taken { there }) = state.runs.get_mut(run) {
            *there += 1;
        }
        self.progress.there.fetch_add(self.len_of(piece), Relaxed);
        self.changed.notify_all();
    }

    /// A run to prove: one whose pieces are all there, or else one whose first piece is. `None` when all is proved or the
    /// transfer failed.
    pub(crate) fn next_run(&self) -> Option<usize> {
        let mut state = self.state();
        loop {
            if state.is_over() {
                return None;
            }
            if let Some(run) = self.take_run(&mut state) {
                return Some(run);
            }
            state = self.wait(state);
        }
    }

    fn take_run(&self, state: &mut State) -> Option<usize> {
        let waits = |state: &State, run: usize| matches!(state.runs.get(run), Some(RunState::Waiting { .. }));
        let first = (state.prove_from..self.runs.len()).find(|run| waits(state, *run));
        state.prove_from = first.unwrap_or(self.runs.len());
        let first = first?;
        let run = (first..self.runs.len())
            .find(|run| waits(state, *run) && self.is_whole(state, *run))
            .or_else(|| {
                (first..self.runs.len()).find(|run| waits(state, *run) && self.is_begun(state, *run))
            })?;
        let slot = state.runs.get_mut(run)?;
        if let RunState::Waiting { there } = *slot {
            *slot = RunState::Taken { there };
        }
        Some(run)
    }

    fn is_whole(&self, state: &State, run: usize) -> bool {
        let Some(RunState::Waiting { there } | RunState::Taken { there }) = state.runs.get(run) else {
            return false;
        };
        self.is_local(state, run) || index(*there) == self.pieces_of(run).len()
    }

    fn is_begun(&self, state: &State, run: usize) -> bool {
        let first = self.pieces_of(run).start;
        matches!(state.pieces.get(first), Some(PieceState::There(_)))
    }

    fn is_local(&self, state: &State, run: usize) -> bool {
        state.pieces.get(self.pieces_of(run).start) == Some(&PieceState::Local)
    }

    /// Whether a run is to be made of what is on this machine.
    pub(crate) fn is_to_be_made(&self, run: usize) -> bool {
        self.is_local(&self.state(), run)
    }

    /// Waits until the bytes of a run are there up to `end`, which is an offset in the archive; gives how far they are there.
    pub(crate) fn wait_for(&self, run: usize, end: u64) -> Result<u64, Stopped> {
        let pieces = self.pieces_of(run);
        let mut state = self.state();
        loop {
            if state.is_over() {
                return Err(Stopped);
            }
            let there = pieces
                .clone()
                .take_while(|piece| matches!(state.pieces.get(*piece), Some(PieceState::There(_))))
                .last()
                .and_then(|piece| self.pieces.get(piece))
                .map_or(0, |piece| piece.range().end);
            if there >= end {
                return Ok(there);
            }
            state = self.wait(state);
        }
    }

    /// A run matched its checksums.
    pub(crate) fn proved(&self, run: usize) {
        let mut state = self.state();
        if let Some(slot) = state.runs.get_mut(run) {
            *slot = RunState::Proved;
        }
        state.unproved = state.unproved.saturating_sub(1);
        for piece in self.pieces_of(run) {
            if state.pieces.get(piece) == Some(&PieceState::Local) {
                self.progress.there.fetch_add(self.len_of(piece), Relaxed);
            }
        }
        let documents = self.runs.get(run).map_or(0, |run| u64::from(run.documents));
        self.progress.documents.fetch_add(documents, Relaxed);
        self.tell(&state);
    }

    /// What was to be made of what is on this machine cannot be: it is fetched.
    pub(crate) fn fetch_instead(&self, run: usize) {
        let mut state = self.state();
        for piece in self.pieces_of(run) {
            self.give_back(&mut state, piece);
        }
        release(&mut state, run, 0);
        self.changed.notify_all();
    }

    /// A run does not match its checksums; `path` is the entry that does not. Gives the pieces that are to be fetched again:
    /// all of them the first time, later those that did not come the same twice. When they all did, or after too many tries,
    /// the transfer has failed.
    pub(crate) fn refuted(&self, run: usize, path: &str) -> Vec<usize> {
        let mut state = self.state();
        let tries = {
            let tries = state.tries.entry(number(run)).or_default();
            *tries += 1;
            *tries
        };
        let mut doubtful = Vec::new();
        for piece in self.pieces_of(run) {
            if let Some(PieceState::There(crc32)) = state.pieces.get(piece).copied() {
                let seen = state.suspects.entry(number(piece)).or_default();
                doubtful.extend((!seen.contains(&crc32)).then_some(piece));
                seen.push(crc32);
            }
        }
        if tries >= MOST_TRIES || doubtful.is_empty() {
            let path = path.to_owned();
            state.failure.get_or_insert(Failure::Damaged { path, tries });
            self.tell(&state);
            return Vec::new();
        }
        for piece in &doubtful {
            self.give_back(&mut state, *piece);
            let len = self.len_of(*piece);
            self.progress.there.fetch_sub(len, Relaxed);
        }
        let is_there = |piece: &usize| matches!(state.pieces.get(*piece), Some(PieceState::There(_)));
        let there = self.pieces_of(run).filter(is_there).count();
        release(&mut state, run, number(there));
        self.changed.notify_all();
        doubtful
    }

    fn give_back(&self, state: &mut State, piece: usize) {
        if let Some(slot) = state.pieces.get_mut(piece) {
            *slot = PieceState::Missing;
        }
        state.missing_len += self.len_of(piece);
        state.fetch_from = state.fetch_from.min(piece);
    }

    /// Ends the transfer; the first failure is the one that counts.
    pub(crate) fn fail(&self, failure: Failure) {
        let mut state = self.state();
        state.failure.get_or_insert(failure);
        self.tell(&state);
    }

    /// Whether the transfer has ended, well or not.
    pub(crate) fn is_over(&self) -> bool {
        self.state().is_over()
    }

    /// Waits until the transfer ends, or for `most`; says whether it has ended.
    pub(crate) fn wait_for_end(&self, most: Duration) -> bool {
        let waited = self
            .ended
            .wait_timeout_while(self.state(), most, |state| !state.is_over());
        waited.is_ok_and(|(state, _)| state.is_over())
    }

    fn tell(&self, state: &State) {
        self.changed.notify_all();
        if state.is_over() {
            self.ended.notify_all();
        }
    }

    /// How it ended.
    pub(crate) fn outcome(self) -> Result<(), Failure> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.failure.map_or(Ok(()), Err)
    }

    fn len_of(&self, piece: usize) -> u64 {
        self.pieces.get(piece).map_or(0, |piece| u64::from(piece.len))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
