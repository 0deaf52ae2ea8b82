//! Fresh catalogs for tests, on every engine that is there.

use crate::engine::drivers::Connection;
use crate::engine::drivers::Purpose;
use crate::{Catalog, CatalogError, CatalogOptions};
use std::sync::atomic::{AtomicU64, Ordering};

/// Names the variable that holds the URL of a PostgreSQL server whose databases tests may create and drop.
pub const POSTGRES: &str = "HOLDALL_TEST_POSTGRES";

static SERIAL: AtomicU64 = AtomicU64::new(0);

/// Keeps a test's database until it is dropped. Drop it after the [`Catalog`].
#[derive(Debug)]
pub struct Guard {
    options: CatalogOptions,
    _directory: Option<tempfile::TempDir>,
    database: Option<(String, String)>,
}

impl Guard {
    /// What to open the same database with again.
    pub fn options(&self) -> CatalogOptions {
        self.options.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some((server, name)) = self.database.take() {
            drop(on_server(
                server,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ));
        }
    }
}

/// An open, empty catalog for each engine with the engine's name. SQLite always, PostgreSQL when [`POSTGRES`] is set.
///
/// # Panics
/// When a catalog does not open, or when `CI` is `true` and [`POSTGRES`] is not set.
pub fn catalogs() -> Vec<(&'static str, Catalog, Guard)> {
    databases()
        .into_iter()
        .map(|(engine, guard)| match Catalog::open(guard.options()) {
            Ok(catalog) => (engine, catalog, guard),
            Err(error) => fail(&format!("{engine} does not open: {error:?}")),
        })
        .collect()
}

/// An empty database for each engine, not opened yet.
///
/// # Panics
/// When a database cannot be made, or when `CI` is `true` and [`POSTGRES`] is not set.
pub fn databases() -> Vec<(&'static str, Guard)> {
    let mut databases = vec![("SQLite", sqlite())];
    match std::env::var(POSTGRES) {
        Ok(server) => databases.push(("PostgreSQL", postgres(server))),
        Err(_) if std::env::var("CI").as_deref() == Ok("true") => fail("HOLDALL_TEST_POSTGRES is not set"),
        Err(_) => say("PostgreSQL skipped: HOLDALL_TEST_POSTGRES is not set"),
    }
    databases
}

/// An empty SQLite database in a folder of its own.
///
/// # Panics
/// When the folder cannot be made.
pub fn sqlite() -> Guard {
    match tempfile::tempdir() {
        Ok(directory) => {
            let options = CatalogOptions::Sqlite {
                path: directory.path().join("catalog.sqlite"),
            };
            Guard {
                options,
                _directory: Some(directory),
                database: None,
            }
        }
        Err(error) => fail(&format!("no temporary folder: {error}")),
    }
}

fn postgres(server: String) -> Guard {
    let name = format!(
        "holdall_{}_{}",
        std::process::id(),
        SERIAL.fetch_add(1, Ordering::Relaxed)
    );
    if let Err(error) = on_server(server.clone(), format!("CREATE DATABASE {name}")) {
        fail(&format!("no database: {error:?}"));
    }
    let url = server.rsplit_once('/').map_or_else(
        || format!("{server}/{name}"),
        |(host, _)| format!("{host}/{name}"),
    );
    Guard {
        options: CatalogOptions::Postgres { url },
        _directory: None,
        database: Some((server, name)),
    }
}

/// Runs one statement outside any transaction, on a thread of its own so that async tests may call.
fn on_server(url: String, sql: String) -> Result<(), CatalogError> {
    let thread = std::thread::spawn(move || {
        Connection::open(&CatalogOptions::Postgres { url }, Purpose::Write)?.batch(&sql)
    });
    thread.join().unwrap_or_else(|_panic| Err(CatalogError::closed()))
}

#[expect(clippy::panic, reason = "a test without its database must fail")]
fn fail(why: &str) -> ! {
    panic!("{why}")
}

#[expect(clippy::print_stderr, reason = "a test run must show what it left out")]
fn say(what: &str) {
    eprintln!("{what}");
}
