//! Sets of bytes of a content, as ranges. Bounded: of too many ranges the shortest is given up, so that a set never claims more
//! than it was told.

use std::ops::Range;

/// Ranges in one set: 64 KiB of memory.
const MOST: usize = 4_096;

/// Ranges that neither overlap nor touch, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spans(Vec<Range<u64>>);

impl Spans {
    /// Adds a range.
    pub(crate) fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let first = self.0.partition_point(|span| span.end < range.start);
        let after = self.0.partition_point(|span| span.start <= range.end);
        let joined = self.0.get(first..after).unwrap_or_default();
        let start = joined
            .first()
            .map_or(range.start, |span| span.start.min(range.start));
        let end = joined.last().map_or(range.end, |span| span.end.max(range.end));
        let whole = start..end;
        self.0.splice(first..after, [whole]);
        if self.0.len() > MOST {
            self.give_up_shortest();
        }
    }

    /// Adds all of another set.
    pub(crate) fn extend(&mut self, other: &Self) {
        for span in &other.0 {
            self.insert(span.clone());
        }
    }

    /// How many bytes there are.
    pub(crate) fn len(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |len, span| len.saturating_add(len_of(span)))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of a range is in it; an empty range is.
    pub(crate) fn holds(&self, range: &Range<u64>) -> bool {
        range.is_empty()
            || self
                .span_after(range.start)
                .is_some_and(|span| span.start <= range.start && range.end <= span.end)
    }

    /// Whether any byte of a range is in it.
    pub(crate) fn meets(&self, range: &Range<u64>) -> bool {
        !range.is_empty()
            && self
                .span_after(range.start)
                .is_some_and(|span| span.start < range.end)
    }

    /// The stored form: for each range the gap before it and its length, as LEB128.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (mut bytes, mut position) = (Vec::new(), 0);
        for span in &self.0 {
            put_number(span.start.saturating_sub(position), &mut bytes);
            put_number(len_of(span), &mut bytes);
            position = span.end;
        }
        bytes
    }

    /// Reads the stored form, up to what makes no sense.
    pub(crate) fn decode(mut bytes: &[u8]) -> Self {
        let (mut spans, mut position) = (Self::default(), 0_u64);
        while let (Some(gap), Some(len)) = (take_number(&mut bytes), take_number(&mut bytes)) {
            let Some(start) = position.checked_add(gap) else {
                break;
            };
            let Some(end) = start.checked_add(len) else { break };
            spans.insert(start..end);
            position = end;
        }
        spans
    }

    /// The first range that ends after a position.
    fn span_after(&self, position: u64) -> Option<&Range<u64>> {
        self.0.get(self.0.partition_point(|span| span.end <= position))
    }

    fn give_up_shortest(&mut self) {
        let shortest = self.0.iter().enumerate().min_by_key(|(_, span)| len_of(span));
        if let Some((number, _)) = shortest {
            self.0.remove(number);
        }
    }
}

fn len_of(span: &Range<u64>) -> u64 {
    span.end.saturating_sub(span.start)
}

fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7F);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{MOST, Spans};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_set_is_what_was_put_in(ranges in proptest::collection::vec((0..300_u64, 0..60_u64), 0..40), from in 0..360_u64, len in 0..80_u64) {
            let (mut spans, mut model) = (Spans::default(), [false; 400]);
            for (start, len) in ranges {
                spans.insert(start..start + len);
                (start..start + len).for_each(|byte| model[usize::try_from(byte).unwrap()] = true);
            }
            let count = model.iter().filter(|held| **held).count();
            prop_assert_eq!(spans.len(), u64::try_from(count).unwrap());
            let mut bytes = (from..from + len).map(|byte| model.get(usize::try_from(byte).unwrap()) == Some(&true));
            prop_assert_eq!(spans.holds(&(from..from + len)), bytes.clone().all(|held| held));
            prop_assert_eq!(spans.meets(&(from..from + len)), bytes.any(|held| held));
            prop_assert_eq!(Spans::decode(&spans.encode()), spans);
        }

        #[test]
        fn l9_any_stored_form_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let spans = Spans::decode(&bytes);
            prop_assert!(spans.0.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }

    #[test]
    fn too_many_ranges_lose_the_shortest_and_claim_nothing() {
        let mut spans = Spans::default();
        let count = u64::try_from(MOST).unwrap() + 10;
        for number in 0..count {
            spans.insert(number * 100..number * 100 + 1 + number % 7);
        }
        assert_eq!(spans.0.len(), MOST);
        assert!((0..count).all(|number| !spans.meets(&(number * 100 + 1 + number % 7..number * 100 + 100))));
        spans.insert(0..count * 100);
        assert!(spans.holds(&(0..count * 100)));
    }
}
