//! Read buffers: handed out within a budget, zeroed once, reused.
//!
//! Up to the budget a reader gets 256 KiB, beyond it 16 KiB, so that 10,000 stalled downloads stay below 512 MiB.

use crate::pack::checks::CHECK_LEN;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of a large buffer: 256 KiB.
pub(crate) const LARGE_LEN: usize = 256 << 10;

/// Bytes of a small buffer: 16 KiB.
pub(crate) const SMALL_LEN: usize = 16 << 10;

/// Room for the unwanted head and tail of the check blocks around one range.
pub(crate) const SCRATCH_LEN: usize = 2 * CHECK_LEN;

/// Buffers of each kind that are kept for the next reader.
const IDLE: usize = 128;

#[derive(Debug)]
pub(crate) struct Pool {
    large_limit: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    large_in_use: usize,
    large: Vec<Box<[u8]>>,
    small: Vec<Box<[u8]>>,
    scratch: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Large,
    Small,
    Scratch,
}

/// A buffer that goes back to its pool when it is dropped.
#[derive(Debug)]
pub(crate) struct PooledBuffer {
    pub(crate) bytes: Box<[u8]>,
    /// How many bytes from the front are of worth.
    pub(crate) filled: usize,
    kind: Kind,
    pool: Arc<Pool>,
}

impl Pool {
    pub(crate) fn new(large_limit: usize) -> Self {
        Self {
            large_limit,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A buffer for a reader that wants `wanted` bytes; smaller if that or the budget says so.
    pub(crate) fn take(self: &Arc<Self>, wanted: usize) -> PooledBuffer {
        let mut state = self.state();
        if wanted > SMALL_LEN && state.large_in_use < self.large_limit {
            state.large_in_use += 1;
            let idle = state.large.pop();
            drop(state);
            return self.wrap(idle, LARGE_LEN, Kind::Large);
        }
        let idle = state.small.pop();
        drop(state);
        self.wrap(idle, SMALL_LEN, Kind::Small)
    }

    /// A buffer for the length of one read, outside the budget: there are no more of them than reading threads.
    pub(crate) fn take_scratch(self: &Arc<Self>) -> PooledBuffer {
        let idle = self.state().scratch.pop();
        self.wrap(idle, SCRATCH_LEN, Kind::Scratch)
    }

    fn wrap(self: &Arc<Self>, idle: Option<Box<[u8]>>, len: usize, kind: Kind) -> PooledBuffer {
        let bytes = idle.unwrap_or_else(|| vec![0; len].into_boxed_slice());
        PooledBuffer {
            bytes,
            filled: 0,
            kind,
            pool: Arc::clone(self),
        }
    }
}

impl AsRef<[u8]> for PooledBuffer {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }
}

impl Drop for PooledBuffer {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        if self.kind == Kind::Large {
            state.large_in_use -= 1;
        }
        let idle = match self.kind {
            Kind::Large => &mut state.large,
            Kind::Small => &mut state.small,
            Kind::Scratch => &mut state.scratch,
        };
        if idle.len() < IDLE {
            idle.push(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IDLE, LARGE_LEN, Pool, SMALL_LEN};
    use std::sync::Arc;

    #[test]
    fn p9_ten_thousand_stalled_readers_stay_in_bounds() {
        let pool = Arc::new(Pool::new(1024));
        let held: Vec<_> = (0..10_000).map(|_| pool.take(LARGE_LEN)).collect();
        let bytes: usize = held.iter().map(|buffer| buffer.bytes.len()).sum();
        assert_eq!(bytes, 1024 * LARGE_LEN + (10_000 - 1024) * SMALL_LEN);
        assert!(bytes <= 512 << 20);
        drop(held);
        let state = pool.state();
        assert_eq!(
            (state.large_in_use, state.large.len(), state.small.len()),
            (0, IDLE, IDLE)
        );
    }

    #[test]
    fn a_short_wish_gets_a_small_buffer_and_buffers_return() {
        let pool = Arc::new(Pool::new(1));
        assert_eq!(pool.take(SMALL_LEN).bytes.len(), SMALL_LEN);
        let first = pool.take(SMALL_LEN + 1);
        assert_eq!(first.bytes.len(), LARGE_LEN);
        assert_eq!(pool.take(LARGE_LEN).bytes.len(), SMALL_LEN);
        drop(first);
        assert_eq!(pool.take(LARGE_LEN).bytes.len(), LARGE_LEN);
    }
}
