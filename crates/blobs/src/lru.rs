//! A cache that forgets what was used longest ago once its weights exceed a bound.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

#[derive(Debug)]
pub(crate) struct Lru<K, V> {
    limit: usize,
    weight: usize,
    clock: u64,
    values: HashMap<K, Held<V>>,
    by_use: BTreeMap<u64, K>,
}

#[derive(Debug)]
struct Held<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Copy + Eq + Hash, V: Clone> Lru<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            weight: 0,
            clock: 0,
            values: HashMap::new(),
            by_use: BTreeMap::new(),
        }
    }

    /// The value, which now counts as used last.
    pub(crate) fn get(&mut self, key: K) -> Option<V> {
        let held = self.values.get_mut(&key)?;
        self.by_use.remove(&held.used);
        self.clock += 1;
        held.used = self.clock;
        self.by_use.insert(self.clock, key);
        Some(held.value.clone())
    }

    /// Keeps `value`, unless it alone exceeds the limit, and drops the longest unused while over the limit.
    pub(crate) fn insert(&mut self, key: K, value: V, weight: usize) {
        self.remove(key);
        if weight > self.limit {
            return;
        }
        self.clock += 1;
        self.weight += weight;
        self.values.insert(
            key,
            Held {
                value,
                weight,
                used: self.clock,
            },
        );
        self.by_use.insert(self.clock, key);
        while self.weight > self.limit {
            let Some((_, oldest)) = self.by_use.first_key_value() else {
                return;
            };
            self.remove(*oldest);
        }
    }

    pub(crate) fn remove(&mut self, key: K) {
        if let Some(held) = self.values.remove(&key) {
            self.by_use.remove(&held.used);
            self.weight -= held.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lru;

    #[test]
    fn the_longest_unused_goes_first() {
        let mut cache = Lru::new(10);
        cache.insert(1, 'a', 4);
        cache.insert(2, 'b', 4);
        assert_eq!(cache.get(1), Some('a'));
        cache.insert(3, 'c', 4);
        assert_eq!(
            (cache.get(1), cache.get(2), cache.get(3)),
            (Some('a'), None, Some('c'))
        );
    }

    #[test]
    fn what_is_heavier_than_the_limit_is_not_kept() {
        let mut cache = Lru::new(10);
        cache.insert(1, 'a', 4);
        cache.insert(2, 'b', 11);
        assert_eq!((cache.get(1), cache.get(2)), (Some('a'), None));
        cache.insert(1, 'c', 10);
        cache.remove(1);
        assert_eq!((cache.weight, cache.by_use.len(), cache.get(1)), (0, 0, None));
    }
}
