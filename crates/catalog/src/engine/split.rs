//! A scan over a long list on two cores.

use crate::{CatalogError, Row, Tx, Value};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Parts that a list is cut into, so that a core that is done early takes more of them.
const PARTS: usize = 16;
/// The shortest list that is worth a second thread.
const SPLIT_FROM: usize = 32;

impl Tx<'_> {
    /// Like [`Tx::for_each_of`], but rows are gathered by `gather` into a collection for each part of the list, and parts may be
    /// scanned at the same time, in one snapshot. The collections come in the order of the list.
    ///
    /// A reader on SQLite uses a second thread when the list is long and nothing was committed since its transaction began;
    /// otherwise the parts are scanned one after the other.
    pub fn gather_each_of<'v, C, E, W>(
        &mut self,
        sql: &str,
        wanted: &[W],
        gather: impl Fn(&mut C, &Row<'_>) -> Result<(), E> + Sync,
    ) -> Result<Vec<C>, E>
    where
        C: Default + Send,
        E: From<CatalogError> + Send,
        W: Clone + Into<Value<'v>> + Sync,
    {
        let parts = Parts {
            wanted,
            next: AtomicUsize::new(0),
        };
        let take_parts = |tx: &mut Tx<'_>| {
            let mut taken = Vec::new();
            while let Some((number, part)) = parts.take() {
                let mut collection = C::default();
                tx.for_each_of(sql, &[], part, |row| gather(&mut collection, row))?;
                taken.push((number, collection));
            }
            Ok::<_, E>(taken)
        };
        let mut taken = self.on_two_threads(wanted.len() >= SPLIT_FROM, take_parts)?;
        taken.sort_by_key(|(number, _)| *number);
        Ok(taken.into_iter().map(|(_, collection)| collection).collect())
    }

    /// Runs `work` here and, if wished and possible, at the same time on the second connection; gives both results together.
    fn on_two_threads<T: Send, E: From<CatalogError> + Send>(
        &mut self,
        wished: bool,
        work: impl Fn(&mut Tx<'_>) -> Result<Vec<T>, E> + Sync,
    ) -> Result<Vec<T>, E> {
        if !wished {
            return work(self);
        }
        let Some(twin) = self.twin.take() else {
            return work(self);
        };
        let outcome = match twin.begin(self.connection) {
            Err(error) => Err(error.into()),
            Ok(None) => work(self),
            Ok(Some(connection)) => thread::scope(|scope| {
                let other = scope.spawn(|| work(&mut Tx::new(connection)));
                let own = work(self);
                let panicked = |_panic| Err(E::from(CatalogError::engine("a scan panicked")));
                let other = other.join().unwrap_or_else(panicked);
                let mut all = own?;
                all.extend(other?);
                Ok(all)
            }),
        };
        twin.end();
        self.twin = Some(twin);
        outcome
    }
}

/// A list in parts, which threads take one by one.
struct Parts<'w, W> {
    wanted: &'w [W],
    next: AtomicUsize,
}

impl<'w, W> Parts<'w, W> {
    /// The next part and its number.
    fn take(&self) -> Option<(usize, &'w [W])> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let part_len = self.wanted.len().div_ceil(PARTS).max(1);
        Some((number, self.wanted.chunks(part_len).nth(number)?))
    }
}
