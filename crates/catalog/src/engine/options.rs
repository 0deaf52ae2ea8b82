//! Where the catalog is kept.

use std::fmt;
use std::path::PathBuf;

/// The database to open.
#[derive(Clone)]
pub enum CatalogOptions {
    /// An SQLite file, created when absent in a folder that exists. One process at a time.
    Sqlite {
        /// The database file. The lock file beside it has the same name with `.lock` at its end.
        path: PathBuf,
    },
    /// A PostgreSQL database that exists, shared by any number of processes.
    Postgres {
        /// A connection string: `postgres://user:password@host:port/database` or `key=value` pairs.
        url: String,
    },
}

impl fmt::Debug for CatalogOptions {
    /// Leaves the connection string out: it may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => formatter.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { .. } => formatter.debug_struct("Postgres").finish_non_exhaustive(),
        }
    }
}
