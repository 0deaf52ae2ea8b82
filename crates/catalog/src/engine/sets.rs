//! Statements over many rows at once: lookups by a list, and inserts of many rows.

use crate::engine::drivers::Connection;
use crate::engine::tx::bind;
use crate::engine::value::Bound;
use crate::{CatalogError, Row, Tx, Value};

/// Items of a list that go into one run of a statement.
const LIST: usize = 10_000;
/// Rows that go into one run of an insert on PostgreSQL.
const ROWS: usize = 4_096;
/// What stands in a statement for a list.
pub(crate) const WANTED: &str = "{wanted}";
/// A list in parentheses of its own would be a scalar: SQLite would silently compare with its first item.
const IN_PARENTHESES: &str = "({wanted})";
/// What stands in an insert for its rows, when something follows them.
pub(crate) const INSERTED: &str = "{rows}";

impl Tx<'_> {
    /// All rows of a query over a list of ids, texts or digests, mapped; in the order of the statement for each
    /// 10,000 items of the list. A repeated item counts as often as it is there when the list is joined.
    ///
    /// `{wanted}` in the statement is a table with the one column `x`:
    /// `SELECT d.id FROM {wanted} w JOIN documents d ON d.id = w.x`, or `... WHERE id IN {wanted}`. Other
    /// placeholders are `$1` and so on. One prepared statement serves any length of list; an empty list runs nothing.
    pub fn query_each_of<'v, T, W: Clone + Into<Value<'v>>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        wanted: &[W],
        mut map: impl FnMut(&Row<'_>) -> Result<T, CatalogError>,
    ) -> Result<Vec<T>, CatalogError> {
        let mut rows = Vec::new();
        self.for_each_of(sql, params, wanted, |row| {
            rows.push(map(row)?);
            Ok::<(), CatalogError>(())
        })?;
        Ok(rows)
    }

    /// Like [`Tx::query_each_of`], but shows each row to `visit` as it arrives.
    pub fn for_each_of<'v, E: From<CatalogError>, W: Clone + Into<Value<'v>>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        wanted: &[W],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in wanted.chunks(LIST) {
            let values: Vec<Value<'v>> = part.iter().cloned().map(Into::into).collect();
            let (sql, bound) = self.with_list(sql, params, &values)?;
            self.scan(&sql, &bound, &mut visit)?;
        }
        Ok(())
    }

    /// Runs a statement without rows over a list, as [`Tx::query_each_of`] does; gives the number of rows changed.
    pub fn execute_each_of<'v, W: Clone + Into<Value<'v>>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        wanted: &[W],
    ) -> Result<u64, CatalogError> {
        let mut changed = 0_u64;
        for part in wanted.chunks(LIST) {
            let values: Vec<Value<'v>> = part.iter().cloned().map(Into::into).collect();
            let (sql, bound) = self.with_list(sql, params, &values)?;
            changed = changed.saturating_add(self.run(&sql, &bound)?);
        }
        Ok(changed)
    }

    /// Inserts rows of `columns` values each, in one prepared statement.
    ///
    /// `sql` is the head alone, `INSERT INTO queue (user_id, kind)`, or has `{rows}` where the rows belong:
    /// `INSERT INTO queue (user_id, kind) {rows} ON CONFLICT DO NOTHING`. A column has values of one type.
    pub fn insert_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        columns: usize,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), CatalogError> {
        let mut rows = rows.into_iter();
        if let Connection::Sqlite(connection) = &*self.connection {
            let result = connection.execute_rows(&insert_text(sql, &values_clause(columns)), rows);
            return self.remember(result);
        }
        loop {
            let part: Vec<R> = rows.by_ref().take(ROWS).collect();
            if part.is_empty() {
                return Ok(());
            }
            let arrays = transpose(columns, &part)?;
            self.run(&insert_text(sql, &unnest_clause(&arrays)), &arrays)?;
        }
    }

    /// The text of a statement over a list on this engine, and its values with the list as the last one.
    fn with_list<'b>(
        &self,
        sql: &str,
        params: &'b [Value<'_>],
        wanted: &'b [Value<'_>],
    ) -> Result<(String, Vec<Bound<'b>>), CatalogError> {
        let mut bound = bind(params)?;
        let list = Bound::array(wanted)?;
        let sql = with_table(self.connection, sql, params.len() + 1, &list)?;
        bound.push(list);
        Ok((sql, bound))
    }
}

/// The text of a statement whose list is placeholder `number` and has the type of `list`.
pub(crate) fn with_table(
    connection: &Connection,
    sql: &str,
    number: usize,
    list: &Bound<'_>,
) -> Result<String, CatalogError> {
    if sql.contains(IN_PARENTHESES) {
        return Err(CatalogError::inconsistent(
            "write IN {wanted}: parentheses around it compare with one item",
        ));
    }
    Ok(match connection {
        Connection::Sqlite(_) => {
            let parts: Vec<_> = sql.split(WANTED).map(lead_with_list).collect();
            parts.join(&format!("(SELECT value AS x FROM rarray(${number}))"))
        }
        Connection::Postgres(_) => sql.replace(
            WANTED,
            &format!("(SELECT UNNEST(${number}::{}) AS x)", list.postgres_array()),
        ),
    })
}

/// Makes SQLite walk a list that is joined and look its items up, as CROSS JOIN does there. Left to itself it may walk
/// the table and the whole list for each row of it, a million times slower.
fn lead_with_list(after: &str) -> String {
    let mut words = after.split_whitespace();
    let named = match words.next() {
        Some("AS") => words.next().is_some(),
        first => first.is_some(),
    };
    if named && words.next() == Some("JOIN") {
        return after.replacen("JOIN", "CROSS JOIN", 1);
    }
    after.to_owned()
}

pub(crate) fn insert_text(sql: &str, rows: &str) -> String {
    if sql.contains(INSERTED) {
        sql.replace(INSERTED, rows)
    } else {
        format!("{sql} {rows}")
    }
}

pub(crate) fn values_clause(columns: usize) -> String {
    let placeholders: Vec<String> = (1..=columns).map(|number| format!("${number}")).collect();
    format!("VALUES ({})", placeholders.join(", "))
}

fn unnest_clause(arrays: &[Bound<'_>]) -> String {
    let typed = arrays
        .iter()
        .zip(1..)
        .map(|(array, number)| format!("${number}::{}", array.postgres_array()));
    format!("SELECT * FROM UNNEST({})", typed.collect::<Vec<_>>().join(", "))
}

/// Rows of values as one array for each column.
fn transpose<'r, 'v: 'r, R: AsRef<[Value<'v>]>>(
    columns: usize,
    rows: &'r [R],
) -> Result<Vec<Bound<'r>>, CatalogError> {
    let first = rows.first().map(AsRef::as_ref).unwrap_or_default();
    let mut arrays = first
        .iter()
        .map(|value| Ok(value.bound()?.empty_array()))
        .collect::<Result<Vec<_>, CatalogError>>()?;
    for row in rows {
        let row = row.as_ref();
        if row.len() != columns {
            return Err(CatalogError::inconsistent(format!(
                "{} values for {columns} columns",
                row.len()
            )));
        }
        for (array, value) in arrays.iter_mut().zip(row) {
            array.append(value.bound()?)?;
        }
    }
    Ok(arrays)
}
