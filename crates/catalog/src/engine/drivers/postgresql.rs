//! PostgreSQL through the blocking `postgres` client, one for each thread.

use super::Visit;
use crate::engine::row::Source;
use crate::engine::value::Bound;
use crate::{CatalogError, Row};
use postgres::error::{DbError, Severity};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::{ToSql, Type};
use postgres::{Client, Column, Config, NoTls, RowIter, Statement};
use std::collections::HashMap;
use std::time::Duration;

/// Statements kept prepared on each connection before all are dropped together.
const PREPARED: usize = 512;

/// Writers queue for one advisory lock ("holdall" in ASCII), so that a write sees and changes the database alone, as on SQLite.
pub(crate) const BEGIN_WRITE: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(29395908909165676)";

/// Held while migrating ("holdalm").
pub(crate) const LOCK_SCHEMA: &str = "SELECT pg_advisory_lock(29395908909165677)";
pub(crate) const UNLOCK_SCHEMA: &str = "SELECT pg_advisory_unlock(29395908909165677)";

/// Waits are bounded, a commit is on disk before it is acknowledged, and short statements are not compiled.
const SETTINGS: &str = "SET lock_timeout = '5s'; SET jit = off; SET client_min_messages = warning; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// The types of placeholders that a `Value` or a list of them can fill.
const PARAMETERS: &[Type] = &[
    Type::INT8,
    Type::TEXT,
    Type::BYTEA,
    Type::INT8_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
];
/// The types of columns that a `Row` can read.
const COLUMNS: &[Type] = &[Type::INT8, Type::INT4, Type::BOOL, Type::TEXT, Type::BYTEA];

pub(crate) struct Connection {
    client: Client,
    prepared: HashMap<String, Statement>,
    broken: bool,
}

impl Connection {
    pub(crate) fn open(url: &str) -> Result<Self, CatalogError> {
        let mut config: Config = url
            .parse()
            .map_err(|_secret| CatalogError::inconsistent("the PostgreSQL connection string is malformed"))?;
        config
            .application_name("holdall")
            .connect_timeout(Duration::from_secs(5));
        let mut client = config.connect(NoTls)?;
        client.batch_execute(SETTINGS)?;
        Ok(Self {
            client,
            prepared: HashMap::new(),
            broken: false,
        })
    }

    pub(crate) fn driver(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.broken || self.client.is_closed()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), CatalogError> {
        let result = self.client.batch_execute(sql);
        self.judge(result)
    }

    pub(crate) fn scan(
        &mut self,
        sql: &str,
        bound: &[Bound<'_>],
        visit: Visit<'_>,
    ) -> Result<(), CatalogError> {
        let statement = self.prepare(sql, bound.len())?;
        let rows = self.client.query_raw(&statement, bound.iter().map(parameter));
        let result = rows.and_then(|rows| show(rows, visit));
        self.judge(result)
    }

    pub(crate) fn execute(&mut self, sql: &str, bound: &[Bound<'_>]) -> Result<u64, CatalogError> {
        let statement = self.prepare(sql, bound.len())?;
        let parameters: Vec<_> = bound.iter().map(parameter).collect();
        let result = self.client.execute(&statement, &parameters);
        self.judge(result)
    }

    /// Prepares a statement and forgets it. Placeholders and columns must have the types that values and rows have.
    pub(crate) fn check(&mut self, sql: &str) -> Result<(), CatalogError> {
        let statement = self.client.prepare(sql);
        let statement = self.judge(statement)?;
        let placeholder = statement.params().iter().find(|kind| !PARAMETERS.contains(kind));
        let column = statement
            .columns()
            .iter()
            .map(Column::type_)
            .find(|kind| !COLUMNS.contains(kind));
        match (placeholder, column) {
            (None, None) => Ok(()),
            (Some(kind), _) => Err(CatalogError::inconsistent(format!(
                "a placeholder of type {kind}: {sql}"
            ))),
            (_, Some(kind)) => Err(CatalogError::inconsistent(format!(
                "a column of type {kind}: {sql}"
            ))),
        }
    }

    /// Notes whether the connection outlives the error: all but the server's ordinary answers end it.
    fn judge<T>(&mut self, result: Result<T, postgres::Error>) -> Result<T, CatalogError> {
        result.map_err(|error| {
            let severity = error.as_db_error().map(DbError::parsed_severity);
            self.broken |= severity != Some(Some(Severity::Error));
            error.into()
        })
    }

    /// The prepared form of a statement with `given` placeholders.
    fn prepare(&mut self, sql: &str, given: usize) -> Result<Statement, CatalogError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql);
        let statement = self.judge(statement)?;
        let expected = statement.params().len();
        if expected != given {
            return Err(CatalogError::inconsistent(format!(
                "{given} values for {expected} placeholders"
            )));
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn show(mut rows: RowIter<'_>, visit: Visit<'_>) -> Result<(), postgres::Error> {
    while let Some(row) = rows.next()? {
        if !visit(&Row(Source::Postgres(&row))) {
            break;
        }
    }
    Ok(())
}

fn parameter<'b>(value: &'b Bound<'_>) -> &'b (dyn ToSql + Sync) {
    match value {
        Bound::Integer(number) => number,
        Bound::Text(text) => text,
        Bound::Bytes(bytes) => bytes,
        Bound::Integers(array) => array,
        Bound::Texts(array) => array,
        Bound::ByteStrings(array) => array,
    }
}
