//! Sessions by the digest of their ticket, and failed attempts to log in.

use crate::{CatalogError, Row, Tx};
use holdall_model::{Digest, Timestamp, UserId};

/// A session whose user's account may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub user: UserId,
    /// The login name.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email address, or empty.
    pub email: String,
    /// When it began.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
}

/// A session to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// The SHA-256 of its ticket.
    pub ticket: Digest,
    /// Whose it is.
    pub user: UserId,
    /// The language that the user asked for, or empty.
    pub language: &'a str,
    /// When it begins.
    pub created: Timestamp,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
}

/// Failed attempts of one origin: an account or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginFailures {
    /// What stands for the origin.
    pub subject: String,
    /// How many in a row.
    pub failures: i64,
    /// When the last one was.
    pub last: Timestamp,
}

const INSERT: &str = "INSERT INTO sessions (ticket_digest, user_id, language, created_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5)";
const BY_TICKET: &str = "SELECT s.user_id, u.login, u.first_name, u.last_name, u.email, s.created_at, s.expires_at \
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ticket_digest = $1 AND s.expires_at > $2 AND u.enabled = 1";
const OF_USER: &str = "SELECT ticket_digest, created_at, expires_at FROM sessions WHERE user_id = $1 AND expires_at > $2 \
     ORDER BY created_at, ticket_digest";
const SLIDE: &str = "UPDATE sessions SET expires_at = $2 WHERE ticket_digest = $1 AND expires_at < $2";
const REMOVE: &str = "DELETE FROM sessions WHERE ticket_digest = $1 AND expires_at > $2";
const REMOVE_OWN: &str = "DELETE FROM sessions WHERE ticket_digest = $1 AND user_id = $2";
const REMOVE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = $1";
const REMOVE_OTHERS: &str = "DELETE FROM sessions WHERE user_id = $1 AND ticket_digest <> $2";
const REMOVE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const FAILURES: &str = "SELECT f.subject, f.failures, f.last_at FROM {wanted} w JOIN login_failures f ON f.subject = w.x WHERE f.last_at > $1";
const NOTE_FAILURE: &str = "INSERT INTO login_failures (subject, failures, last_at) VALUES ($1, 1, $2) \
     ON CONFLICT (subject) DO UPDATE SET last_at = $2, \
     failures = CASE WHEN login_failures.last_at > $3 THEN login_failures.failures + 1 ELSE 1 END";
const FORGET_FAILURES: &str = "DELETE FROM login_failures WHERE subject = $1";
const FORGET_OLD_FAILURES: &str = "DELETE FROM login_failures WHERE last_at <= $1";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    BY_TICKET,
    OF_USER,
    SLIDE,
    REMOVE,
    REMOVE_OWN,
    REMOVE_OF_USER,
    REMOVE_OTHERS,
    REMOVE_EXPIRED,
    FAILURES,
    NOTE_FAILURE,
    FORGET_FAILURES,
    FORGET_OLD_FAILURES,
];

fn read(row: &Row<'_>) -> Result<SessionRow, CatalogError> {
    Ok(SessionRow {
        user: UserId(row.integer(0)?),
        login: row.text(1)?.to_owned(),
        first_name: row.text(2)?.to_owned(),
        last_name: row.text(3)?.to_owned(),
        email: row.text(4)?.to_owned(),
        created: row.timestamp(5)?,
        expires: row.timestamp(6)?,
    })
}

/// Begins a session.
pub fn insert(tx: &mut Tx<'_>, session: &NewSession<'_>) -> Result<(), CatalogError> {
    let values = [
        session.ticket.into(),
        session.user.into(),
        session.language.into(),
        session.created.into(),
        session.expires.into(),
    ];
    tx.execute(INSERT, &values).map(|_inserted| ())
}

/// The session of a ticket that is live at `now` and whose user's account may be used.
pub fn by_ticket(
    tx: &mut Tx<'_>,
    ticket: &Digest,
    now: Timestamp,
) -> Result<Option<SessionRow>, CatalogError> {
    tx.query_one(BY_TICKET, &[(*ticket).into(), now.into()], read)
}

/// The digest of its ticket, its beginning and its end of each session of a user that is live at `now`, oldest first.
pub fn of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<(Digest, Timestamp, Timestamp)>, CatalogError> {
    tx.query(OF_USER, &[user.into(), now.into()], |row| {
        Ok((row.digest(0)?, row.timestamp(1)?, row.timestamp(2)?))
    })
}

/// Lets a session end later.
pub fn slide(tx: &mut Tx<'_>, ticket: &Digest, expires: Timestamp) -> Result<(), CatalogError> {
    tx.execute(SLIDE, &[(*ticket).into(), expires.into()])
        .map(|_changed| ())
}

/// Ends a session; `false` when it was not live at `now`.
pub fn remove(tx: &mut Tx<'_>, ticket: &Digest, now: Timestamp) -> Result<bool, CatalogError> {
    Ok(tx.execute(REMOVE, &[(*ticket).into(), now.into()])? == 1)
}

/// Ends a session if it is the user's.
pub fn remove_own(tx: &mut Tx<'_>, ticket: &Digest, user: UserId) -> Result<(), CatalogError> {
    tx.execute(REMOVE_OWN, &[(*ticket).into(), user.into()])
        .map(|_removed| ())
}

/// Ends all sessions of a user; gives how many.
pub fn remove_of_user(tx: &mut Tx<'_>, user: UserId) -> Result<u64, CatalogError> {
    tx.execute(REMOVE_OF_USER, &[user.into()])
}

/// Ends the sessions of a user but for that of `kept`, which may be anybody's; gives how many.
pub fn remove_others(tx: &mut Tx<'_>, user: UserId, kept: &Digest) -> Result<u64, CatalogError> {
    tx.execute(REMOVE_OTHERS, &[user.into(), (*kept).into()])
}

/// Drops the sessions that have ended by `now`; gives how many.
pub fn remove_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(REMOVE_EXPIRED, &[now.into()])
}

/// The failures of those subjects whose last one was after `since`.
pub fn failures(
    tx: &mut Tx<'_>,
    subjects: &[String],
    since: Timestamp,
) -> Result<Vec<LoginFailures>, CatalogError> {
    tx.query_each_of(FAILURES, &[since.into()], subjects, |row| {
        Ok(LoginFailures {
            subject: row.text(0)?.to_owned(),
            failures: row.integer(1)?,
            last: row.timestamp(2)?,
        })
    })
}

/// Counts a failure at `now`; one whose predecessor was at or before `since` is the first again.
pub fn note_failure(
    tx: &mut Tx<'_>,
    subject: &str,
    now: Timestamp,
    since: Timestamp,
) -> Result<(), CatalogError> {
    tx.execute(NOTE_FAILURE, &[subject.into(), now.into(), since.into()])
        .map(|_changed| ())
}

/// Forgets a subject's failures.
pub fn forget_failures(tx: &mut Tx<'_>, subject: &str) -> Result<(), CatalogError> {
    tx.execute(FORGET_FAILURES, &[subject.into()]).map(|_removed| ())
}

/// Forgets the failures of all subjects whose last one was at `until` or before.
pub fn forget_old_failures(tx: &mut Tx<'_>, until: Timestamp) -> Result<u64, CatalogError> {
    tx.execute(FORGET_OLD_FAILURES, &[until.into()])
}
