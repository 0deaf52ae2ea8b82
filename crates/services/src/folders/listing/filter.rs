//! Filters of names: parts of names or masks, of which one must match.

use crate::Failure;
use holdall_model::name_key;

/// The most parts and masks in one filter.
const MOST_PARTS: usize = 100;

/// The longest part or mask in bytes; no name is longer.
const MAX_PART_LEN: usize = 1_000;

/// Which names are wanted, in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameFilter {
    /// Patterns of `LIKE` with `\` as escape over name keys; none for all names.
    pub(super) patterns: Vec<String>,
}

impl NameFilter {
    /// Every name.
    pub fn all() -> Self {
        Self::default()
    }

    /// Reads a filter: parts separated by `;`, one of which the name contains. A part with `*` for any characters or `?` for one
    /// is a mask for the whole name. Without parts every name is wanted. `field` is named when there are more than 100 parts or
    /// one is longer than 1,000 bytes.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Failure> {
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        if parts.len() > MOST_PARTS {
            return Err(Failure::invalid(
                field,
                format!("there are more than {MOST_PARTS} filters"),
            ));
        }
        if parts.iter().any(|part| part.len() > MAX_PART_LEN) {
            return Err(Failure::invalid(
                field,
                format!("a filter is longer than {MAX_PART_LEN} bytes"),
            ));
        }
        Ok(Self {
            patterns: parts.into_iter().map(pattern).collect(),
        })
    }
}

fn pattern(part: &str) -> String {
    let is_mask = part.contains(['*', '?']);
    let mut pattern = String::with_capacity(part.len() + 2);
    for character in name_key(part).chars() {
        match character {
            '*' if is_mask => pattern.push('%'),
            '?' if is_mask => pattern.push('_'),
            '%' | '_' | '\\' => pattern.extend(['\\', character]),
            other => pattern.push(other),
        }
    }
    if is_mask { pattern } else { format!("%{pattern}%") }
}

#[cfg(test)]
mod tests {
    use super::NameFilter;

    fn patterns(text: &str) -> Vec<String> {
        NameFilter::parse("filter", text).unwrap().patterns
    }

    #[test]
    fn parts_are_contained_and_masks_match_the_whole() {
        assert_eq!(patterns("Plan; *.XLS;a?c ;;"), ["%plan%", "%.xls", "a_c"]);
        assert_eq!(patterns("100%_a\\b"), ["%100\\%\\_a\\\\b%"]);
        assert_eq!(patterns("Straße"), ["%strasse%"]);
        assert!(patterns(" ; ").is_empty());
    }

    #[test]
    fn filters_are_bounded() {
        assert!(NameFilter::parse("filter", &"a;".repeat(101)).is_err());
        assert!(NameFilter::parse("filter", &"a".repeat(1_001)).is_err());
    }
}
