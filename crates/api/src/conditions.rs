//! Conditional requests (RFC 9110 section 13). Pure. Our entity tags are always strong and the dates whole seconds.

use http::HeaderMap;
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the stored content is.
pub(crate) struct Validators<'a> {
    /// The strong entity tag, quoted.
    pub etag: &'a str,
    /// When the content came to be, in seconds since 1970 UTC.
    pub modified: i64,
}

/// What the preconditions of a GET or HEAD decide, in the order of RFC 9110 section 13.2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Answer as asked.
    Proceed,
    /// 304: the client has it.
    NotModified,
    /// 412: the client wants another one.
    Failed,
}

/// Judges If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since.
pub(crate) fn judge(headers: &HeaderMap, validators: &Validators<'_>) -> Verdict {
    if headers.contains_key(IF_MATCH) {
        if !any_tag(headers, &IF_MATCH, |tag| tag == validators.etag) {
            return Verdict::Failed;
        }
    } else if date(headers, &IF_UNMODIFIED_SINCE).is_some_and(|since| validators.modified > since) {
        return Verdict::Failed;
    }
    if headers.contains_key(IF_NONE_MATCH) {
        // If-None-Match compares weakly: W/ in front does not matter.
        let weak = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag) == validators.etag;
        if any_tag(headers, &IF_NONE_MATCH, weak) {
            return Verdict::NotModified;
        }
    } else if date(headers, &IF_MODIFIED_SINCE).is_some_and(|since| validators.modified <= since) {
        return Verdict::NotModified;
    }
    Verdict::Proceed
}

/// Whether a change may happen to what is there now, whose entity tag is `etag`; `None` when nothing is there. If-Match wants one
/// of its tags to be there, If-None-Match none of them (RFC 9110 section 13.1).
pub(crate) fn change_allowed(headers: &HeaderMap, etag: Option<&str>) -> bool {
    if headers.contains_key(IF_MATCH) {
        return etag.is_some_and(|etag| any_tag(headers, &IF_MATCH, |tag| tag == etag));
    }
    if headers.contains_key(IF_NONE_MATCH) {
        let weak = |tag: &str, etag: &str| tag.strip_prefix("W/").unwrap_or(tag) == etag;
        return !etag.is_some_and(|etag| any_tag(headers, &IF_NONE_MATCH, |tag| weak(tag, etag)));
    }
    true
}

/// Whether `Range` counts: no If-Range, or one that names this very content. A date must match exactly.
pub(crate) fn range_applies(headers: &HeaderMap, validators: &Validators<'_>) -> bool {
    let Some(value) = headers.get(IF_RANGE) else {
        return true;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    let text = text.trim();
    if text.starts_with('"') || text.starts_with("W/") {
        return text == validators.etag;
    }
    read_date(text) == Some(validators.modified)
}

fn any_tag(headers: &HeaderMap, name: &http::HeaderName, matches: impl Fn(&str) -> bool) -> bool {
    let texts = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    // A comma inside a foreign tag splits it into pieces that equal none of ours: our tags are hexadecimal.
    texts
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || matches(tag))
}

fn date(headers: &HeaderMap, name: &http::HeaderName) -> Option<i64> {
    read_date(headers.get(name)?.to_str().ok()?)
}

fn read_date(text: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(text)
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The IMF-fixdate of an instant in seconds; instants before 1970 show as 1970.
pub(crate) fn format_date(seconds: i64) -> String {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    let instant = UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH);
    httpdate::fmt_http_date(instant)
}

#[cfg(test)]
mod tests {
    use super::{Validators, Verdict, format_date, judge, range_applies};
    use http::{HeaderMap, HeaderName};

    const OURS: Validators<'static> = Validators {
        etag: "\"abc\"",
        modified: 1_000_000_000,
    };

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                value.parse().unwrap(),
            );
        }
        map
    }

    #[test]
    fn tags_decide() {
        for (name, value, verdict) in [
            ("if-none-match", "\"abc\"", Verdict::NotModified),
            ("if-none-match", "\"x\", W/\"abc\"", Verdict::NotModified),
            ("if-none-match", "*", Verdict::NotModified),
            ("if-none-match", "\"x\"", Verdict::Proceed),
            ("if-match", "\"abc\"", Verdict::Proceed),
            ("if-match", "*", Verdict::Proceed),
            ("if-match", "W/\"abc\"", Verdict::Failed),
            ("if-match", "\"x\"", Verdict::Failed),
        ] {
            assert_eq!(
                judge(&headers(&[(name, value)]), &OURS),
                verdict,
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn dates_decide_only_without_tags() {
        let same = format_date(OURS.modified);
        let before = format_date(OURS.modified - 1);
        assert_eq!(
            judge(&headers(&[("if-modified-since", &same)]), &OURS),
            Verdict::NotModified
        );
        assert_eq!(
            judge(&headers(&[("if-modified-since", &before)]), &OURS),
            Verdict::Proceed
        );
        assert_eq!(
            judge(&headers(&[("if-unmodified-since", &before)]), &OURS),
            Verdict::Failed
        );
        assert_eq!(
            judge(&headers(&[("if-unmodified-since", &same)]), &OURS),
            Verdict::Proceed
        );
        let both = headers(&[("if-none-match", "\"x\""), ("if-modified-since", &same)]);
        assert_eq!(judge(&both, &OURS), Verdict::Proceed);
        assert_eq!(
            judge(&headers(&[("if-modified-since", "yesterday")]), &OURS),
            Verdict::Proceed
        );
    }

    #[test]
    fn if_range_needs_the_same_content() {
        assert!(range_applies(&headers(&[]), &OURS));
        assert!(range_applies(&headers(&[("if-range", "\"abc\"")]), &OURS));
        assert!(range_applies(
            &headers(&[("if-range", &format_date(OURS.modified))]),
            &OURS
        ));
        for other in ["\"x\"", "W/\"abc\"", "abc", &format_date(OURS.modified - 1), ""] {
            assert!(!range_applies(&headers(&[("if-range", other)]), &OURS), "{other}");
        }
    }
}
