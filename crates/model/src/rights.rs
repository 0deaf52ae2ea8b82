//! What an access list grants (CONTRACT section 11.1).

/// A right on an item. Not a linear order: [`Right::Add`] creates but does not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Right {
    /// Nothing, not even to know that the item exists.
    #[default]
    NoAccess,
    /// See the item in listings.
    List,
    /// List, and read documents.
    Read,
    /// List, and create; others' documents stay unread.
    Add,
    /// List, read and create.
    AddRead,
    /// List, read, create and change.
    Change,
    /// Everything: also delete, permissions and ownership.
    FullControl,
}

impl Right {
    /// All rights by value, from 0 to 6.
    pub const ALL: [Self; 7] = [
        Self::NoAccess,
        Self::List,
        Self::Read,
        Self::Add,
        Self::AddRead,
        Self::Change,
        Self::FullControl,
    ];

    /// The right of a number, clamped to 0..=6 (CONTRACT section 11.2).
    pub fn clamped(value: i64) -> Self {
        let index = usize::try_from(value.clamp(0, 6)).unwrap_or(0);
        Self::ALL.get(index).copied().unwrap_or_default()
    }

    /// The number of the right, from 0 to 6.
    pub fn value(self) -> u8 {
        match self {
            Self::NoAccess => 0,
            Self::List => 1,
            Self::Read => 2,
            Self::Add => 3,
            Self::AddRead => 4,
            Self::Change => 5,
            Self::FullControl => 6,
        }
    }

    /// Whether the item may be seen at all.
    pub fn lists(self) -> bool {
        self != Self::NoAccess
    }

    /// Whether documents may be read.
    pub fn reads(self) -> bool {
        matches!(
            self,
            Self::Read | Self::AddRead | Self::Change | Self::FullControl
        )
    }

    /// Whether documents and folders may be created.
    pub fn creates(self) -> bool {
        matches!(self, Self::Add | Self::AddRead | Self::Change | Self::FullControl)
    }

    /// Whether documents and metadata may be changed.
    pub fn changes(self) -> bool {
        matches!(self, Self::Change | Self::FullControl)
    }

    /// Whether deletion, permissions and ownership are granted.
    pub fn controls(self) -> bool {
        self == Self::FullControl
    }

    /// What a folder's right means for a document in it: 0, 1, 3 → 0; 2, 4 → 2; 5 → 5; 6 → 6 (CONTRACT section 11.1).
    #[must_use]
    pub fn on_document(self) -> Self {
        match self {
            Self::NoAccess | Self::List | Self::Add => Self::NoAccess,
            Self::Read | Self::AddRead => Self::Read,
            Self::Change | Self::FullControl => self,
        }
    }

    /// The stronger of two grants from different groups; Add and Read together are Add & Read.
    #[must_use]
    pub fn strongest(self, other: Self) -> Self {
        match (self, other) {
            (Self::Add, Self::Read) | (Self::Read, Self::Add) => Self::AddRead,
            _ if other.value() > self.value() => other,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Right;

    #[test]
    fn values_round_trip_and_clamp() {
        for right in Right::ALL {
            assert_eq!(Right::clamped(i64::from(right.value())), right);
        }
        assert_eq!(Right::clamped(-3), Right::NoAccess);
        assert_eq!(Right::clamped(99), Right::FullControl);
    }

    #[test]
    fn add_creates_but_does_not_read() {
        assert!(Right::Add.creates() && !Right::Add.reads());
        assert_eq!(Right::Add.strongest(Right::Read), Right::AddRead);
        assert_eq!(Right::Add.on_document(), Right::NoAccess);
    }
}
