//! Every statement of every family, so that each can be prepared on both engines.

use crate::engine::drivers::Connection;
use crate::engine::sets;
use crate::{CatalogError, Tx, Value};

/// The texts, family by family. Inserts of many rows are listed as their head.
const ALL: &[&[&str]] = &[
    crate::access::STATEMENTS,
    crate::access::many::STATEMENTS,
    crate::audit::STATEMENTS,
    crate::content::blobs::STATEMENTS,
    crate::content::blobs::places::STATEMENTS,
    crate::engine::counters::STATEMENTS,
    crate::content::documents::STATEMENTS,
    crate::transfers::announced::STATEMENTS,
    crate::transfers::answers::STATEMENTS,
    crate::transfers::deliveries::STATEMENTS,
    crate::transfers::downloads::STATEMENTS,
    crate::transfers::downloads::ended::STATEMENTS,
    crate::content::folders::STATEMENTS,
    crate::content::folder_rules::STATEMENTS,
    crate::content::imports::STATEMENTS,
    crate::content::listed::STATEMENTS,
    crate::transfers::kept::STATEMENTS,
    crate::transfers::links::STATEMENTS,
    crate::libraries::STATEMENTS,
    crate::libraries::members::STATEMENTS,
    crate::libraries::removal::STATEMENTS,
    crate::libraries::removal::REFERENCES,
    crate::libraries::removal::REST,
    crate::owners::STATEMENTS,
    crate::content::packs::STATEMENTS,
    crate::people::STATEMENTS,
    crate::people::changes::STATEMENTS,
    crate::people::details::STATEMENTS,
    crate::people::membership::STATEMENTS,
    crate::people::removal::STATEMENTS,
    crate::content::deletions::STATEMENTS,
    crate::content::purging::STATEMENTS,
    crate::content::recycled::STATEMENTS,
    crate::sessions::STATEMENTS,
    crate::settings::STATEMENTS,
    crate::statistics::STATEMENTS,
    crate::transfers::staging::STATEMENTS,
    crate::content::subtrees::STATEMENTS,
    crate::content::trees::STATEMENTS,
    crate::transfers::uploads::STATEMENTS,
    crate::user_names::STATEMENTS,
    crate::content::versions::STATEMENTS,
    crate::content::checkins::STATEMENTS,
    crate::content::locks::STATEMENTS,
    crate::content::viewings::STATEMENTS,
];

impl Tx<'_> {
    /// Prepares every statement there is without running it: [`CatalogError::Inconsistent`] or an engine's error
    /// when the schema is not the one that the statements were written for. Gives their number.
    pub fn check_statements(&mut self) -> Result<usize, CatalogError> {
        let mut count = 0;
        for sql in ALL.iter().copied().flatten() {
            self.check_statement(sql)?;
            count += 1;
        }
        Ok(count)
    }

    /// Lists may be of any type, so the first type that the statement takes will do.
    fn check_statement(&mut self, sql: &str) -> Result<(), CatalogError> {
        let samples = [Value::Integer(0), Value::from(""), Value::from(Vec::new())];
        let lists = if sql.contains(sets::WANTED) {
            samples.as_slice()
        } else {
            samples.get(..1).unwrap_or_default()
        };
        let mut outcome = Ok(());
        for sample in lists {
            let text = self.representative(sql, sample)?;
            outcome = self.prepare_apart(&text);
            if outcome.is_ok() {
                break;
            }
        }
        outcome.map_err(|error| CatalogError::inconsistent(format!("{error:?} in: {sql}")))
    }

    /// The statement as it would run with a list of one `sample`, or with one row of as many values as columns.
    fn representative(&self, sql: &str, sample: &Value<'_>) -> Result<String, CatalogError> {
        if sql.contains(sets::WANTED) {
            let number = (1..100)
                .find(|number| !sql.contains(&format!("${number}")))
                .unwrap_or(1);
            return sets::with_table(self.connection, sql, number, &sample.bound()?);
        }
        let open = sql.contains(sets::INSERTED)
            || (sql.starts_with("INSERT") && !sql.contains("VALUES") && !sql.contains("SELECT"));
        if !open {
            return Ok(sql.to_owned());
        }
        let columns = sql
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'))
            .map_or("", |(columns, _)| columns);
        Ok(sets::insert_text(
            sql,
            &sets::values_clause(columns.split(',').count()),
        ))
    }

    /// Prepares in a savepoint, so that a failure leaves the transaction usable.
    fn prepare_apart(&mut self, sql: &str) -> Result<(), CatalogError> {
        self.connection.batch("SAVEPOINT apart")?;
        let outcome = self.connection.check(sql);
        let undo = match &*self.connection {
            Connection::Sqlite(_) => "RELEASE apart",
            Connection::Postgres(_) => "ROLLBACK TO apart; RELEASE apart",
        };
        self.connection.batch(undo)?;
        outcome
    }
}
