//! What users are called, for many at once.

use crate::{CatalogError, Tx};
use holdall_model::UserId;
use std::collections::HashMap;

/// What a user is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserName {
    /// The login name as it was registered.
    pub login: String,
    /// First and last name.
    pub full_name: String,
}

const OF_IDS: &str =
    "SELECT u.id, u.login, u.first_name, u.last_name FROM {wanted} w JOIN users u ON u.id = w.x";

pub(crate) const STATEMENTS: &[&str] = &[OF_IDS];

/// The names of the users with those ids; deleted ones are left out.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<HashMap<UserId, UserName>, CatalogError> {
    let names = tx.query_each_of(OF_IDS, &[], ids, |row| {
        let full_name = format!("{} {}", row.text(2)?, row.text(3)?).trim().to_owned();
        Ok((
            UserId(row.integer(0)?),
            UserName {
                login: row.text(1)?.to_owned(),
                full_name,
            },
        ))
    })?;
    Ok(names.into_iter().collect())
}
