//! What bodies tell of one download, until it is written down.

use super::{Door, Spans};
use holdall_model::Timestamp;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was sent of an open download and is not in the catalog yet.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    state: Mutex<State>,
    /// Whether the ledger knows that there is something to write.
    is_noted: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    told: Told,
    moving: Vec<Arc<Moving>>,
}

/// What was sent since the last time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Which bytes.
    pub(super) spans: Spans,
    /// How many, repetitions included.
    pub(super) sent_len: u64,
    /// When the first and the last were, and by which door.
    pub(super) times: Option<(Timestamp, Timestamp, Door)>,
}

/// A body that is on its way.
#[derive(Debug)]
struct Moving {
    start: u64,
    position: AtomicU64,
    /// Up to where it was counted already.
    counted: AtomicU64,
    door: Door,
}

/// What a body keeps of itself. It tells the rest when it goes.
#[derive(Debug)]
pub(crate) struct Sender {
    delivery: Arc<Delivery>,
    start: u64,
    /// Up to where bytes were taken by the connection.
    taken: u64,
    door: Door,
    moving: Option<Arc<Moving>>,
}

impl Told {
    fn add(&mut self, range: Range<u64>, sent_len: u64, (at, door): (Timestamp, Door)) {
        if sent_len > 0 {
            let first = self.times.map_or(at, |(first, ..)| first);
            self.times = Some((first, at, door));
        }
        self.sent_len = self.sent_len.saturating_add(sent_len);
        self.spans.insert(range);
    }

    fn merge(&mut self, other: &Self) {
        self.spans.extend(&other.spans);
        self.sent_len = self.sent_len.saturating_add(other.sent_len);
        self.times = match (self.times, other.times) {
            (Some((first, last, door)), Some((other_first, other_last, _))) => {
                Some((first.min(other_first), last.max(other_last), door))
            }
            (one, other) => one.or(other),
        };
    }
}

impl Delivery {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the first to be noted since the last time it was taken.
    pub(super) fn note(&self) -> bool {
        !self.is_noted.swap(true, Ordering::AcqRel)
    }

    /// What was sent since the last time, at `now`.
    pub(super) fn take(&self, now: Timestamp) -> Told {
        self.is_noted.store(false, Ordering::Release);
        let mut state = self.state();
        let mut told = std::mem::take(&mut state.told);
        for moving in &state.moving {
            let position = moving.position.load(Ordering::Relaxed);
            let before = moving.counted.swap(position, Ordering::Relaxed);
            told.add(
                moving.start..position,
                position.saturating_sub(before),
                (now, moving.door),
            );
        }
        told
    }

    /// Gives back what could not be written down.
    pub(super) fn give_back(&self, told: &Told) {
        self.state().told.merge(told);
    }

    /// How many bytes were sent that are not in the catalog: a number that grows when there is news.
    pub(super) fn pending_len(&self) -> u64 {
        let state = self.state();
        let moving = state.moving.iter().map(|moving| {
            let counted = moving.counted.load(Ordering::Relaxed);
            moving.position.load(Ordering::Relaxed).saturating_sub(counted)
        });
        moving.fold(state.told.sent_len, u64::saturating_add)
    }
}

impl Sender {
    /// Of a body that starts at a position.
    pub(crate) fn new(delivery: Arc<Delivery>, start: u64, door: Door) -> Self {
        Self {
            delivery,
            start,
            taken: start,
            door,
            moving: None,
        }
    }

    /// Notes that the connection has taken everything up to `position`. The body goes on, so others may see how far it is.
    pub(crate) fn advance(&mut self, position: u64) {
        if position <= self.taken {
            return;
        }
        self.taken = position;
        let (start, door) = (self.start, self.door);
        let moving = self.moving.get_or_insert_with(|| {
            let moving = Arc::new(Moving {
                start,
                position: AtomicU64::new(start),
                counted: AtomicU64::new(start),
                door,
            });
            self.delivery.state().moving.push(Arc::clone(&moving));
            moving
        });
        moving.position.store(position, Ordering::Relaxed);
    }

    /// Tells the download what was sent, which was taken up to `position` at `now`. Says whether the ledger must be told.
    pub(crate) fn end(&mut self, position: u64, now: Timestamp) -> bool {
        let taken = self.taken.max(position);
        if taken == self.start {
            return false;
        }
        let mut state = self.delivery.state();
        let mut counted = self.start;
        if let Some(moving) = self.moving.take() {
            counted = moving.counted.load(Ordering::Relaxed);
            state.moving.retain(|other| !Arc::ptr_eq(other, &moving));
        }
        let sent_len = taken.saturating_sub(counted);
        state.told.add(self.start..taken, sent_len, (now, self.door));
        self.start = taken;
        self.taken = taken;
        drop(state);
        self.delivery.note()
    }
}
