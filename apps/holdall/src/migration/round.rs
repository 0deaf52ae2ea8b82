//! How much is stored at a time.

use super::fetch::Content;
use holdall_model::{Clock as _, SystemClock, Timestamp};
use holdall_services::BroughtVersion;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Raw bytes after which a round ends: a full pack.
const ROUND_LEN: u64 = 64 << 20;
/// Versions after which a round ends.
const ROUND_VERSIONS: usize = 2_000;
/// Time after which a round ends.
const ROUND_TIME: Duration = Duration::from_secs(10);

/// The versions that are stored together: until there are enough, or enough time went by.
pub(super) struct Round<'a> {
    first: Option<BroughtVersion<Content>>,
    rest: &'a mut Receiver<BroughtVersion<Content>>,
    raw_len: u64,
    count: usize,
    end: Timestamp,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        first: BroughtVersion<Content>,
        rest: &'a mut Receiver<BroughtVersion<Content>>,
    ) -> Self {
        Self {
            first: Some(first),
            rest,
            raw_len: 0,
            count: 0,
            end: SystemClock.now().plus(ROUND_TIME),
        }
    }

    fn next_of_rest(&mut self) -> Option<BroughtVersion<Content>> {
        if self.raw_len >= ROUND_LEN || self.count >= ROUND_VERSIONS {
            return None;
        }
        let left = self.end.0.saturating_sub(SystemClock.now().0);
        let left = u64::try_from(left).ok().filter(|left| *left > 0)?;
        self.rest.recv_timeout(Duration::from_millis(left)).ok()
    }
}

impl Iterator for Round<'_> {
    type Item = BroughtVersion<Content>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.first.take().or_else(|| self.next_of_rest())?;
        self.count += 1;
        self.raw_len += next.source.announced_len();
        Some(next)
    }
}
