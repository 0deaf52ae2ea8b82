//! What the machine can do without a server in between.

use crate::Arguments;
use anyhow::Context as _;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// The columns of a short listing of the folder named in `--into`, again and again.
const SCAN: &str = "SELECT d.id, d.name, d.scope_id, d.owner_id, d.modified_at, d.raw_len, d.latest_version \
    FROM folders f JOIN documents d ON d.folder_id = f.id WHERE f.name = ?1 ORDER BY d.name_key";

/// Rows a second of the bare scan.
pub(crate) fn scan(arguments: &Arguments) -> anyhow::Result<Value> {
    let connection = Connection::open(&arguments.url)?;
    let mut statement = connection.prepare(SCAN)?;
    let start = Instant::now();
    let (mut rows, mut bytes) = (0_u64, 0_usize);
    while start.elapsed() < Duration::from_millis(arguments.milliseconds) {
        let mut found = statement.query([&arguments.into])?;
        while let Some(row) = found.next()? {
            bytes += row.get_ref(1)?.as_str()?.len();
            for column in [0, 2, 3, 4, 5, 6] {
                bytes += usize::from(row.get_ref(column)?.as_i64()? > 0);
            }
            rows += 1;
        }
    }
    Ok(json!({ "rows": rows, "seconds": start.elapsed().as_secs_f64(), "bytes": bytes }))
}

/// Documents a second that are written to a file, synced, and noted in a durable commit, one after the other.
pub(crate) fn commits(arguments: &Arguments) -> anyhow::Result<Value> {
    let folder = Path::new(&arguments.url);
    fs::create_dir_all(folder)?;
    let connection = Connection::open(folder.join("commits.sqlite"))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")?;
    let count = arguments.requests.context("--requests is missing")?;
    let content: Vec<u8> = (0..arguments.size).map(|at| at.to_le_bytes()[0]).collect();
    let start = Instant::now();
    for number in 0..count {
        let mut file = File::create(folder.join(number.to_string()))?;
        file.write_all(&content)?;
        file.sync_data()?;
        connection.execute("INSERT INTO t (name) VALUES (?1)", [number.to_string()])?;
    }
    Ok(json!({ "requests": count, "seconds": start.elapsed().as_secs_f64() }))
}
