//! Version numbers (CONTRACT section 5).

use std::fmt;

/// `major * 1,000,000 + minor * 1,000 + revision`; prints as that integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionNumber(pub i64);

/// What one major version is worth.
const MAJOR: i64 = 1_000_000;

/// What one minor version is worth, and the end of minor and revision parts.
const MINOR: i64 = 1_000;

impl VersionNumber {
    /// 1.0.0, the first version of a document.
    pub const FIRST: Self = Self(MAJOR);

    /// The highest major version that a signed 32-bit number can hold with its minor and revision parts.
    pub const MAX_MAJOR: i64 = 2146;

    /// `major.minor.revision`; `None` unless major is 1 to [`Self::MAX_MAJOR`] and the others are 0 to 999.
    pub fn of_parts(major: i64, minor: i64, revision: i64) -> Option<Self> {
        let fits = (1..=Self::MAX_MAJOR).contains(&major)
            && (0..MINOR).contains(&minor)
            && (0..MINOR).contains(&revision);
        fits.then(|| Self(major * MAJOR + minor * MINOR + revision))
    }

    /// The number as people write it: `1.2.3`.
    pub fn dotted(self) -> String {
        let (major, rest) = (self.0 / MAJOR, self.0 % MAJOR);
        format!("{major}.{}.{}", rest / MINOR, rest % MINOR)
    }

    /// The next major version; `None` beyond [`Self::MAX_MAJOR`].
    pub fn next_major(self) -> Option<Self> {
        let major = self.0 / MAJOR + 1;
        (major <= Self::MAX_MAJOR).then_some(Self(major * MAJOR))
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::VersionNumber;

    #[test]
    fn uploads_count_in_majors() {
        assert_eq!(VersionNumber::FIRST.next_major(), Some(VersionNumber(2_000_000)));
        assert_eq!(
            VersionNumber(1_000_007).next_major(),
            Some(VersionNumber(2_000_000))
        );
        assert_eq!(VersionNumber(2_146_000_000).next_major(), None);
    }

    #[test]
    fn parts_have_bounds() {
        assert_eq!(VersionNumber::of_parts(1, 2, 3), Some(VersionNumber(1_002_003)));
        assert_eq!(VersionNumber(1_002_003).dotted(), "1.2.3");
        assert_eq!(
            VersionNumber::of_parts(2146, 999, 999),
            Some(VersionNumber(2_146_999_999))
        );
        let outside = [
            (0, 0, 0),
            (2147, 0, 0),
            (1, 1000, 0),
            (1, 0, 1000),
            (1, -1, 0),
            (i64::MAX, 0, 0),
        ];
        for (major, minor, revision) in outside {
            assert_eq!(VersionNumber::of_parts(major, minor, revision), None);
        }
    }
}
