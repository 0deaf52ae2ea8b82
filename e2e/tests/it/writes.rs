//! What reaches the disk while an archive is staged and served: notes about it, never its bytes.

use holdall_e2e::{House, Transport, mixed, tool};
use std::fs;
use std::path::Path;
use std::process::Command;
use walkdir::WalkDir;

/// Calls that put bytes into files.
const WRITES: &str =
    "trace=write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,copy_file_range,fallocate,ftruncate";
/// What the catalog's log, the plan and the server's own messages may take.
const NOTES_LEN: u64 = 2 << 20;

#[test]
fn l6_staging_and_serving_write_no_archive_byte() -> anyhow::Result<()> {
    let house = House::with_users(&["anna"])?;
    mixed(&house.scratch("Handover"), 60 << 20, 3)?;
    house.import(&house.scratch("Handover"), "/Lib/Handover", "anna")?;
    let stored_before = stored(&house.data())?;
    let log = house.scratch("strace.log");
    let mut strace = Command::new(tool("strace")?);
    strace.args(["-f", "-y", "-s", "0", "-e", WRITES, "-o"]).arg(&log);
    let server = house.serve_under(strace)?;
    let client = house.sign_in(&server, "anna")?;
    let handler = client.stage("/Lib/Handover")?;
    let download = client.download(&handler)?;
    assert_eq!(download.status()?, 200);
    download.range(&(1000..5_000_000))?;
    for offset in [0, 1 << 20, 7 << 20] {
        client
            .chunk(Transport::Form, &handler, offset, 1 << 20)?
            .map_err(anyhow::Error::msg)?;
    }
    server.stop()?;

    let written = written_to_files(&fs::read_to_string(&log)?);
    assert!(
        download.len > 10 * NOTES_LEN,
        "the archive of {} bytes is too small to tell",
        download.len
    );
    assert!(written > 0, "strace saw nothing, not even the catalog's notes");
    assert!(
        written < NOTES_LEN,
        "{written} bytes went into files for an archive of {}",
        download.len
    );
    let grown = stored(&house.data())?.saturating_sub(stored_before);
    assert!(grown < NOTES_LEN, "the data directory grew by {grown} bytes");
    Ok(())
}

/// The results of all calls whose target is a path, not a socket or a pipe.
fn written_to_files(log: &str) -> u64 {
    log.lines()
        .filter(|line| {
            line.split_once('<')
                .is_some_and(|(_, target)| target.starts_with('/'))
        })
        .filter_map(|line| {
            line.rsplit_once(" = ")?
                .1
                .split_whitespace()
                .next()?
                .parse::<u64>()
                .ok()
        })
        .sum()
}

fn stored(data: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in WalkDir::new(data) {
        let entry = entry?;
        if entry.file_type().is_file() {
            sum += entry.metadata()?.len();
        }
    }
    Ok(sum)
}
