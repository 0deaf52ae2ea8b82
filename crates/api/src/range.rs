//! The `Range` header, reduced to at most one range (RFC 9110 section 14). Pure.

use std::ops::Range;

/// What a `Range` header asks of a content of known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Everything: no header, another unit, a malformed header, or several ranges. RFC 9110 section 14.2 lets a server
    /// ignore the header, and one 200 costs less than a multipart of adjacent parts.
    Whole,
    /// These bytes, never empty and never beyond the content.
    Part(Range<u64>),
    /// No byte of the content: answer 416.
    Unsatisfiable,
}

/// Reads the header's value against a content of `content_len` bytes.
pub(crate) fn read(header: &str, content_len: u64) -> Asked {
    let Some((unit, set)) = header.split_once('=') else {
        return Asked::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    let mut specs = set.split(',').map(str::trim).filter(|spec| !spec.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else {
        return Asked::Whole;
    };
    match spec.split_once('-') {
        Some(("", suffix)) => read_suffix(suffix, content_len),
        Some((first, last)) => read_from(first, last, content_len),
        None => Asked::Whole,
    }
}

/// `-500`: the last bytes.
fn read_suffix(suffix: &str, content_len: u64) -> Asked {
    match read_number(suffix) {
        None => Asked::Whole,
        Some(0) => Asked::Unsatisfiable,
        Some(_) if content_len == 0 => Asked::Unsatisfiable,
        Some(len) => Asked::Part(content_len.saturating_sub(len)..content_len),
    }
}

/// `500-999` or `500-`.
fn read_from(first: &str, last: &str, content_len: u64) -> Asked {
    let Some(start) = read_number(first) else {
        return Asked::Whole;
    };
    let end = if last.trim().is_empty() {
        content_len
    } else {
        match read_number(last) {
            Some(last) if last >= start => last.saturating_add(1).min(content_len),
            _ => return Asked::Whole,
        }
    };
    if start < content_len {
        Asked::Part(start..end)
    } else {
        Asked::Unsatisfiable
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
mod tests {
    use super::{Asked, read};

    #[test]
    fn one_range_is_cut_to_the_content() {
        assert_eq!(read("bytes=0-0", 10), Asked::Part(0..1));
        assert_eq!(read("bytes=2-5", 10), Asked::Part(2..6));
        assert_eq!(read("bytes=2-", 10), Asked::Part(2..10));
        assert_eq!(read("bytes=2-99", 10), Asked::Part(2..10));
        assert_eq!(read("bytes=-3", 10), Asked::Part(7..10));
        assert_eq!(read("bytes=-99", 10), Asked::Part(0..10));
        assert_eq!(read(" Bytes = 2-5 ,", 10), Asked::Part(2..6));
        assert_eq!(read("bytes=1-99999999999999999999999", 10), Asked::Part(1..10));
    }

    #[test]
    fn nothing_to_give_is_unsatisfiable() {
        for header in [
            "bytes=10-",
            "bytes=10-20",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(read(header, 10), Asked::Unsatisfiable, "{header}");
        }
        assert_eq!(read("bytes=0-", 0), Asked::Unsatisfiable);
        assert_eq!(read("bytes=-5", 0), Asked::Unsatisfiable);
    }

    #[test]
    fn anything_else_is_ignored() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-2",
            "bytes=+1-2",
            "bytes=1-2,4-5",
            "items=0-1",
            "bytes=1",
            "bytes=--1",
            "bytes=1-2-3",
            "bytes=0x1-2",
        ] {
            assert_eq!(read(header, 10), Asked::Whole, "{header}");
        }
    }

    #[test]
    fn l9_a_thousand_ranges_cost_one_look() {
        let header = format!("bytes={}", "0-1,".repeat(10_000));
        assert_eq!(read(&header, 10), Asked::Whole);
    }
}
