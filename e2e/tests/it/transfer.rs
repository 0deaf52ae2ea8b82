//! Any way to fetch an archive gives the same bytes: whole, resumed, in ranges, in chunks, across a crash of the server.

use crate::Stage;
use anyhow::{Context as _, ensure};
use holdall_e2e::{Draw, Transport};
use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::thread;

const RAW_LEN: usize = 24 << 20;

#[test]
fn l3_curl_resumes_after_being_killed() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let (whole, resumed) = (
        stage.house.scratch("whole.zip"),
        stage.house.scratch("resumed.zip"),
    );
    stage.download.fetch(&whole)?;
    let mut curl = stage.download.curl()?.stdout(Stdio::piped()).spawn()?;
    let mut beginning = vec![0; 5_000_001];
    curl.stdout
        .take()
        .context("no pipe")?
        .read_exact(&mut beginning)?;
    curl.kill()?;
    curl.wait()?;
    fs::write(&resumed, &beginning)?;
    stage.download.resume(&resumed)?;
    assert!(
        fs::read(&whole)? == fs::read(&resumed)?,
        "the resumed archive differs"
    );
    Ok(())
}

#[test]
fn l3_parallel_ranges_reassemble() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let whole_path = stage.house.scratch("whole.zip");
    stage.download.fetch(&whole_path)?;
    let whole = fs::read(&whole_path)?;
    let mut draw = Draw::seeded(11);
    let mut cuts: Vec<u64> = (0..15).map(|_| 1 + draw.below(stage.download.len - 1)).collect();
    cuts.extend([
        0,
        1,
        30,
        stage.download.len - 22,
        stage.download.len - 1,
        stage.download.len,
    ]);
    cuts.sort_unstable();
    cuts.dedup();
    let ranges: Vec<_> = cuts
        .iter()
        .zip(cuts.iter().skip(1))
        .map(|(&start, &end)| start..end)
        .collect();
    let parts = thread::scope(|scope| -> anyhow::Result<Vec<Vec<u8>>> {
        let workers: Vec<_> = ranges
            .iter()
            .map(|range| scope.spawn(|| stage.download.range(range)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().ok().context("a fetching thread died")?)
            .collect()
    })?;
    assert!(
        parts.concat() == whole,
        "the ranges {ranges:?} do not add up to the archive"
    );
    Ok(())
}

#[test]
fn l3_chunks_of_any_size_by_every_transport_reassemble() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let whole_path = stage.house.scratch("whole.zip");
    stage.download.fetch(&whole_path)?;
    let whole = fs::read(&whole_path)?;
    for (seed, transport) in (1..).zip(Transport::ALL) {
        let mut draw = Draw::seeded(seed);
        let mut archive = Vec::new();
        let mut last = false;
        while !last {
            let asked = if draw.below(8) == 0 {
                1 + draw.below(40)
            } else {
                1 + draw.below(3 << 20)
            };
            let chunk =
                stage
                    .client
                    .chunk(transport, &stage.handler, u64::try_from(archive.len())?, asked)?;
            let chunk = chunk.map_err(anyhow::Error::msg)?;
            ensure!(
                chunk.file_len == stage.download.len,
                "filelength is {}",
                chunk.file_len
            );
            ensure!(
                !chunk.bytes.is_empty() && chunk.bytes.len() <= usize::try_from(asked)?,
                "{asked} were asked for"
            );
            archive.extend_from_slice(&chunk.bytes);
            ensure!(
                chunk.last == (archive.len() == whole.len()),
                "lastchunk is wrong at {}",
                archive.len()
            );
            last = chunk.last;
        }
        assert!(archive == whole, "{transport:?} gives another archive");
    }
    Ok(())
}

#[test]
fn l2_a_killed_server_goes_on_with_the_same_bytes() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let (whole, resumed) = (
        stage.house.scratch("whole.zip"),
        stage.house.scratch("resumed.zip"),
    );
    stage.download.fetch(&whole)?;
    let mut curl = stage
        .download
        .curl()?
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut beginning = vec![0; 3_333_333];
    curl.stdout
        .as_mut()
        .context("no pipe")?
        .read_exact(&mut beginning)?;
    stage.server.kill()?;
    curl.kill()?;
    curl.wait()?;
    fs::write(&resumed, &beginning)?;

    let server = stage.house.serve()?;
    let client = stage.client.moved(server.url());
    let again = client.download(&stage.handler)?;
    assert_eq!(
        (again.len, &again.etag),
        (stage.download.len, &stage.download.etag),
        "another archive after the restart"
    );
    again.resume(&resumed)?;
    assert!(
        fs::read(&whole)? == fs::read(&resumed)?,
        "the archive differs after the restart"
    );
    let chunk = client
        .chunk(Transport::Soap11, &stage.handler, 1000, 1000)?
        .map_err(anyhow::Error::msg)?;
    assert_eq!(Some(&*chunk.bytes), fs::read(&whole)?.get(1000..2000));
    server.stop()
}

#[test]
fn equal_selections_are_equal_archives() -> anyhow::Result<()> {
    let stage = Stage::of(1 << 20)?;
    let again = stage.client.download(&stage.client.stage("/lib/handover")?)?;
    assert_eq!((again.len, again.etag), (stage.download.len, stage.download.etag));
    Ok(())
}
