//! The catalog's conformance suite: each case runs on every engine that is there.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the methods are bound to one lifetime"
)]

mod blobs;
mod durability;
mod engines;
mod groups;
mod logs;
mod people;
mod postgresql;
mod schema;
mod sets;
mod split;
mod subtrees;
mod transactions;
mod tree;

use holdall_catalog::testing::catalogs;
use holdall_catalog::{Catalog, CatalogError, Tx, Value};
use std::sync::mpsc;

const PUT: &str = "INSERT INTO settings (name, value) VALUES ($1, $2)";
const ALL: &str = "SELECT name FROM settings ORDER BY name";

/// Puts a row that conflicts with another of the same name.
fn put(tx: &mut Tx<'_>, name: &str) -> Result<(), CatalogError> {
    tx.execute(PUT, &[name.into(), "".into()]).map(|_one| ())
}

/// The names of all rows that were put.
fn names(catalog: &Catalog) -> Vec<String> {
    catalog
        .read_blocking(|tx| tx.query(ALL, &[], |row| Ok(row.text(0)?.to_owned())))
        .unwrap()
}

fn count(tx: &mut Tx<'_>, sql: &str, params: &[Value<'_>]) -> Result<i64, CatalogError> {
    Ok(tx.query_one(sql, params, |row| row.integer(0))?.unwrap())
}

/// Keeps the writer busy, so that the writes queued meanwhile form one group, until the sender is dropped.
fn hold_writer(catalog: &Catalog) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (started, running) = mpsc::channel();
    let catalog = catalog.clone();
    std::thread::spawn(move || {
        catalog.write_blocking(move |_tx| {
            started.send(()).unwrap();
            held.recv().unwrap_err();
            Ok::<(), CatalogError>(())
        })
    });
    running.recv().unwrap();
    release
}

/// Runs one case in a write transaction on each engine.
fn on_every_engine(case: impl Fn(&mut Tx<'_>) -> Result<(), CatalogError> + Copy + Send + 'static) {
    for (engine, catalog, _guard) in catalogs() {
        let outcome = catalog.write_blocking(case);
        assert!(outcome.is_ok(), "{engine}: {outcome:?}");
    }
}
