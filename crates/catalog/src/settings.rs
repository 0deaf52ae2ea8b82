//! What administrators set, as names and texts.

use crate::{CatalogError, Tx};

const ALL: &str = "SELECT name, value FROM settings ORDER BY name";
const CLEAR: &str = "DELETE FROM settings";
const INSERT: &str = "INSERT INTO settings (name, value)";

pub(crate) const STATEMENTS: &[&str] = &[ALL, CLEAR, INSERT];

/// All settings that were ever set.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, CatalogError> {
    tx.query(ALL, &[], |row| {
        Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
    })
}

/// Replaces all settings.
pub fn replace(tx: &mut Tx<'_>, settings: &[(&str, String)]) -> Result<(), CatalogError> {
    tx.execute(CLEAR, &[])?;
    tx.insert_many(
        INSERT,
        2,
        settings
            .iter()
            .map(|(name, value)| [(*name).into(), value.into()]),
    )
}
