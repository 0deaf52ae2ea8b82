use holdall_catalog::{Catalog, CatalogError, CatalogOptions, testing};
use std::collections::BTreeSet;

#[test]
fn every_statement_is_prepared() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let checked = catalog.read_blocking(|tx| tx.check_statements());
        assert!(
            checked.as_ref().is_ok_and(|count| *count > 50),
            "{engine}: {checked:?}"
        );
    }
}

#[test]
fn a_table_that_is_missing_is_found() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog
            .write_blocking(|tx| tx.execute("DROP TABLE audit", &[]))
            .unwrap();
        let checked = catalog.read_blocking(|tx| tx.check_statements());
        assert!(
            matches!(checked, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {checked:?}"
        );
    }
}

/// Tables and columns of one engine; indexes and types are its own affair.
fn columns(catalog: &Catalog, engine: &str) -> BTreeSet<(String, String)> {
    let sql = if engine == "SQLite" {
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
    } else {
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
         WHERE table_schema = 'public'"
    };
    let rows = catalog.read_blocking(move |tx| {
        tx.query(sql, &[], |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
        })
    });
    rows.unwrap()
        .into_iter()
        .filter(|(table, _)| !table.starts_with("sqlite_"))
        .collect()
}

#[test]
fn both_schemas_have_the_same_columns() {
    let schemas: Vec<_> = testing::catalogs()
        .into_iter()
        .map(|(engine, catalog, _guard)| (engine, columns(&catalog, engine)))
        .collect();
    assert!(schemas[0].1.len() > 100);
    for (engine, schema) in &schemas {
        let difference: Vec<_> = schema.symmetric_difference(&schemas[0].1).collect();
        assert!(difference.is_empty(), "{engine}: {difference:?}");
    }
}

#[test]
fn a_schema_of_a_later_release_is_refused() {
    for (engine, catalog, guard) in testing::catalogs() {
        catalog
            .write_blocking(|tx| {
                let sql = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
                     VALUES (9999, 'later', '2026-11-23T00:00:00Z', '1')";
                tx.execute(sql, &[])
            })
            .unwrap();
        drop(catalog);
        let refused = Catalog::open(guard.options()).err();
        let expected = matches!(refused, Some(CatalogError::NewerSchema { found: 9999, .. }));
        assert!(expected, "{engine}: {refused:?}");
    }
}

#[test]
fn l10_connection_strings_are_never_shown() {
    let options = CatalogOptions::Postgres {
        url: "postgres://holdall:hunter2@127.0.0.1:1/x".to_owned(),
    };
    assert!(!format!("{options:?}").contains("hunter2"));
    let unreachable = Catalog::open(options).err().unwrap();
    assert!(matches!(unreachable, CatalogError::Busy), "{unreachable:?}");
    assert!(!format!("{unreachable:?} {unreachable}").contains("hunter2"));
    let malformed = CatalogOptions::Postgres {
        url: "password=hunter2 hunter2=hunter2".to_owned(),
    };
    let malformed = Catalog::open(malformed).err().unwrap();
    assert!(!format!("{malformed:?} {malformed}").contains("hunter2"));
}
