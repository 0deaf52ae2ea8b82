//! Sharing the way out: every user who fetches something gets the same part of it, however many connections that takes.
//!
//! A deficit round robin (Shreedhar and Varghese, 1995) over users: whose turn it is may send a quantum; who waits for nothing
//! has no turn and saves none up. A rate limiter alone would serve connections, and so whoever opens most of them.

use holdall_model::UserId;
use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What a user may send in a turn, in bytes: a whole piece of a download.
pub(super) const QUANTUM: u64 = 256 << 10;

/// How far ahead of their time pieces may go, so that a timer that counts milliseconds loses none of the rate.
const AHEAD: Duration = Duration::from_millis(10);

/// A way out of so many bytes in a second.
#[derive(Debug)]
pub(crate) struct Egress {
    rate: NonZeroU64,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: HashMap<UserId, Waiting>,
    turns: VecDeque<UserId>,
    /// When the way is free again.
    free: Option<Instant>,
    /// Whether somebody hands out turns.
    served: bool,
}

/// What a user's downloads wait for.
#[derive(Debug, Default)]
struct Waiting {
    asked: VecDeque<(u64, oneshot::Sender<()>)>,
    credit: u64,
}

impl Egress {
    pub(crate) fn new(rate: NonZeroU64) -> Self {
        Self {
            rate,
            queue: Mutex::default(),
        }
    }

    /// Comes back when `len` more bytes may be sent to a user. Dropped, it takes no turn.
    pub(super) fn ask(self: &Arc<Self>, user: UserId, len: u64) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !queue.waiting.contains_key(&user);
        let waiting = queue.waiting.entry(user).or_default();
        waiting.asked.push_back((len, sender));
        if is_new {
            queue.turns.push_back(user);
        }
        if !std::mem::replace(&mut queue.served, true) {
            tokio::spawn(Arc::clone(self).serve());
        }
        receiver
    }

    /// Hands out turns until nobody waits.
    async fn serve(self: Arc<Self>) {
        loop {
            let free = self.queue.lock().unwrap_or_else(PoisonError::into_inner).free;
            if let Some(free) = free {
                tokio::time::sleep_until(free.checked_sub(AHEAD).unwrap_or(free)).await;
            }
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(len) = queue.let_one_go() else {
                queue.served = false;
                return;
            };
            let now = Instant::now();
            let begin = queue.free.map_or(now, |free| free.max(now));
            queue.free = Some(begin + self.lasting(len));
        }
    }

    fn lasting(&self, len: u64) -> Duration {
        let nanoseconds = u128::from(len) * 1_000_000_000 / u128::from(self.rate.get());
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

impl Queue {
    /// Lets the next piece go and gives its length; `None` when nobody waits.
    fn let_one_go(&mut self) -> Option<u64> {
        loop {
            let user = *self.turns.front()?;
            let waiting = self.waiting.entry(user).or_default();
            while waiting
                .asked
                .front()
                .is_some_and(|(_, sender)| sender.is_closed())
            {
                waiting.asked.pop_front();
            }
            let Some((len, _)) = waiting.asked.front() else {
                self.turns.pop_front();
                self.waiting.remove(&user);
                continue;
            };
            let len = *len;
            if waiting.credit < len {
                waiting.credit += QUANTUM;
                let passes = usize::from(waiting.credit < len);
                self.turns.rotate_left(passes);
                continue;
            }
            waiting.credit -= len;
            if let Some((_, sender)) = waiting.asked.pop_front() {
                // One that went away just now has used its turn.
                let _went_away = sender.send(());
            }
            self.end_turn(user);
            return Some(len);
        }
    }

    /// Lets the next user come, unless this one has credit for what it waits for next.
    fn end_turn(&mut self, user: UserId) {
        let next = self.waiting.get(&user).and_then(|waiting| {
            let (len, _) = waiting.asked.front()?;
            Some(waiting.credit >= *len)
        });
        match next {
            Some(true) => {}
            Some(false) => self.turns.rotate_left(1),
            None => {
                self.turns.pop_front();
                self.waiting.remove(&user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Egress, QUANTUM};
    use holdall_model::UserId;
    use std::num::NonZeroU64;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;
    use tokio::time::Instant;

    async fn fetch(egress: Arc<Egress>, (user, piece): (i64, u64), got: Arc<AtomicU64>) {
        while egress.ask(UserId(user), piece).await.is_ok() {
            got.fetch_add(piece, Ordering::SeqCst);
        }
    }

    /// Connections of users that fetch without end, and what each user got in `time`.
    async fn shares(rate: u64, connections: &[(i64, usize, u64)], time: Duration) -> Vec<u64> {
        let egress = Arc::new(Egress::new(NonZeroU64::new(rate).unwrap()));
        let mut sent = Vec::new();
        for &(user, count, piece) in connections {
            let got = Arc::new(AtomicU64::new(0));
            sent.push(Arc::clone(&got));
            for _ in 0..count {
                tokio::spawn(fetch(Arc::clone(&egress), (user, piece), Arc::clone(&got)));
            }
        }
        tokio::time::sleep(time).await;
        sent.iter().map(|got| got.load(Ordering::SeqCst)).collect()
    }

    fn near(found: u64, expected: u64) -> bool {
        found.abs_diff(expected) <= expected / 20
    }

    #[tokio::test(start_paused = true)]
    async fn s19_users_share_alike_however_many_connections_they_have() {
        let minute = Duration::from_mins(1);
        let got = shares(10_000_000, &[(1, 8, QUANTUM), (2, 1, QUANTUM)], minute).await;
        assert!(got.iter().all(|got| near(*got, 300_000_000)), "{got:?}");
        let got = shares(
            10_000_000,
            &[(1, 8, 65_536), (2, 1, QUANTUM), (3, 2, 1000)],
            minute,
        )
        .await;
        assert!(near(got[0], got[1]), "{got:?}");
        assert!(near(got.iter().sum(), 600_000_000), "{got:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn s19_one_user_alone_gets_all_of_it_and_no_more() {
        let got = shares(1_000_000, &[(1, 3, QUANTUM)], Duration::from_mins(2)).await;
        assert!(near(got[0], 120_000_000), "{got:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_went_away_takes_no_turn() {
        let egress = Arc::new(Egress::new(NonZeroU64::new(1000).unwrap()));
        egress.ask(UserId(1), 1000).await.unwrap();
        let (gone, stays) = (egress.ask(UserId(1), 1_000_000), egress.ask(UserId(2), 1000));
        drop(gone);
        let start = Instant::now();
        stays.await.unwrap();
        assert!(near(start.elapsed().as_millis().try_into().unwrap(), 1000));
    }
}
