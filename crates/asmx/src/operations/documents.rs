//! Documents.

mod change;
mod favorites;
mod links;
mod lookup;

pub(crate) use change::DeleteDocument;
pub(crate) use favorites::{AddToFavorites, GetFavorites, GetRecentDocuments, RemoveFromFavorites};
pub(crate) use links::{CreateDocumentShortcut, CreateURL};
pub(crate) use lookup::{DocumentExists, GetDocument};
