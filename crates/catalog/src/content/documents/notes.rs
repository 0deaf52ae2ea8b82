//! What people note about documents.

use crate::{CatalogError, Row};
use holdall_model::{Timestamp, UserId};

/// What people note about a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentNotes {
    /// How to update it.
    pub update_instructions: String,
    /// Who wrote it.
    pub author: String,
    /// The language it is in.
    pub language: String,
    /// Where it comes from.
    pub source: String,
    /// Who wrote the description, and when.
    pub described: Option<(UserId, Timestamp)>,
}

impl DocumentNotes {
    /// Reads the six columns `update_instructions, author, language, source, described_by, described_at` from column `first` on.
    pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Self, CatalogError> {
        let described_by = row.integer(first + 4)?;
        let described = (UserId(described_by), row.timestamp(first + 5)?);
        Ok(Self {
            update_instructions: row.text(first)?.to_owned(),
            author: row.text(first + 1)?.to_owned(),
            language: row.text(first + 2)?.to_owned(),
            source: row.text(first + 3)?.to_owned(),
            described: (described_by != 0).then_some(described),
        })
    }
}
