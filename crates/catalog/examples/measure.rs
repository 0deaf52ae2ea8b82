//! Measures the catalog's engine: `cargo run --release -p holdall-catalog --example measure --features testing`.
//! With `scripts/with-postgres` in front it measures PostgreSQL too, without the disk's share.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement talks and may stop anywhere"
)]

use holdall_catalog::{Catalog, CatalogError, Value, testing};
use std::time::{Duration, Instant};

const WRITES: u32 = 4_000;
const READS: u32 = 20_000;
const DOCUMENTS: u32 = 100_000;
const COLUMNS: &str = "folder_id, name_key, id, name, scope_id, owner_id, modified_at, raw_len, stored_len, crc32, \
     method, pack_id, pack_offset, blob_id, quarantined, latest_version, published_version, version_count, library_id, \
     own_list, list_applied_by, list_applied_at, created_at, registered_by, registered_at, locked_by, locked_at, \
     description, keywords, kind, target_id, withdrawn, update_instructions, author, language, source, described_by, \
     described_at";

fn main() {
    for (engine, catalog, _guard) in testing::catalogs() {
        for writers in [1, 8] {
            let took = time(|| write(&catalog, writers));
            println!(
                "{engine}: {writers} writers: {:.0} transactions/s",
                per_second(WRITES, took)
            );
        }
        let took = time(|| read(&catalog));
        println!(
            "{engine}: a lookup, hop included: {:.1} us",
            took.as_secs_f64() / f64::from(READS) * 1e6
        );
        let took = time(|| insert(&catalog));
        println!(
            "{engine}: insert_many of documents: {:.0} rows/s",
            per_second(DOCUMENTS, took)
        );
        for round in 1..=3 {
            let took = time(|| scan(&catalog));
            println!(
                "{engine}: for_each of documents, round {round}: {:.0} rows/s",
                per_second(DOCUMENTS, took)
            );
        }
        let took = time(|| look_up(&catalog));
        println!(
            "{engine}: query_each_of of documents: {:.0} ids/s",
            per_second(DOCUMENTS / 10, took)
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn per_second(count: u32, took: Duration) -> f64 {
    f64::from(count) / took.as_secs_f64()
}

fn write(catalog: &Catalog, writers: u32) {
    std::thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || write_each(catalog, writers * 100 + writer, WRITES / writers));
        }
    });
}

fn write_each(catalog: &Catalog, writer: u32, count: u32) {
    for number in 0..count {
        let name = format!("{writer}-{number}");
        write_one(catalog, name);
    }
}

fn write_one(catalog: &Catalog, name: String) {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)";
    catalog
        .write_blocking(move |tx| tx.execute(sql, &[name.into(), "value".into()]))
        .unwrap();
}

fn read(catalog: &Catalog) {
    for _ in 0..READS {
        let sql = "SELECT value FROM counters WHERE name = $1";
        let found =
            catalog.read_blocking(move |tx| tx.query_one(sql, &["users".into()], |row| row.integer(0)));
        assert_eq!(found.unwrap(), Some(100));
    }
}

fn insert(catalog: &Catalog) {
    let rows = (1..=DOCUMENTS).map(|id| {
        let name = format!("document number {id:07}.pdf");
        let mut row = vec![
            (id / 1000 + 1).into(),
            name.clone().into(),
            id.into(),
            name.into(),
        ];
        row.extend((0..23).map(|_| Value::from(1_700_000_000_000_i64)));
        row.extend([
            Value::from("a description"),
            "keywords".into(),
            0_i64.into(),
            0_i64.into(),
        ]);
        row.push(0_i64.into());
        row.extend((0..4).map(|_| Value::from("")));
        row.extend([0_i64.into(), 0_i64.into()]);
        row
    });
    let rows: Vec<_> = rows.collect();
    let sql = format!("INSERT INTO documents ({COLUMNS})");
    catalog
        .write_blocking(move |tx| tx.insert_many(&sql, 38, rows))
        .unwrap();
}

fn scan(catalog: &Catalog) {
    let sql = "SELECT id, folder_id, name, scope_id, owner_id, modified_at, raw_len, stored_len, crc32, method, pack_id, \
         pack_offset, quarantined FROM documents ORDER BY folder_id, name_key";
    let total = catalog.read_blocking(move |tx| {
        let (mut rows, mut sum) = (0, 0_i64);
        tx.for_each(sql, &[], |row| {
            for column in [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] {
                sum = sum.wrapping_add(row.integer(column)?);
            }
            sum += i64::from(row.text(2)?.is_empty());
            rows += 1;
            Ok::<(), CatalogError>(())
        })?;
        Ok::<_, CatalogError>((rows, sum))
    });
    assert_eq!(total.unwrap().0, DOCUMENTS);
}

fn look_up(catalog: &Catalog) {
    let ids: Vec<u32> = (0..DOCUMENTS / 10).map(|number| number * 10 + 1).collect();
    let sql = "SELECT d.id, d.name FROM {wanted} w JOIN documents d ON d.id = w.x";
    let found = catalog.read_blocking(move |tx| tx.query_each_of(sql, &[], &ids, |row| row.integer(0)));
    assert_eq!(found.unwrap().len(), 10_000);
}
