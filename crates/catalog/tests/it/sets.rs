use crate::count;
use holdall_catalog::{Catalog, CatalogError, Tx, Value, testing};
use holdall_model::DocumentId;

const HEAD: &str =
    "INSERT INTO versions (document_id, number, blob_id, author_id, comment, created_at, published_at)";

/// Inserts `rows` recycled items with the ids from 1 on.
fn fill(tx: &mut Tx<'_>, rows: i64) -> Result<(), CatalogError> {
    let head = "INSERT INTO recycled (kind, item_id, name, library_id, original_folder_id, original_path, total_len, \
         deleted_by, deleted_at, status, status_at)";
    let none = Value::Integer(0);
    let rows = (1..=rows).map(|id| {
        let name = Value::from(format!("item {id}"));
        let none = || none.clone();
        [
            0_i64.into(),
            id.into(),
            name,
            none(),
            none(),
            "/L".into(),
            id.into(),
            none(),
            none(),
            none(),
            none(),
        ]
    });
    tx.insert_many(head, 11, rows)
}

#[test]
fn a_hundred_thousand_rows_go_in_and_ten_thousand_are_found_by_id() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog.write_blocking(|tx| fill(tx, 100_000)).unwrap();
        let found = catalog.read_blocking(|tx| {
            let ids: Vec<DocumentId> = (1..=25_000).map(|number| DocumentId(number * 10)).collect();
            let sql =
                "SELECT r.item_id, r.name FROM {wanted} w JOIN recycled r ON r.kind = $1 AND r.item_id = w.x";
            tx.query_each_of(sql, &[0_i64.into()], &ids, |row| {
                Ok((row.integer(0)?, row.text(1)?.to_owned()))
            })
        });
        let mut found = found.unwrap();
        found.sort_unstable();
        assert_eq!(found.len(), 10_000, "{engine}");
        assert_eq!(found.first().unwrap(), &(10, "item 10".to_owned()), "{engine}");
        assert_eq!(
            found.last().unwrap(),
            &(100_000, "item 100000".to_owned()),
            "{engine}"
        );
    }
}

#[test]
fn sqlite_walks_the_list_and_not_the_table() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    for join in [
        "w JOIN recycled r ON r.kind = $1 AND r.item_id = w.x",
        "AS w\n JOIN recycled r ON r.total_len = $1 + w.x",
    ] {
        let plan = catalog.read_blocking(move |tx| {
            let sql = format!("EXPLAIN QUERY PLAN SELECT r.name FROM {{wanted}} {join}");
            tx.query_each_of(&sql, &[0_i64.into()], &[1_i64, 2], |row| {
                Ok(row.text(3)?.to_owned())
            })
        });
        let plan = plan.unwrap();
        assert!(plan.first().unwrap().contains("rarray"), "{plan:?}");
    }
}

#[test]
fn lists_may_be_of_texts_or_bytes_or_empty() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog.write_blocking(|tx| fill(tx, 10)).unwrap();
        let changed = catalog.write_blocking(|tx| {
            let sql = "UPDATE recycled SET status = $1 WHERE name IN {wanted}";
            let texts = tx.execute_each_of(sql, &[5_i64.into()], &["item 3", "item 4", "item 11"])?;
            let nothing = tx.execute_each_of::<&str>(sql, &[6_i64.into()], &[])?;
            let bytes: Vec<&[u8]> = vec![b"\0\xff", b""];
            let back = tx.query_each_of("SELECT x FROM {wanted} w", &[], &bytes, |row| {
                Ok(row.bytes(0)?.to_vec())
            })?;
            Ok::<_, CatalogError>((texts, nothing, back))
        });
        assert_eq!(
            changed.unwrap(),
            (2, 0, vec![b"\0\xff".to_vec(), Vec::new()]),
            "{engine}"
        );
        let marked =
            catalog.read_blocking(|tx| count(tx, "SELECT COUNT(*) FROM recycled WHERE status = 5", &[]));
        assert_eq!(marked.unwrap(), 2, "{engine}");
    }
}

#[test]
fn a_list_in_parentheses_is_refused() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let refused = catalog.read_blocking(|tx| {
            tx.query_each_of(
                "SELECT name FROM settings WHERE name IN ({wanted})",
                &[],
                &["a"],
                |row| row.integer(0),
            )
        });
        assert!(
            matches!(refused, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {refused:?}"
        );
    }
}

#[test]
fn rows_may_replace_those_that_are_there() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let values = catalog.write_blocking(|tx| {
            let sql = "INSERT INTO settings (name, value) {rows} ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            tx.insert_many(sql, 2, [["a", "1"], ["b", "2"]].map(|row| row.map(Value::from)))?;
            tx.insert_many(sql, 2, [["b", "3"], ["c", "4"]].map(|row| row.map(Value::from)))?;
            tx.insert_many(sql, 2, Vec::<[Value<'_>; 2]>::new())?;
            tx.query("SELECT value FROM settings ORDER BY name", &[], |row| Ok(row.text(0)?.to_owned()))
        });
        assert_eq!(values.unwrap(), ["1", "3", "4"], "{engine}");
    }
}

#[test]
fn i2_one_bad_row_keeps_all_out() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let conflict = catalog.write_blocking(|tx| {
            fill(tx, 5_000)?;
            fill(tx, 1)
        });
        assert!(
            matches!(conflict, Err(CatalogError::Conflict)),
            "{engine}: {conflict:?}"
        );
        let reference = catalog.write_blocking(|tx| tx.insert_many(HEAD, 7, [version(1), version(2)]));
        assert!(
            matches!(reference, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {reference:?}"
        );
        let short = catalog.write_blocking(|tx| tx.insert_many(HEAD, 7, [vec![Value::Integer(1)]]));
        assert!(
            matches!(short, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {short:?}"
        );
        let rows = catalog.read_blocking(|tx| {
            Ok::<_, CatalogError>((
                count(tx, "SELECT COUNT(*) FROM recycled", &[])?,
                count(tx, "SELECT COUNT(*) FROM versions", &[])?,
            ))
        });
        assert_eq!(rows.unwrap(), (0, 0), "{engine}");
    }
}

fn version(document: i64) -> Vec<Value<'static>> {
    vec![
        document.into(),
        1_i64.into(),
        99_i64.into(),
        4_i64.into(),
        "".into(),
        0_i64.into(),
        0_i64.into(),
    ]
}

/// Scans 20,000 rows but stops at the tenth with an error of its own; then counts in the same transaction.
fn stop_at_the_tenth(tx: &mut Tx<'_>) -> Result<(i64, i64), CatalogError> {
    let mut seen = 0;
    let ended = tx.for_each("SELECT item_id FROM recycled ORDER BY item_id", &[], |row| {
        seen = row.integer(0)?;
        if seen == 10 {
            Err(CatalogError::Full)
        } else {
            Ok(())
        }
    });
    assert!(matches!(ended, Err(CatalogError::Full)));
    Ok((seen, count(tx, "SELECT COUNT(*) FROM recycled", &[])?))
}

#[test]
fn a_scan_ends_at_the_first_error_and_the_transaction_goes_on() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog.write_blocking(|tx| fill(tx, 20_000)).unwrap();
        assert_eq!(
            catalog.read_blocking(stop_at_the_tenth).unwrap(),
            (10, 20_000),
            "{engine}"
        );
    }
}
