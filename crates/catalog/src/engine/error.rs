//! What can go wrong, by what a caller can do about it.

use postgres::error::SqlState;
use rusqlite::ErrorCode;
use std::error::Error;
use std::sync::Arc;

/// Why a catalog call failed. Whatever it is, nothing of the call's transaction was kept, except after a failed COMMIT
/// on PostgreSQL, whose outcome is unknown and which is always [`CatalogError::Engine`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum CatalogError {
    /// Too much is waiting, a lock was not free in time, or the database server is out of reach. Try again later.
    #[error("the catalog is busy")]
    Busy,
    /// The disk under the database is full.
    #[error("the catalog's disk is full")]
    Full,
    /// A row with the same unique key exists.
    #[error("the catalog holds a row with this key already")]
    Conflict,
    /// A row, a reference or a statement is not what the code expects.
    #[error("the catalog is inconsistent: {what}")]
    Inconsistent {
        /// What was found, without values of the row.
        what: String,
    },
    /// The database was written by a later release.
    #[error("the catalog has schema {found}, this program knows schemas up to {known}")]
    NewerSchema {
        /// The schema version of the database.
        found: i64,
        /// The last schema version that this program knows.
        known: i64,
    },
    /// Another process has the database open.
    #[error("another process has the catalog open")]
    Locked,
    /// The SQLite file lies on a file system of another machine, whose locks and flushes cannot be trusted.
    #[error("the catalog lies on a network file system")]
    NetworkFileSystem,
    /// SQLite is older than 3.51.3, which fixed the corruption after a WAL reset.
    #[error("SQLite {found} is older than 3.51.3")]
    OutdatedEngine {
        /// The version that is linked.
        found: String,
    },
    /// Anything that no caller can act on.
    #[error("the catalog failed")]
    Engine(#[source] Arc<dyn Error + Send + Sync>),
}

impl CatalogError {
    pub(crate) fn inconsistent(what: impl Into<String>) -> Self {
        Self::Inconsistent { what: what.into() }
    }

    pub(crate) fn engine(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Engine(Arc::from(source.into()))
    }

    /// The answer to callers whose work was still waiting when the catalog closed.
    pub(crate) fn closed() -> Self {
        Self::engine("the catalog is closed")
    }
}

impl From<rusqlite::Error> for CatalogError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = &error else {
            return Self::engine(error);
        };
        match (failure.code, failure.extended_code) {
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (ErrorCode::DiskFull, _) => Self::Full,
            (
                ErrorCode::ConstraintViolation,
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID,
            ) => Self::Conflict,
            (ErrorCode::ConstraintViolation | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => {
                Self::inconsistent(error.to_string())
            }
            _ => Self::engine(error),
        }
    }
}

impl From<postgres::Error> for CatalogError {
    /// Keeps the server's code and message only: its detail may quote a whole row, password hash included.
    fn from(error: postgres::Error) -> Self {
        let Some(answer) = error.as_db_error() else {
            let broken = error.is_closed() || error.source().is_some_and(<dyn Error>::is::<std::io::Error>);
            return if broken { Self::Busy } else { Self::engine(error) };
        };
        let code = answer.code();
        if *code == SqlState::UNIQUE_VIOLATION {
            return Self::Conflict;
        }
        if *code == SqlState::DISK_FULL {
            return Self::Full;
        }
        if is_passing(code) {
            return Self::Busy;
        }
        let text = format!("{}: {}", code.code(), answer.message());
        if code.code().starts_with("23") {
            Self::inconsistent(text)
        } else {
            Self::engine(text)
        }
    }
}

/// Whether the same transaction may succeed later: locks, failovers, restarts, too many connections.
fn is_passing(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ]
    .contains(code)
}
