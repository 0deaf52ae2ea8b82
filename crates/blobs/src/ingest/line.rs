//! A line of numbered places: many threads fill them in any order, one empties them in order.
//!
//! It is the bound on memory: no place is given out while too many wait to be emptied.

use crate::sizes::{in_memory, on_disk};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(crate) struct Line<W> {
    room: usize,
    state: Mutex<State<W>>,
    moved: Condvar,
}

struct State<W> {
    places: VecDeque<Option<W>>,
    /// The number of the front place.
    front: u64,
    ended: bool,
    stopped: bool,
}

/// A place that was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u64);

impl<W> Line<W> {
    pub(crate) fn new(room: usize) -> Self {
        let state = State {
            places: VecDeque::new(),
            front: 0,
            ended: false,
            stopped: false,
        };
        Self {
            room,
            state: Mutex::new(state),
            moved: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next place, once there is room; `None` when the line has ended or stopped.
    pub(crate) fn claim(&self) -> Option<Place> {
        let full = |state: &mut State<W>| !state.ended && !state.stopped && state.places.len() >= self.room;
        let mut state = self
            .moved
            .wait_while(self.state(), full)
            .unwrap_or_else(PoisonError::into_inner);
        if state.ended || state.stopped {
            return None;
        }
        state.places.push_back(None);
        Some(Place(state.front + on_disk(state.places.len()) - 1))
    }

    /// Gives the place claimed last back: nothing comes any more. Claims must not overlap with this.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        state.places.pop_back();
        state.ended = true;
        drop(state);
        self.moved.notify_all();
    }

    /// Gives up: no one waits any more, and what is in the line is lost.
    pub(crate) fn stop(&self) {
        self.state().stopped = true;
        self.moved.notify_all();
    }

    pub(crate) fn fill(&self, place: Place, work: W) {
        let mut state = self.state();
        let at = in_memory(place.0 - state.front);
        if let Some(slot) = state.places.get_mut(at) {
            *slot = Some(work);
        }
        drop(state);
        self.moved.notify_all();
    }

    /// The work in front, once it is there; `None` behind the end, or when stopped.
    pub(crate) fn take(&self) -> Option<W> {
        let waiting = |state: &mut State<W>| match state.places.front() {
            _ if state.stopped => false,
            Some(front) => front.is_none(),
            None => !state.ended,
        };
        let mut state = self
            .moved
            .wait_while(self.state(), waiting)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            return None;
        }
        let work = state.places.pop_front().flatten()?;
        state.front += 1;
        drop(state);
        self.moved.notify_all();
        Some(work)
    }

    /// Whether it was given up.
    pub(crate) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// How many places were given out so far.
    pub(crate) fn claimed(&self) -> u64 {
        let state = self.state();
        state.front + on_disk(state.places.len())
    }

    /// How many places were emptied so far.
    pub(crate) fn taken(&self) -> u64 {
        self.state().front
    }
}

/// Stops the line when it is dropped, so that a thread that dies does not leave the others waiting.
pub(crate) struct StopOnDrop<'a, W>(pub(crate) &'a Line<W>);

impl<W> Drop for StopOnDrop<'_, W> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use std::sync::Mutex;
    use std::thread;

    #[test]
    fn work_comes_out_in_order() {
        let (line, source) = (Line::new(3), Mutex::new(()));
        let claim = || {
            let _one_at_a_time = source.lock().unwrap();
            let place = line.claim()?;
            if place.0 == 100 {
                line.end();
                return None;
            }
            Some(place)
        };
        let work = || {
            while let Some(place) = claim() {
                line.fill(place, place.0);
            }
        };
        thread::scope(|scope| {
            let _workers = [(); 3].map(|()| scope.spawn(work));
            for expected in 0..100 {
                assert_eq!(line.take(), Some(expected));
            }
            assert_eq!(line.take(), None);
        });
    }

    #[test]
    fn a_stopped_line_lets_everyone_go() {
        let line = Line::<()>::new(1);
        thread::scope(|scope| {
            line.claim().unwrap();
            let claimer = scope.spawn(|| line.claim());
            let taker = scope.spawn(|| line.take());
            line.stop();
            assert_eq!(claimer.join().unwrap(), None);
            assert_eq!(taker.join().unwrap(), None);
        });
    }
}
