//! Documents.

mod change;
mod lookup;

pub(crate) use change::DeleteDocument;
pub(crate) use lookup::{DocumentExists, GetDocument};
