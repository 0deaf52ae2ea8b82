use crate::{count, names, put};
use holdall_catalog::{Catalog, CatalogError, CatalogOptions, testing};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Names the work of a process that a test started from this binary, and where to do it.
const CHILD: &str = "HOLDALL_CATALOG_CHILD";

fn child(test: &str, options: CatalogOptions) -> Child {
    let place = match options {
        CatalogOptions::Sqlite { path } => path.display().to_string(),
        CatalogOptions::Postgres { url } => url,
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(CHILD, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The database to work on in a process that a test started.
fn place() -> Option<CatalogOptions> {
    let place = std::env::var(CHILD).ok()?;
    Some(if place.starts_with("postgres:") {
        CatalogOptions::Postgres { url: place }
    } else {
        CatalogOptions::Sqlite { path: place.into() }
    })
}

#[expect(clippy::print_stdout, reason = "the parent process reads it")]
fn say(what: &str) {
    println!("\n{what}");
}

/// Writes from four threads for ever, and says the name of each row once it is acknowledged.
fn acknowledge(options: CatalogOptions) {
    let catalog = Catalog::open(options).unwrap();
    let round = names(&catalog).len();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let catalog = catalog.clone();
            scope.spawn(move || acknowledge_each(&catalog, &format!("{round}-{writer}")));
        }
    });
}

fn acknowledge_each(catalog: &Catalog, prefix: &str) {
    for number in 0..u64::MAX {
        let name = format!("{prefix}-{number}");
        let text = name.clone();
        catalog.write_blocking(move |tx| put(tx, &text)).unwrap();
        say(&format!("acknowledged {name}"));
    }
}

#[test]
fn l1_every_acknowledged_write_survives_kill_9() {
    if let Some(options) = place() {
        return acknowledge(options);
    }
    for (engine, guard) in testing::databases() {
        let mut acknowledged = Vec::new();
        for round in 1..=5 {
            let mut child = child(
                "durability::l1_every_acknowledged_write_survives_kill_9",
                guard.options(),
            );
            let lines = BufReader::new(child.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok);
            let mut rows = lines.filter_map(|line| line.strip_prefix("acknowledged ").map(ToOwned::to_owned));
            acknowledged.extend(rows.by_ref().take(round * 37));
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged.extend(rows);
            let catalog = Catalog::open(guard.options()).unwrap();
            let found = names(&catalog);
            let lost: Vec<_> = acknowledged
                .iter()
                .filter(|name| found.binary_search(name).is_err())
                .collect();
            assert!(lost.is_empty(), "{engine}: {lost:?}");
            assert!(found.len() >= round * 37, "{engine}");
        }
    }
}

/// The resident memory of this process in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Scans 400 MiB of rows that the database makes up, and says by how many KiB that made this process grow.
fn scan(options: CatalogOptions) {
    let catalog = Catalog::open(options).unwrap();
    let grown = catalog.read_blocking(|tx| {
        assert_eq!(count(tx, "SELECT 1", &[])?, 1);
        let sql = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
             SELECT i, CAST($1 AS TEXT) FROM n";
        let (start, mut most, mut rows) = (resident_kib(), 0, 0);
        tx.for_each(sql, &["x".repeat(4096).into()], |row| {
            rows = row.integer(0)?;
            assert_eq!(row.text(1)?.len(), 4096);
            if rows % 1000 == 0 {
                most = most.max(resident_kib());
            }
            Ok::<(), CatalogError>(())
        })?;
        assert_eq!(rows, 100_000);
        Ok::<_, CatalogError>(most.saturating_sub(start))
    });
    say(&format!("grown {}", grown.unwrap()));
}

#[test]
fn l9_a_scan_keeps_its_memory_whatever_its_length() {
    if let Some(options) = place() {
        return scan(options);
    }
    for (engine, guard) in testing::databases() {
        let child = child(
            "durability::l9_a_scan_keeps_its_memory_whatever_its_length",
            guard.options(),
        );
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let grown: u64 = text
            .lines()
            .find_map(|line| line.strip_prefix("grown ")?.parse().ok())
            .unwrap();
        assert!(grown < 16 * 1024, "{engine}: {grown} KiB");
    }
}
