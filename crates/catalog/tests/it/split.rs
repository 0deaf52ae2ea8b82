//! Scans that run on two threads see one snapshot.

use holdall_catalog::{Catalog, CatalogError, Row, Tx, testing};
use holdall_model::DocumentId;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

const ITEMS: i64 = 4_000;
const LENGTHS: &str = "SELECT item_id, total_len FROM recycled WHERE item_id IN {wanted} ORDER BY item_id";

/// What one part of a scan found, and on which threads.
#[derive(Default)]
struct Found {
    rows: Vec<(i64, i64)>,
    threads: HashSet<ThreadId>,
}

fn fill(catalog: &Catalog) {
    let head = "INSERT INTO recycled (kind, item_id, name, library_id, original_folder_id, original_path, total_len, \
         deleted_by, deleted_at, status, status_at)";
    let row = |id: i64| {
        let [zero, name] = [0_i64.into(), "item".into()];
        let zeros = || 0_i64.into();
        [
            zero,
            id.into(),
            name,
            zeros(),
            zeros(),
            "/L".into(),
            1_000_i64.into(),
            zeros(),
            zeros(),
            zeros(),
            zeros(),
        ]
    };
    let filled: Result<(), CatalogError> =
        catalog.write_blocking(move |tx| tx.insert_many(head, 11, (1..=ITEMS).map(row)));
    filled.unwrap();
}

fn find(found: &mut Found, row: &Row<'_>) -> Result<(), CatalogError> {
    found.rows.push((row.integer(0)?, row.integer(1)?));
    found.threads.insert(thread::current().id());
    // Lets the other thread have its part, however few cores there are.
    thread::yield_now();
    Ok(())
}

fn scan(tx: &mut Tx<'_>) -> Result<Found, CatalogError> {
    let wanted: Vec<DocumentId> = (1..=ITEMS).map(DocumentId).collect();
    let mut all = Found::default();
    for part in tx.gather_each_of(LENGTHS, &wanted, find)? {
        all.rows.extend(part.rows);
        all.threads.extend(part.threads);
    }
    Ok(all)
}

#[test]
fn a_long_scan_gives_every_row_once_in_the_order_of_the_list() {
    for (engine, catalog, _guard) in testing::catalogs() {
        fill(&catalog);
        let found = catalog.read_blocking(scan).unwrap();
        let expected: Vec<(i64, i64)> = (1..=ITEMS).map(|id| (id, 1_000)).collect();
        assert_eq!(found.rows, expected, "{engine}");
        let most = if engine == "SQLite" { 2 } else { 1 };
        assert!((1..=most).contains(&found.threads.len()), "{engine}");
    }
}

#[test]
fn p2_a_quiet_sqlite_is_scanned_by_two_threads() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    fill(&catalog);
    let two = (0..100).any(|_| catalog.read_blocking(scan).unwrap().threads.len() == 2);
    assert!(two, "the second thread never found a part left");
}

#[test]
fn i2_after_a_commit_the_snapshot_is_still_the_old_one() {
    for (engine, catalog, _guard) in testing::catalogs() {
        fill(&catalog);
        let writer = catalog.clone();
        let sums = catalog.read_blocking(move |tx| {
            let before = scan(tx)?;
            let raise = |tx: &mut Tx<'_>| tx.execute("UPDATE recycled SET total_len = total_len + 1", &[]);
            thread::scope(|scope| scope.spawn(|| writer.write_blocking(raise)).join()).unwrap()?;
            let after = scan(tx)?;
            Ok::<_, CatalogError>((before.rows == after.rows, after.threads.len()))
        });
        assert_eq!(sums.unwrap(), (true, 1), "{engine}");
        assert_eq!(
            catalog.read_blocking(scan).unwrap().rows[0],
            (1, 1_001),
            "{engine}"
        );
    }
}

/// Ends the writer, also when the test fails.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn i2_two_threads_see_one_snapshot_among_commits() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    fill(&catalog);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                let raise =
                    |tx: &mut Tx<'_>| tx.execute("UPDATE recycled SET total_len = total_len + 1", &[]);
                catalog.write_blocking(raise).unwrap();
            }
        });
        let _done = Done(&done);
        for _ in 0..100 {
            let found = catalog.read_blocking(scan).unwrap();
            let lengths: HashSet<i64> = found.rows.iter().map(|(_, length)| *length).collect();
            assert_eq!(lengths.len(), 1, "rows of several commits in one scan");
        }
    });
}

#[test]
fn the_first_error_ends_a_split_scan() {
    for (engine, catalog, _guard) in testing::catalogs() {
        fill(&catalog);
        let failed = catalog.read_blocking(|tx| {
            let wanted: Vec<DocumentId> = (1..=ITEMS).map(DocumentId).collect();
            tx.gather_each_of(LENGTHS, &wanted, |(): &mut (), row| match row.integer(0)? {
                3_999 => Err(CatalogError::Busy),
                _ => Ok(()),
            })
        });
        assert!(matches!(failed, Err(CatalogError::Busy)), "{engine}: {failed:?}");
        assert_eq!(catalog.read_blocking(scan).unwrap().rows.len(), 4_000, "{engine}");
    }
}
