//! What one body notes of itself while it goes.

use super::super::opened::Opened;
use super::{Door, Sender};
use crate::house::House;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Notes how much of a range was sent. A piece counts when the next one is asked for, the last one when the note goes: what is still
/// in our hands when a connection breaks was not sent.
pub struct SentNote {
    house: Arc<House>,
    opened: Arc<Opened>,
    sender: Sender,
    given: u64,
    end: u64,
}

impl fmt::Debug for SentNote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SentNote")
            .field("given", &self.given)
            .finish_non_exhaustive()
    }
}

impl SentNote {
    pub(crate) fn new(house: &Arc<House>, opened: &Arc<Opened>, range: Range<u64>, door: Door) -> Self {
        Self {
            house: Arc::clone(house),
            opened: Arc::clone(opened),
            sender: Sender::new(Arc::clone(&opened.delivery), range.start, door),
            given: range.start,
            end: range.end,
        }
    }

    /// Notes that the next piece is handed over, and so that the one before it was taken.
    pub fn give(&mut self, len: usize) {
        self.sender.advance(self.given);
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        self.given = self.given.saturating_add(len);
    }

    /// Lets what was sent so far be written down while the body goes on.
    pub(crate) fn report(&self) {
        if self.opened.delivery.note() {
            self.house.ledger.note(&self.house, &self.opened);
        }
    }
}

impl Drop for SentNote {
    fn drop(&mut self) {
        let taken = if self.given >= self.end { self.given } else { 0 };
        if self.sender.end(taken, self.house.clock.now()) {
            self.house.ledger.note(&self.house, &self.opened);
        }
    }
}
