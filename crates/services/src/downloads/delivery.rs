//! What was sent of downloads: noted by the bodies that send it, written down a moment later, never by the piece.
//!
//! A body counts by itself and tells when it ends; a long one shares its position with an atomic. What was told goes into the
//! catalog within about a second, all downloads in one transaction. Nodes add to each other's.

mod count;
mod ledger;
mod moving;
mod note;
mod spans;
mod status;

pub(crate) use count::Counted;
pub(crate) use ledger::Ledger;
pub(crate) use moving::{Delivery, Sender};
pub use note::SentNote;
pub(crate) use spans::Spans;
pub use status::{Delivered, DeliveryStatus, ListedDownload, Receipt, ReceiptLines};

/// By which door bytes leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// Over HTTP in the owner's session.
    #[default]
    Session,
    /// Over a signed link.
    Link,
    /// In chunks of the web service.
    Chunks,
}

impl Door {
    /// Its number in the catalog.
    fn number(self) -> i64 {
        match self {
            Self::Session => 0,
            Self::Link => 1,
            Self::Chunks => 2,
        }
    }

    fn of_number(number: i64) -> Self {
        let doors = [Self::Session, Self::Link, Self::Chunks];
        doors
            .into_iter()
            .find(|door| door.number() == number)
            .unwrap_or_default()
    }
}
