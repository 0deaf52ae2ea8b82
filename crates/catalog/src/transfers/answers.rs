//! Answers that were given to calls with a key, to be given again.

use crate::{CatalogError, Tx};
use holdall_model::{Digest, Timestamp};

/// A call that began, and its answer if it has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// The SHA-256 of what the call asked.
    pub body: Digest,
    /// The status of the answer; zero while the call runs.
    pub status: i64,
    /// The answer, encrypted.
    pub answer: Vec<u8>,
}

const FIND: &str =
    "SELECT body_digest, status, answer FROM given_answers WHERE call_digest = $1 AND expires_at > $2";
const DROP_EXPIRED: &str = "DELETE FROM given_answers WHERE call_digest = $1 AND expires_at <= $2";
const BEGIN: &str = "INSERT INTO given_answers (call_digest, body_digest, holder, status, answer, expires_at) \
     VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (call_digest) DO NOTHING";
const FINISH: &str = "UPDATE given_answers SET status = $3, answer = $4, expires_at = $5 WHERE call_digest = $1 AND holder = $2";
const RELEASE: &str = "DELETE FROM given_answers WHERE call_digest = $1 AND holder = $2 AND status = 0";
const REMOVE_EXPIRED: &str = "DELETE FROM given_answers WHERE expires_at <= $1";

pub(crate) const STATEMENTS: &[&str] = &[FIND, DROP_EXPIRED, BEGIN, FINISH, RELEASE, REMOVE_EXPIRED];

/// The call of that digest that has not expired.
pub fn find(tx: &mut Tx<'_>, call: Digest, now: Timestamp) -> Result<Option<AnswerRow>, CatalogError> {
    tx.query_one(FIND, &[call.into(), now.into()], |row| {
        Ok(AnswerRow {
            body: row.digest(0)?,
            status: row.integer(1)?,
            answer: row.bytes(2)?.to_vec(),
        })
    })
}

/// Begins a call for `holder`; `false` when one of that digest is there.
pub fn begin(
    tx: &mut Tx<'_>,
    (call, body, holder): (Digest, Digest, Digest),
    (now, expires): (Timestamp, Timestamp),
) -> Result<bool, CatalogError> {
    tx.execute(DROP_EXPIRED, &[call.into(), now.into()])?;
    let values = [
        call.into(),
        body.into(),
        holder.into(),
        Vec::new().into(),
        expires.into(),
    ];
    Ok(tx.execute(BEGIN, &values)? == 1)
}

/// Keeps the answer of a call that `holder` began.
pub fn finish(
    tx: &mut Tx<'_>,
    (call, holder): (Digest, Digest),
    (status, answer): (i64, &[u8]),
    expires: Timestamp,
) -> Result<(), CatalogError> {
    let values = [
        call.into(),
        holder.into(),
        status.into(),
        answer.into(),
        expires.into(),
    ];
    tx.execute(FINISH, &values).map(|_kept| ())
}

/// Forgets a call that `holder` began and that came to nothing.
pub fn release(tx: &mut Tx<'_>, call: Digest, holder: Digest) -> Result<(), CatalogError> {
    tx.execute(RELEASE, &[call.into(), holder.into()])
        .map(|_released| ())
}

/// Forgets everything that has expired; gives how much.
pub fn remove_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(REMOVE_EXPIRED, &[now.into()])
}
