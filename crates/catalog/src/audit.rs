//! The record of who did what.

use crate::{CatalogError, Counter, Tx};
use holdall_model::{Timestamp, UserId};

const RECORD: &str =
    "INSERT INTO audit (id, at, user_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const STATEMENTS: &[&str] = &[RECORD];

/// A deed. None of the texts may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed<'a> {
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub user: UserId,
    /// What was done, in one word of the caller's choice.
    pub action: &'a str,
    /// What it was done to.
    pub subject: &'a str,
    /// Anything worth knowing besides.
    pub detail: &'a str,
}

/// Records a deed.
pub fn record(tx: &mut Tx<'_>, deed: Deed<'_>) -> Result<(), CatalogError> {
    let id = tx.next_ids(Counter::Audit, 1)?;
    let Deed {
        at,
        user,
        action,
        subject,
        detail,
    } = deed;
    tx.execute(
        RECORD,
        &[
            id.into(),
            at.into(),
            user.into(),
            action.into(),
            subject.into(),
            detail.into(),
        ],
    )?;
    Ok(())
}
