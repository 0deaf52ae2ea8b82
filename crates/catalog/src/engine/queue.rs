//! Work waiting for a thread: bounded, first come first served.

use crate::CatalogError;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A queue between any number of callers and threads.
pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    ready: Condvar,
    capacity: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    closed: bool,
}

impl<J> Queue<J> {
    pub(crate) fn new(capacity: usize) -> Self {
        let state = State {
            jobs: VecDeque::new(),
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            ready: Condvar::new(),
            capacity,
        }
    }

    /// Appends a job. Never waits: [`CatalogError::Busy`] when `capacity` jobs are waiting.
    pub(crate) fn push(&self, job: J) -> Result<(), CatalogError> {
        let mut state = self.lock();
        if state.closed {
            return Err(CatalogError::closed());
        }
        if state.jobs.len() >= self.capacity {
            return Err(CatalogError::Busy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.ready.notify_one();
        Ok(())
    }

    /// Waits for a job; `None` once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<J> {
        let state = self.lock();
        let mut state = self
            .ready
            .wait_while(state, |state| state.jobs.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.jobs.pop_front()
    }

    /// At most `most` of the jobs that wait now.
    pub(crate) fn drain(&self, most: usize) -> Vec<J> {
        let mut state = self.lock();
        let count = most.min(state.jobs.len());
        state.jobs.drain(..count).collect()
    }

    /// Takes no more jobs and lets the threads go once the waiting ones are done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.ready.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
