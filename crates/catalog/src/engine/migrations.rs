//! The schema's versions, embedded, and how a database is brought to the last one.

use crate::CatalogError;
use crate::engine::drivers::{Connection, postgresql};
use refinery::{Migration, Runner};

/// File names and texts, the same names on both engines.
const SQLITE: &[(&str, &str)] = &[
    (
        "V1__foundation",
        include_str!("../../migrations/sqlite/V1__foundation.sql"),
    ),
    (
        "V2__deliveries",
        include_str!("../../migrations/sqlite/V2__deliveries.sql"),
    ),
    ("V3__links", include_str!("../../migrations/sqlite/V3__links.sql")),
    (
        "V4__announced_uploads",
        include_str!("../../migrations/sqlite/V4__announced_uploads.sql"),
    ),
    (
        "V5__given_answers",
        include_str!("../../migrations/sqlite/V5__given_answers.sql"),
    ),
];
const POSTGRES: &[(&str, &str)] = &[
    (
        "V1__foundation",
        include_str!("../../migrations/postgres/V1__foundation.sql"),
    ),
    (
        "V2__deliveries",
        include_str!("../../migrations/postgres/V2__deliveries.sql"),
    ),
    (
        "V3__links",
        include_str!("../../migrations/postgres/V3__links.sql"),
    ),
    (
        "V4__announced_uploads",
        include_str!("../../migrations/postgres/V4__announced_uploads.sql"),
    ),
    (
        "V5__given_answers",
        include_str!("../../migrations/postgres/V5__given_answers.sql"),
    ),
];

/// Applies the migrations that the database lacks, all in one transaction. Refuses a database of a later release.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), CatalogError> {
    match connection {
        Connection::Sqlite(connection) => run(&runner(SQLITE)?, connection.driver()),
        Connection::Postgres(connection) => {
            connection.batch(postgresql::LOCK_SCHEMA)?;
            let migrated = run(&runner(POSTGRES)?, connection.driver());
            connection.batch(postgresql::UNLOCK_SCHEMA)?;
            migrated
        }
    }
}

fn runner(texts: &[(&str, &str)]) -> Result<Runner, CatalogError> {
    let migrations = texts
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql))
        .collect::<Result<Vec<_>, _>>();
    Ok(Runner::new(&migrations.map_err(CatalogError::engine)?).set_grouped(true))
}

fn run<C: refinery::Migrate>(runner: &Runner, driver: &mut C) -> Result<(), CatalogError> {
    driver
        .assert_migrations_table("refinery_schema_history")
        .map_err(CatalogError::engine)?;
    let last = runner
        .get_last_applied_migration(driver)
        .map_err(CatalogError::engine)?;
    let found = last.map_or(0, |migration| i64::from(migration.version()));
    let known = runner
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0);
    if found > known {
        return Err(CatalogError::NewerSchema { found, known });
    }
    runner.run(driver).map(|_report| ()).map_err(CatalogError::engine)
}
