//! Version numbers (CONTRACT section 5).

use std::fmt;

/// `major * 1,000,000 + minor * 1,000 + revision`; prints as that integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionNumber(pub i64);

/// What one major version is worth.
const MAJOR: i64 = 1_000_000;

impl VersionNumber {
    /// 1.0.0, the first version of a document.
    pub const FIRST: Self = Self(MAJOR);

    /// The highest major version that a signed 32-bit number can hold with its minor and revision parts.
    pub const MAX_MAJOR: i64 = 2146;

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
}
