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

/// What names a library, a folder or a document. Whatever is added here must be deleted with a library too: see
/// `libraries/removal.rs`. The record of deletions outlives what it tells of.
const NAMED: [(&str, &str); 21] = [
    ("announced_uploads", "document_id"),
    ("announced_uploads", "folder_id"),
    ("deletions", "item_id"),
    ("deletions", "library_id"),
    ("documents", "folder_id"),
    ("documents", "library_id"),
    ("downloads", "document_id"),
    ("folders", "library_id"),
    ("groups", "library_id"),
    ("kept_items", "item_id"),
    ("libraries", "root_folder_id"),
    ("library_members", "library_id"),
    ("purged", "library_id"),
    ("recent_documents", "document_id"),
    ("recycled", "item_id"),
    ("recycled", "library_id"),
    ("recycled", "original_folder_id"),
    ("scopes", "library_id"),
    ("users", "library_id"),
    ("versions", "document_id"),
    ("viewings", "document_id"),
];

#[test]
fn every_table_that_names_items_is_known_to_the_removal_of_libraries() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    let named: Vec<(String, String)> = columns(&catalog, "SQLite")
        .into_iter()
        .filter(|(_, column)| {
            ["library_id", "folder_id", "document_id", "item_id"]
                .iter()
                .any(|ending| column.ends_with(ending))
        })
        .collect();
    let expected = NAMED.map(|(table, column)| (table.to_owned(), column.to_owned()));
    assert_eq!(named, expected);
}
