//! SQLite through rusqlite: how connections are set up and how shared statements run on them.

use super::{Purpose, Visit};
use crate::engine::row::Source;
use crate::engine::value::Bound;
use crate::{CatalogError, Row, Value};
use rusqlite::types::Value as Owned;
use rusqlite::{OpenFlags, Statement};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The first release without the WAL-reset corruption.
const OLDEST: i32 = 3_051_003;
/// Statements kept prepared on each connection.
const PREPARED: usize = 256;
/// The write-ahead log is emptied by force above this many bytes, and again after each further part of this size.
const LOG_LIMIT: u64 = 64 * 1024 * 1024;

/// Commits reach the disk (FULL), references are checked at once, reads go through checked read calls, not a map.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; \
     PRAGMA journal_size_limit = 67108864;";

pub(crate) struct Connection {
    driver: rusqlite::Connection,
    log: PathBuf,
    log_tolerated: u64,
}

/// Refuses an SQLite with the WAL-reset corruption.
pub(crate) fn check_release() -> Result<(), CatalogError> {
    if rusqlite::version_number() < OLDEST {
        return Err(CatalogError::OutdatedEngine {
            found: rusqlite::version().to_owned(),
        });
    }
    Ok(())
}

impl Connection {
    pub(crate) fn open(path: &Path, purpose: Purpose) -> Result<Self, CatalogError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.execute_batch(SETTINGS)?;
        connection.execute_batch(match purpose {
            Purpose::Read => "PRAGMA cache_size = -32768; PRAGMA query_only = ON;",
            Purpose::Write => "PRAGMA cache_size = -65536;",
        })?;
        rusqlite::vtab::array::load_module(&connection)?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self {
            driver: connection,
            log: log.into(),
            log_tolerated: LOG_LIMIT,
        })
    }

    pub(crate) fn driver(&mut self) -> &mut rusqlite::Connection {
        &mut self.driver
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), CatalogError> {
        Ok(self.driver.execute_batch(sql)?)
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.driver.is_autocommit()
    }

    pub(crate) fn scan(&self, sql: &str, bound: &[Bound<'_>], visit: Visit<'_>) -> Result<(), CatalogError> {
        let mut statement = self.driver.prepare_cached(sql)?;
        bind_by_name(&mut statement, bound)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if !visit(&Row(Source::Sqlite(row))) {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn execute(&self, sql: &str, bound: &[Bound<'_>]) -> Result<u64, CatalogError> {
        let mut statement = self.driver.prepare_cached(sql)?;
        bind_by_name(&mut statement, bound)?;
        let changed = statement.raw_execute()?;
        u64::try_from(changed).map_err(|_beyond| CatalogError::inconsistent("a count beyond 64 bits"))
    }

    /// Runs a statement whose placeholders stand in order of their numbers, once for each row of values.
    pub(crate) fn execute_rows<'v, R: AsRef<[Value<'v>]>>(
        &self,
        sql: &str,
        rows: impl Iterator<Item = R>,
    ) -> Result<(), CatalogError> {
        let mut statement = self.driver.prepare_cached(sql)?;
        for row in rows {
            let row = row.as_ref();
            check_count(row.len(), statement.parameter_count())?;
            for (index, value) in row.iter().enumerate() {
                bind(&mut statement, index + 1, &value.bound()?)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Prepares a statement and forgets it.
    pub(crate) fn check(&self, sql: &str) -> Result<(), CatalogError> {
        self.driver.prepare(sql)?;
        Ok(())
    }

    /// Empties the write-ahead log when a long reader made it grow beyond 64 MiB; gives up after a second until it
    /// has grown as much again.
    pub(crate) fn bound_log(&mut self) {
        let length = std::fs::metadata(&self.log).map_or(0, |metadata| metadata.len());
        if length <= self.log_tolerated {
            return;
        }
        let emptied = self
            .batch("PRAGMA busy_timeout = 1000")
            .and_then(|()| self.truncate_log())
            .and_then(|emptied| self.batch("PRAGMA busy_timeout = 5000").map(|()| emptied));
        self.log_tolerated = if matches!(emptied, Ok(true)) {
            LOG_LIMIT
        } else {
            length + LOG_LIMIT
        };
    }

    /// Moves the write-ahead log into the database and cuts it to nothing; `false` when a reader stood in the way.
    pub(crate) fn truncate_log(&self) -> Result<bool, CatalogError> {
        let blocked: i64 = self
            .driver
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(blocked == 0)
    }
}

/// SQLite numbers `$n` by first appearance, so every placeholder is looked up by its name.
fn bind_by_name(statement: &mut Statement<'_>, bound: &[Bound<'_>]) -> Result<(), CatalogError> {
    let count = statement.parameter_count();
    check_count(bound.len(), count)?;
    for index in 1..=count {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| bound.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| CatalogError::inconsistent("a placeholder without a value"))?;
        bind(statement, index, value)?;
    }
    Ok(())
}

fn bind(statement: &mut Statement<'_>, index: usize, value: &Bound<'_>) -> Result<(), CatalogError> {
    Ok(match value {
        Bound::Integer(number) => statement.raw_bind_parameter(index, number),
        Bound::Text(text) => statement.raw_bind_parameter(index, text),
        Bound::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
        Bound::Integers(array) => statement.raw_bind_parameter(index, pointer(array.iter().copied())),
        Bound::Texts(array) => {
            statement.raw_bind_parameter(index, pointer(array.iter().map(|text| (*text).to_owned())))
        }
        Bound::ByteStrings(array) => {
            statement.raw_bind_parameter(index, pointer(array.iter().map(|bytes| (*bytes).to_vec())))
        }
    }?)
}

/// An array in the form that the `rarray` table function reads.
fn pointer<T: Into<Owned>>(items: impl Iterator<Item = T>) -> Rc<Vec<Owned>> {
    Rc::new(items.map(Into::into).collect())
}

fn check_count(given: usize, expected: usize) -> Result<(), CatalogError> {
    if given == expected {
        return Ok(());
    }
    Err(CatalogError::inconsistent(format!(
        "{given} values for {expected} placeholders"
    )))
}
