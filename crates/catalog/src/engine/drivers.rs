//! The two engines behind one connection type.

pub(crate) mod postgresql;
pub(crate) mod sqlite;

use crate::engine::value::Bound;
use crate::{CatalogError, CatalogOptions, Row};

/// An open connection. One transaction at a time, begun and ended by the worker that owns it.
pub(crate) enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(Box<postgresql::Connection>),
}

/// What a connection will be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

/// Sees each row of a result and says whether to go on.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&Row<'_>) -> bool;

impl Connection {
    pub(crate) fn open(options: &CatalogOptions, purpose: Purpose) -> Result<Self, CatalogError> {
        match options {
            CatalogOptions::Sqlite { path } => sqlite::Connection::open(path, purpose).map(Self::Sqlite),
            CatalogOptions::Postgres { url } => {
                postgresql::Connection::open(url).map(|connection| Self::Postgres(Box::new(connection)))
            }
        }
    }

    /// Begins one snapshot, or a transaction that is alone among all writers of all processes.
    pub(crate) fn begin(&mut self, purpose: Purpose) -> Result<(), CatalogError> {
        self.batch(match (&*self, purpose) {
            (Self::Sqlite(_), Purpose::Read) => "BEGIN",
            (Self::Sqlite(_), Purpose::Write) => "BEGIN IMMEDIATE",
            (Self::Postgres(_), Purpose::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (Self::Postgres(_), Purpose::Write) => postgresql::BEGIN_WRITE,
        })
    }

    /// Runs statements that have neither parameters nor rows.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), CatalogError> {
        match self {
            Self::Sqlite(connection) => connection.batch(sql),
            Self::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Whether the transaction that the worker began has ended by itself, as SQLite does on a full disk.
    pub(crate) fn lost_transaction(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_idle(),
            Self::Postgres(connection) => connection.is_closed(),
        }
    }

    /// Whether the connection is of no more use.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(connection) => connection.is_closed(),
        }
    }

    pub(crate) fn scan(
        &mut self,
        sql: &str,
        bound: &[Bound<'_>],
        visit: Visit<'_>,
    ) -> Result<(), CatalogError> {
        match self {
            Self::Sqlite(connection) => connection.scan(sql, bound, visit),
            Self::Postgres(connection) => connection.scan(sql, bound, visit),
        }
    }

    /// Prepares a statement without running it.
    pub(crate) fn check(&mut self, sql: &str) -> Result<(), CatalogError> {
        match self {
            Self::Sqlite(connection) => connection.check(sql),
            Self::Postgres(connection) => connection.check(sql),
        }
    }

    pub(crate) fn execute(&mut self, sql: &str, bound: &[Bound<'_>]) -> Result<u64, CatalogError> {
        match self {
            Self::Sqlite(connection) => connection.execute(sql, bound),
            Self::Postgres(connection) => connection.execute(sql, bound),
        }
    }
}
