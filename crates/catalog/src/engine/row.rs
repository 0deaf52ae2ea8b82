//! Values on their way out of a statement.

use crate::CatalogError;
use holdall_model::{Digest, Timestamp};
use postgres::types::Type;
use rusqlite::types::ValueRef;

/// A row of a result, lent while it is looked at. Columns count from zero; a column of another type is
/// [`CatalogError::Inconsistent`].
pub struct Row<'r>(pub(crate) Source<'r>);

pub(crate) enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// An integer column.
    pub fn integer(&self, column: usize) -> Result<i64, CatalogError> {
        match &self.0 {
            Source::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Integer(number) => Ok(number),
                _ => Err(mismatch(column, "an integer")),
            },
            Source::Postgres(row) => postgres_integer(row, column),
        }
    }

    /// A text column.
    pub fn text(&self, column: usize) -> Result<&str, CatalogError> {
        match &self.0 {
            Source::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Text(text) => str::from_utf8(text).map_err(|_broken| mismatch(column, "UTF-8")),
                _ => Err(mismatch(column, "text")),
            },
            Source::Postgres(row) => row.try_get(column).map_err(|_other| mismatch(column, "text")),
        }
    }

    /// A column of bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8], CatalogError> {
        match &self.0 {
            Source::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Blob(bytes) => Ok(bytes),
                _ => Err(mismatch(column, "bytes")),
            },
            Source::Postgres(row) => row.try_get(column).map_err(|_other| mismatch(column, "bytes")),
        }
    }

    /// A column that holds 0 or 1, or a comparison.
    pub fn boolean(&self, column: usize) -> Result<bool, CatalogError> {
        match self.integer(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(mismatch(column, "0 or 1")),
        }
    }

    /// A column of milliseconds since 1970 UTC.
    pub fn timestamp(&self, column: usize) -> Result<Timestamp, CatalogError> {
        self.integer(column).map(Timestamp)
    }

    /// A length, offset or count, which is never negative.
    pub fn length(&self, column: usize) -> Result<u64, CatalogError> {
        u64::try_from(self.integer(column)?).map_err(|_negative| mismatch(column, "a length"))
    }

    /// A CRC-32.
    pub fn crc32(&self, column: usize) -> Result<u32, CatalogError> {
        u32::try_from(self.integer(column)?).map_err(|_beyond| mismatch(column, "a CRC-32"))
    }

    /// A column of exactly 32 bytes.
    pub fn digest(&self, column: usize) -> Result<Digest, CatalogError> {
        Digest::from_slice(self.bytes(column)?).ok_or_else(|| mismatch(column, "a digest"))
    }
}

/// Literals and comparisons have PostgreSQL's smaller types.
fn postgres_integer(row: &postgres::Row, column: usize) -> Result<i64, CatalogError> {
    let kind = row.columns().get(column).map(postgres::Column::type_);
    let number = if kind == Some(&Type::INT4) {
        row.try_get::<_, i32>(column).map(i64::from)
    } else if kind == Some(&Type::BOOL) {
        row.try_get::<_, bool>(column).map(i64::from)
    } else {
        row.try_get(column)
    };
    number.map_err(|_other| mismatch(column, "an integer"))
}

fn mismatch(column: usize, expected: &str) -> CatalogError {
    CatalogError::inconsistent(format!("column {column} of a row is not {expected}"))
}
