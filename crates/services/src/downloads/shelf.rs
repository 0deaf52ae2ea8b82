//! The downloads that are open in this process, by the digest of their handle.
//!
//! The shelf keeps the most used ones, and finds every one that a running stream still holds, so that ending a
//! download reaches all who use it.

use super::opened::Opened;
use super::plan_file::PlanFile;
use holdall_archive::Plan;
use holdall_model::Digest;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Downloads kept open without anybody using them. Each costs about a kilobyte and shares its plan's open file.
const KEPT: usize = 4096;

/// Open downloads and plans.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<Digest, Weak<Opened>>,
    kept: VecDeque<Arc<Opened>>,
    plans: HashMap<Digest, Weak<Plan<PlanFile>>>,
    /// How many entries of `open` or `plans` make a sweep worth while.
    sweep_at: usize,
}

impl Shelf {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open download of a handle.
    pub(super) fn find(&self, handle: &Digest) -> Option<Arc<Opened>> {
        let found = self.state().open.get(handle)?.upgrade()?;
        found.used.store(true, Ordering::Relaxed);
        Some(found)
    }

    /// Puts a download on the shelf; if another call was faster, gives that one's back so that all share one state.
    pub(super) fn put(&self, opened: Opened) -> Arc<Opened> {
        let mut state = self.state();
        let handle = opened.facts.handle;
        if let Some(other) = state.open.get(&handle).and_then(Weak::upgrade) {
            return other;
        }
        let opened = Arc::new(opened);
        state.open.insert(handle, Arc::downgrade(&opened));
        state.kept.push_back(Arc::clone(&opened));
        state.evict();
        opened
    }

    /// Forgets a download; streams that hold it learn of its end from itself.
    pub(super) fn remove(&self, handle: &Digest) {
        let mut state = self.state();
        state.open.remove(handle);
        state.kept.retain(|opened| opened.facts.handle != *handle);
    }

    /// The open plan of a digest, shared by all downloads of equal archives.
    pub(super) fn find_plan(&self, digest: &Digest) -> Option<Arc<Plan<PlanFile>>> {
        self.state().plans.get(digest)?.upgrade()
    }

    /// Shares a plan.
    pub(super) fn put_plan(&self, digest: Digest, plan: &Arc<Plan<PlanFile>>) {
        let mut state = self.state();
        state.plans.insert(digest, Arc::downgrade(plan));
    }
}

impl State {
    /// Second chance: what was used since it was last looked at goes to the back of the queue.
    fn evict(&mut self) {
        while self.kept.len() > KEPT {
            let Some(opened) = self.kept.pop_front() else {
                return;
            };
            if opened.used.swap(false, Ordering::Relaxed) {
                self.kept.push_back(opened);
            }
        }
        if self.open.len().max(self.plans.len()) > self.sweep_at.max(2 * KEPT) {
            self.open.retain(|_, opened| opened.strong_count() > 0);
            self.plans.retain(|_, plan| plan.strong_count() > 0);
            self.sweep_at = 2 * self.open.len();
        }
    }
}
