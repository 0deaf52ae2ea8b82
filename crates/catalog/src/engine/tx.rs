//! One transaction: the only way to run a statement.

use crate::engine::drivers::Connection;
use crate::engine::twin::Twin;
use crate::engine::value::Bound;
use crate::{CatalogError, Row, Value};

/// A transaction on either engine, lent to the closure that [`crate::Catalog::read`] or [`crate::Catalog::write`] runs.
///
/// A statement that fails ends the transaction: later ones fail too on PostgreSQL, and the closure's call fails with
/// that first error even when the closure returns `Ok`. Where a conflict is expected, say `ON CONFLICT`.
pub struct Tx<'c> {
    pub(crate) connection: &'c mut Connection,
    pub(crate) failure: Option<CatalogError>,
    pub(crate) authz_epoch: Option<i64>,
    pub(crate) twin: Option<&'c mut Twin>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c mut Connection) -> Self {
        Self {
            connection,
            failure: None,
            authz_epoch: None,
            twin: None,
        }
    }

    /// A reader's transaction, whose long scans may use a second connection.
    pub(crate) fn with_twin(connection: &'c mut Connection, twin: &'c mut Twin) -> Self {
        Self {
            twin: Some(twin),
            ..Self::new(connection)
        }
    }
}

impl Tx<'_> {
    /// All rows of a query, mapped. For results of bounded size; [`Tx::for_each`] is for the others.
    ///
    /// Placeholders are `$1`, `$2` and so on, and may repeat. PostgreSQL sums `BIGINT` to `NUMERIC`, so cast:
    /// `CAST(SUM(raw_len) AS BIGINT)`.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, CatalogError>,
    ) -> Result<Vec<T>, CatalogError> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(map(row)?);
            Ok::<(), CatalogError>(())
        })?;
        Ok(rows)
    }

    /// The row of a query that has at most one; more are [`CatalogError::Inconsistent`].
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, CatalogError>,
    ) -> Result<Option<T>, CatalogError> {
        let mut found = None;
        self.for_each(sql, params, |row| {
            if found.is_some() {
                return Err(CatalogError::inconsistent("two rows where one is expected"));
            }
            found = Some(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Shows each row of a query to `visit` as it arrives; memory does not grow with their number. Ends at the
    /// first error.
    pub fn for_each<E: From<CatalogError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let bound = bind(params)?;
        self.scan(sql, &bound, visit)
    }

    /// Runs a statement without rows; gives the number of rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, CatalogError> {
        let bound = bind(params)?;
        self.run(sql, &bound)
    }

    pub(crate) fn run(&mut self, sql: &str, bound: &[Bound<'_>]) -> Result<u64, CatalogError> {
        let result = self.connection.execute(sql, bound);
        self.remember(result)
    }

    pub(crate) fn scan<E: From<CatalogError>>(
        &mut self,
        sql: &str,
        bound: &[Bound<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut outcome = Ok(());
        let result = self.connection.scan(sql, bound, &mut |row| {
            outcome = visit(row);
            outcome.is_ok()
        });
        self.remember(result)?;
        outcome
    }

    /// Notes the first failure of a statement, which decides the transaction.
    pub(crate) fn remember<T>(&mut self, result: Result<T, CatalogError>) -> Result<T, CatalogError> {
        if let (Err(error), None) = (&result, &self.failure) {
            self.failure = Some(error.clone());
        }
        result
    }
}

pub(crate) fn bind<'v>(params: &'v [Value<'_>]) -> Result<Vec<Bound<'v>>, CatalogError> {
    params.iter().map(Value::bound).collect()
}
