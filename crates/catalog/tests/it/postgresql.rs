use crate::{count, names, put};
use holdall_catalog::{Catalog, CatalogError, testing};

#[test]
fn f10_a_connection_that_dies_in_a_write_keeps_nothing_of_it() {
    for (engine, catalog, _guard) in testing::catalogs() {
        if engine != "PostgreSQL" {
            continue;
        }
        let died = catalog.write_blocking(|tx| {
            put(tx, "a")?;
            count(tx, "SELECT COUNT(pg_terminate_backend(pg_backend_pid()))", &[]).map(|_gone| ())
        });
        assert!(matches!(died, Err(CatalogError::Busy)), "{died:?}");
        catalog.write_blocking(|tx| put(tx, "b")).unwrap();
        assert_eq!(names(&catalog), ["b"]);
    }
}

#[test]
fn f11_connections_that_died_while_idle_are_replaced() {
    for (engine, catalog, _guard) in testing::catalogs() {
        if engine != "PostgreSQL" {
            continue;
        }
        catalog.write_blocking(|tx| put(tx, "a")).unwrap();
        for _ in 0..8 {
            names(&catalog);
        }
        let killed = catalog.write_blocking(|tx| {
            let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
            count(tx, sql, &[])
        });
        assert!(killed.unwrap() > 0);
        for _ in 0..8 {
            assert_eq!(names(&catalog), ["a"]);
        }
    }
}

#[test]
fn i32_writers_of_two_processes_never_lose_an_update() {
    for (engine, catalog, guard) in testing::catalogs() {
        if engine != "PostgreSQL" {
            continue;
        }
        let other = Catalog::open(guard.options()).unwrap();
        std::thread::scope(|scope| {
            for catalog in [&catalog, &other, &catalog, &other] {
                scope.spawn(move || (0..50).for_each(|_| increment(catalog)));
            }
        });
        let total =
            catalog.read_blocking(|tx| count(tx, "SELECT value FROM counters WHERE name = 'audit'", &[]));
        assert_eq!(total.unwrap(), 201);
    }
}

/// Reads and then writes, which loses updates unless writers are alone.
fn increment(catalog: &Catalog) {
    catalog
        .write_blocking(|tx| {
            let value = count(tx, "SELECT value FROM counters WHERE name = 'audit'", &[])?;
            tx.execute(
                "UPDATE counters SET value = $1 WHERE name = 'audit'",
                &[(value + 1).into()],
            )
        })
        .unwrap();
}

#[test]
fn the_epoch_reaches_other_processes() {
    for (engine, catalog, guard) in testing::catalogs() {
        if engine != "PostgreSQL" {
            continue;
        }
        let other = Catalog::open(guard.options()).unwrap();
        let epoch = catalog.write_blocking(|tx| tx.bump_authz_epoch()).unwrap();
        let seen = (0..1_000_000).any(|_| {
            names(&other);
            other.authz_epoch() == epoch
        });
        assert!(seen);
    }
}
