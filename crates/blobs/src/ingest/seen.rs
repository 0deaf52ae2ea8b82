//! Which content is stored already: the catalog's word, and what this ingest stored that the catalog cannot know yet.

use crate::StoredBlob;
use holdall_model::Digest;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Looks digests up in the catalog.
pub(crate) type Known<'a> = dyn Fn(&[Digest]) -> Vec<Option<StoredBlob>> + Sync + 'a;

pub(crate) struct Lookup<'a> {
    known: &'a Known<'a>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    blobs: HashMap<Digest, StoredBlob>,
    /// Digests that the catalog has, to be dropped once all places before the number were written.
    retiring: VecDeque<(u64, Vec<Digest>)>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(known: &'a Known<'a>) -> Self {
        Self {
            known,
            seen: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For each digest the blob that is stored already.
    pub(crate) fn find(&self, digests: &[Digest]) -> Vec<Option<StoredBlob>> {
        let mut found = (self.known)(digests);
        found.resize(digests.len(), None);
        let seen = self.state();
        for (digest, slot) in digests.iter().zip(&mut found) {
            if slot.is_none() {
                *slot = seen.blobs.get(digest).copied();
            }
        }
        found
    }

    pub(crate) fn seen(&self, digest: Digest) -> Option<StoredBlob> {
        self.state().blobs.get(&digest).copied()
    }

    pub(crate) fn remember(&self, blob: StoredBlob) {
        self.state().blobs.insert(blob.digest, blob);
    }

    /// The catalog has these now; only work in places before `place` may have asked it earlier.
    pub(crate) fn retire_after(&self, place: u64, digests: Vec<Digest>) {
        self.state().retiring.push_back((place, digests));
    }

    /// Forgets what nobody can ask for, now that all places before `written` were written.
    pub(crate) fn retire(&self, written: u64) {
        let mut seen = self.state();
        while seen.retiring.front().is_some_and(|(place, _)| *place <= written) {
            let Some((_, digests)) = seen.retiring.pop_front() else {
                return;
            };
            for digest in digests {
                seen.blobs.remove(&digest);
            }
        }
    }
}
