//! The `Range` header (RFC 9110 section 14). Pure.

use std::ops::Range;

/// Ranges that one answer may have after neighbours were joined.
const MOST_PARTS: usize = 32;

/// Ranges that are looked at; a header with more is ignored.
const MOST_SPECS: usize = 1_000;

/// Fewer bytes than this between two ranges cost less than the head of another part.
const LEAST_GAP: u64 = 128;

/// What a `Range` header asks of a content of known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Everything: no header, another unit, a malformed header, too many ranges or more bytes than there are. RFC 9110 section 14.2
    /// lets a server ignore the header.
    Whole,
    /// These bytes, never empty and never beyond the content.
    Part(Range<u64>),
    /// Two or more ranges as for [`Self::Part`], apart from each other, in the order in which they were asked for.
    Parts(Vec<Range<u64>>),
    /// No byte of the content: answer 416.
    Unsatisfiable,
}

/// What one range of the header asks.
enum Spec {
    Malformed,
    Nothing,
    Bytes(Range<u64>),
}

/// Reads the header's value against a content of `content_len` bytes. Ranges that overlap, touch or nearly touch become one.
pub(crate) fn read(header: &str, content_len: u64) -> Asked {
    let Some((unit, set)) = header.split_once('=') else {
        return Asked::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    let specs = set.split(',').map(str::trim).filter(|spec| !spec.is_empty());
    let (mut ranges, mut count, mut wanted_len) = (Vec::new(), 0_usize, 0_u64);
    for spec in specs {
        count += 1;
        match read_spec(spec, content_len) {
            Spec::Malformed => return Asked::Whole,
            _ if count > MOST_SPECS => return Asked::Whole,
            Spec::Nothing => {}
            Spec::Bytes(range) => {
                wanted_len = wanted_len.saturating_add(range.end.saturating_sub(range.start));
                ranges.push(range);
            }
        }
    }
    if count == 0 || wanted_len > content_len {
        return Asked::Whole;
    }
    let mut joined = join(ranges);
    match (joined.pop(), joined.len()) {
        (None, _) => Asked::Unsatisfiable,
        (Some(only), 0) => Asked::Part(only),
        (Some(_), others) if others >= MOST_PARTS => Asked::Whole,
        (Some(last), _) => {
            joined.push(last);
            Asked::Parts(joined)
        }
    }
}

/// Joins ranges without a gap worth a part of its own, and keeps the order of the first of each.
fn join(ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    let mut numbered: Vec<(usize, Range<u64>)> = ranges.into_iter().enumerate().collect();
    numbered.sort_by_key(|(number, range)| (range.start, *number));
    let mut joined: Vec<(usize, Range<u64>)> = Vec::new();
    for (number, range) in numbered {
        match joined.last_mut() {
            Some((first, before)) if range.start < before.end.saturating_add(LEAST_GAP) => {
                before.end = before.end.max(range.end);
                *first = number.min(*first);
            }
            _ => joined.push((number, range)),
        }
    }
    joined.sort_by_key(|(number, _)| *number);
    joined.into_iter().map(|(_, range)| range).collect()
}

fn read_spec(spec: &str, content_len: u64) -> Spec {
    match spec.split_once('-') {
        Some(("", suffix)) => read_suffix(suffix, content_len),
        Some((first, last)) => read_from(first, last, content_len),
        None => Spec::Malformed,
    }
}

/// `-500`: the last bytes.
fn read_suffix(suffix: &str, content_len: u64) -> Spec {
    match read_number(suffix) {
        None => Spec::Malformed,
        Some(0) => Spec::Nothing,
        Some(_) if content_len == 0 => Spec::Nothing,
        Some(len) => Spec::Bytes(content_len.saturating_sub(len)..content_len),
    }
}

/// `500-999` or `500-`.
fn read_from(first: &str, last: &str, content_len: u64) -> Spec {
    let Some(start) = read_number(first) else {
        return Spec::Malformed;
    };
    let end = if last.trim().is_empty() {
        content_len
    } else {
        match read_number(last) {
            Some(last) if last >= start => last.saturating_add(1).min(content_len),
            _ => return Spec::Malformed,
        }
    };
    if start < content_len {
        Spec::Bytes(start..end)
    } else {
        Spec::Nothing
    }
}

/// Digits only; a number too big for 64 bits saturates, because every content ends before it.
fn read_number(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
