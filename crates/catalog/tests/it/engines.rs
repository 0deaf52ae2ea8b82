use crate::{names, put};
use holdall_catalog::{Catalog, CatalogError, CatalogOptions, testing};
use std::path::PathBuf;
use std::sync::mpsc;

fn database(options: CatalogOptions) -> PathBuf {
    match options {
        CatalogOptions::Sqlite { path } => path,
        CatalogOptions::Postgres { .. } => panic!("not a file"),
    }
}

fn log_len(database: &std::path::Path) -> u64 {
    std::fs::metadata(database.with_extension("sqlite-wal")).map_or(0, |metadata| metadata.len())
}

#[test]
fn i32_a_second_opening_of_the_file_is_refused_until_the_first_is_gone() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    let second = Catalog::open(guard.options()).err();
    assert!(matches!(second, Some(CatalogError::Locked)), "{second:?}");
    catalog.write_blocking(|tx| put(tx, "a")).unwrap();
    drop(catalog);
    assert_eq!(names(&Catalog::open(guard.options()).unwrap()), ["a"]);
}

#[test]
fn the_last_handle_empties_the_log() {
    let guard = testing::sqlite();
    let path = database(guard.options());
    let catalog = Catalog::open(guard.options()).unwrap();
    catalog.write_blocking(|tx| put(tx, "a")).unwrap();
    assert!(log_len(&path) > 0);
    let other = catalog.clone();
    drop(catalog);
    assert_eq!(names(&other), ["a"]);
    drop(other);
    assert_eq!(log_len(&path), 0);
}

#[test]
fn the_last_handle_may_end_inside_a_call() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    let (drop_now, told) = mpsc::channel::<()>();
    let (done, is_done) = mpsc::channel();
    let inner = catalog.clone();
    let outer = std::thread::spawn(move || {
        drop_now.send(()).unwrap();
        drop(catalog.clone());
        let pending = catalog.write(move |_tx| {
            drop(inner);
            done.send(()).unwrap();
            Ok::<(), CatalogError>(())
        });
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(pending)
    });
    told.recv().unwrap();
    is_done.recv().unwrap();
    outer.join().unwrap().unwrap();
}

#[test]
fn s20_connections_have_the_settings_that_durability_rests_on() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    for (pragma, expected) in [("synchronous", 2), ("foreign_keys", 1), ("mmap_size", 0)] {
        let sql = format!("PRAGMA {pragma}");
        let text = sql.clone();
        let reading = catalog.read_blocking(move |tx| tx.query_one(&text, &[], |row| row.integer(0)));
        assert_eq!(reading.unwrap().unwrap_or(0), expected, "{pragma}");
        let writing = catalog.write_blocking(move |tx| tx.query_one(&sql, &[], |row| row.integer(0)));
        assert_eq!(writing.unwrap().unwrap_or(0), expected, "{pragma}");
    }
    let mode = catalog
        .read_blocking(|tx| tx.query_one("PRAGMA journal_mode", &[], |row| Ok(row.text(0)?.to_owned())));
    assert_eq!(mode.unwrap().as_deref(), Some("wal"));
}

#[test]
fn f9_a_foreign_lock_is_waited_for_and_then_reported() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    let foreign = rusqlite::Connection::open(database(guard.options())).unwrap();
    foreign.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = catalog.write_blocking(|tx| put(tx, "a"));
    assert!(matches!(refused, Err(CatalogError::Busy)), "{refused:?}");
    foreign.execute_batch("ROLLBACK").unwrap();
    catalog.write_blocking(|tx| put(tx, "b")).unwrap();
    assert_eq!(names(&catalog), ["b"]);
}

#[test]
fn f9_a_long_reader_does_not_let_the_log_grow_for_ever() {
    let guard = testing::sqlite();
    let path = database(guard.options());
    let catalog = Catalog::open(guard.options()).unwrap();
    let foreign = rusqlite::Connection::open(&path).unwrap();
    foreign
        .execute_batch("BEGIN; SELECT COUNT(*) FROM settings")
        .unwrap();
    let text = "x".repeat(8 * 1024 * 1024);
    for number in 0..10 {
        let text = text.clone();
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)";
        catalog
            .write_blocking(move |tx| tx.execute(sql, &[number.to_string().into(), text.as_str().into()]))
            .unwrap();
    }
    assert!(log_len(&path) > 64 * 1024 * 1024);
    foreign.execute_batch("ROLLBACK").unwrap();
    for number in 0..10 {
        let text = text.clone();
        let sql = "UPDATE settings SET value = $2 WHERE name = $1";
        catalog
            .write_blocking(move |tx| tx.execute(sql, &[number.to_string().into(), text.as_str().into()]))
            .unwrap();
    }
    assert!(log_len(&path) <= 150 * 1024 * 1024, "{}", log_len(&path));
}
