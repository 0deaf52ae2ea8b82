//! What a board knows of its pieces and runs.

use crate::Failure;
use std::collections::HashMap;

#[derive(Debug)]
pub(super) struct State {
    pub(super) pieces: Vec<PieceState>,
    pub(super) runs: Vec<RunState>,
    /// No piece before this one is missing.
    pub(super) fetch_from: usize,
    /// No run before this one waits.
    pub(super) prove_from: usize,
    pub(super) missing_len: u64,
    pub(super) unproved: usize,
    pub(super) tries: HashMap<u32, u32>,
    /// What pieces of runs that failed looked like before, by their CRC-32; two equal ones are believed.
    pub(super) suspects: HashMap<u32, Vec<u32>>,
    pub(super) failure: Option<Failure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceState {
    /// To be fetched.
    Missing,
    /// A connection is at it.
    Taken,
    /// Its bytes are in the file; this is their CRC-32.
    There(u32),
    /// Not fetched: made of what is on this machine.
    Local,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunState {
    Waiting { there: u32 },
    Taken { there: u32 },
    Proved,
}

impl State {
    /// Whether the transfer has ended, well or not.
    pub(super) fn is_over(&self) -> bool {
        self.failure.is_some() || self.unproved == 0
    }
}

/// A run waits to be proved again.
pub(super) fn release(state: &mut State, run: usize, there: u32) {
    if let Some(slot) = state.runs.get_mut(run) {
        *slot = RunState::Waiting { there };
    }
    state.prove_from = state.prove_from.min(run);
}
