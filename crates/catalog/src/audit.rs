//! The record of who did what.

use crate::{CatalogError, Counter, Tx};
use holdall_model::{Timestamp, UserId};

const RECORD: &str =
    "INSERT INTO audit (id, at, user_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)";

const LATEST: &str = "SELECT a.id, a.at, a.user_id, COALESCE(u.login, ''), a.action, a.subject, a.detail \
     FROM audit a LEFT JOIN users u ON u.id = a.user_id WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2";

pub(crate) const STATEMENTS: &[&str] = &[RECORD, LATEST];

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

/// A deed that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDeed {
    /// Its number; later deeds have higher ones.
    pub number: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub user: UserId,
    /// The login name of who did it; empty when the account is gone.
    pub login: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Anything worth knowing besides.
    pub detail: String,
}

/// At most so many deeds with numbers below `before`, the latest first.
pub fn latest(tx: &mut Tx<'_>, before: i64, most: u64) -> Result<Vec<RecordedDeed>, CatalogError> {
    tx.query(LATEST, &[before.into(), most.into()], |row| {
        Ok(RecordedDeed {
            number: row.integer(0)?,
            at: row.timestamp(1)?,
            user: UserId(row.integer(2)?),
            login: row.text(3)?.to_owned(),
            action: row.text(4)?.to_owned(),
            subject: row.text(5)?.to_owned(),
            detail: row.text(6)?.to_owned(),
        })
    })
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
