//! What a document is.

/// A kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentKind {
    /// Content that somebody stored.
    #[default]
    File,
    /// A name that stands for another document.
    Shortcut,
    /// A web address: its content is a text that browsers open.
    WebAddress,
}

impl DocumentKind {
    /// The number that stores it.
    pub fn number(self) -> i64 {
        match self {
            Self::File => 0,
            Self::Shortcut => 1,
            Self::WebAddress => 2,
        }
    }

    /// The kind of a stored number.
    pub fn of_number(number: i64) -> Option<Self> {
        [Self::File, Self::Shortcut, Self::WebAddress]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}
