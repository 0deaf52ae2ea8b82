//! The program as a client: what it brings home is the archive to the byte, whatever happens to it, to the line and to the
//! server on the way, and nothing that it has proved comes twice.

use crate::Stage;
use anyhow::{Context as _, bail, ensure};
use holdall_e2e::{BadLine, Difference, Draw, Faults, compare, finish, mixed};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const RAW_LEN: usize = 48 << 20;
/// Bytes that may come again after a kill.
const AGAIN_LEN: u64 = 16 << 20;
const SILENCE: Duration = Duration::from_secs(20);

/// `holdall zip` of the stage's folder through a line.
fn zip(stage: &Stage, url: &str, target: &Path) -> anyhow::Result<Command> {
    let mut command = stage.house.holdall(url, &stage.client)?;
    command.args(["zip", "/Lib/Handover", "--yes", "-o"]).arg(target);
    Ok(command)
}

/// Slow enough for kills to hit the middle of things.
fn slow() -> Faults {
    Faults {
        rate: 3 << 20,
        ..Faults::default()
    }
}

fn start(command: &mut Command) -> anyhow::Result<Child> {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.context("cannot start holdall")
}

/// What a client that came to its end said; fails with that when its exit code is another.
fn end(child: Child, code: i32) -> anyhow::Result<Output> {
    let output = child.wait_with_output()?;
    ensure!(
        output.status.code() == Some(code),
        "holdall ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output)
}

fn reference(stage: &Stage) -> anyhow::Result<PathBuf> {
    let whole = stage.house.scratch("whole.zip");
    stage.download.fetch(&whole)?;
    Ok(whole)
}

fn assert_same(one: &Path, other: &Path) -> anyhow::Result<()> {
    ensure!(
        fs::read(one)? == fs::read(other)?,
        "the archive that came is another"
    );
    let folder = one.parent().context("no folder")?;
    for left in fs::read_dir(folder)? {
        let name = left?.file_name().to_string_lossy().into_owned();
        ensure!(!name.contains(".part"), "{name} was left behind");
    }
    Ok(())
}

/// What the journal claims to be there.
fn claimed(journal: &Path) -> anyhow::Result<Vec<Range<u64>>> {
    let mut ranges = Vec::new();
    for line in fs::read_to_string(journal).unwrap_or_default().lines() {
        let mut words = line.split(' ').skip(1);
        if words.next() == Some("have") {
            let start: u64 = words.next().context("no start")?.parse()?;
            let len: u64 = words.next().context("no length")?.parse()?;
            ranges.push(start..start + len);
        }
    }
    Ok(ranges)
}

fn overlap(one: &Range<u64>, other: &Range<u64>) -> bool {
    one.start < other.end && other.start < one.end
}

#[test]
fn l3_a_client_killed_fifty_times_brings_the_same_bytes_and_proved_ones_once() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN)?;
    let whole = reference(&stage)?;
    let line = BadLine::before(stage.server.url(), slow())?;
    let target = stage.house.scratch("client").join("out.zip");
    fs::create_dir(target.parent().context("no folder")?)?;
    let journal = target.with_file_name("out.zip.part.journal");
    let mut draw = Draw::seeded(50);
    let mut kills = 0;
    while kills < 50 {
        let (before, there) = (line.content(), claimed(&journal)?);
        drop(line.take_ranges());
        let mut client = start(&mut zip(&stage, &line.url(), &target)?)?;
        line.wait_for(before + draw.below(3 << 20), SILENCE);
        client.kill()?;
        client.wait()?;
        kills += 1;
        for range in line.take_ranges() {
            ensure!(
                !there.iter().any(|had| overlap(had, &range)),
                "{range:?} was asked for again"
            );
        }
    }
    line.set(Faults::default());
    end(start(&mut zip(&stage, &line.url(), &target)?)?, 0)?;
    assert_same(&target, &whole)?;
    let (came, len) = (line.content(), stage.download.len);
    ensure!(
        came <= len + kills * AGAIN_LEN,
        "{came} bytes came for {len} in {kills} kills"
    );
    Ok(())
}

#[test]
fn l2_a_server_killed_fifty_times_is_waited_for() -> anyhow::Result<()> {
    let Stage {
        house,
        server,
        client: signed,
        download,
        handler,
    } = Stage::of(RAW_LEN)?;
    let whole = house.scratch("whole.zip");
    download.fetch(&whole)?;
    let line = BadLine::before(server.url(), slow())?;
    let target = house.scratch("client").join("out.zip");
    fs::create_dir(target.parent().context("no folder")?)?;
    let mut command = house.holdall(&line.url(), &signed)?;
    command.args(["zip", "/Lib/Handover", "--yes", "-o"]).arg(&target);
    let mut client = start(&mut command)?;
    let mut draw = Draw::seeded(51);
    let mut server = server;
    let mut kills = 0;
    while kills < 50 && client.try_wait()?.is_none() {
        if !line.wait_for(line.content() + draw.below(download.len / 60), SILENCE) {
            break;
        }
        server.kill()?;
        kills += 1;
        server = house.serve()?;
        line.lead_to(server.url());
    }
    line.set(Faults::default());
    end(client, 0)?;
    assert_same(&target, &whole)?;
    ensure!(kills == 50, "only {kills} kills hit");
    ensure!(
        line.content() <= download.len + kills * AGAIN_LEN,
        "too much came again"
    );
    drop(handler);
    server.stop()
}

#[test]
fn l4_what_a_bad_line_damages_is_fetched_again() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN / 2)?;
    let whole = reference(&stage)?;
    for seed in 1..=6 {
        let faults = Faults {
            seed,
            damage: 400,
            cut: 120,
            delay: 300,
            rate: 0,
        };
        let line = BadLine::before(stage.server.url(), faults)?;
        let target = stage.house.scratch(&format!("client {seed}")).join("out.zip");
        fs::create_dir(target.parent().context("no folder")?)?;
        end(start(&mut zip(&stage, &line.url(), &target)?)?, 0)?;
        assert_same(&target, &whole)?;
        ensure!(
            line.content() > stage.download.len,
            "nothing was damaged by seed {seed}"
        );
    }
    Ok(())
}

#[test]
fn l4_a_line_that_always_damages_ends_in_words_and_without_a_file() -> anyhow::Result<()> {
    let stage = Stage::of(4 << 20)?;
    let faults = Faults {
        seed: 1,
        damage: 1,
        ..Faults::default()
    };
    let line = BadLine::before(stage.server.url(), faults)?;
    let target = stage.house.scratch("out.zip");
    let output = end(start(&mut zip(&stage, &line.url(), &target)?)?, 1)?;
    let words = String::from_utf8(output.stderr)?;
    ensure!(words.contains("came damaged"), "it said {words}");
    ensure!(!target.exists(), "there is a file all the same");
    line.set(Faults::default());
    let whole = reference(&stage)?;
    end(start(&mut zip(&stage, &line.url(), &target)?)?, 0)?;
    ensure!(
        fs::read(&target)? == fs::read(&whole)?,
        "the archive that came is another"
    );
    Ok(())
}

#[test]
fn an_older_archive_saves_the_unchanged_part() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN / 2)?;
    let (old, fresh) = (stage.house.scratch("old.zip"), stage.house.scratch("new.zip"));
    end(start(&mut zip(&stage, stage.server.url(), &old)?)?, 0)?;
    let Stage { house, server, .. } = stage;
    server.stop()?;
    // One document of a few hundred, some 20 KiB.
    let changed = house
        .scratch("Handover")
        .join("folder 2/part 2/document 0002.bin");
    fs::write(&changed, Draw::seeded(99).bytes(20 << 10))?;
    house.import(&house.scratch("Handover"), "/Lib/Handover", "anna")?;
    let server = house.serve()?;
    let client = house.sign_in(&server, "anna")?;
    let line = BadLine::before(server.url(), Faults::default())?;
    let mut command = house.holdall(&line.url(), &client)?;
    command
        .args(["zip", "/Lib/Handover", "--update"])
        .arg(&old)
        .arg("-o")
        .arg(&fresh);
    end(start(&mut command)?, 0)?;
    let download = client.download(&client.stage("/Lib/Handover")?)?;
    let whole = house.scratch("whole.zip");
    download.fetch(&whole)?;
    assert_same(&fresh, &whole)?;
    ensure!(
        line.content() * 50 < download.len,
        "{} of {} bytes came",
        line.content(),
        download.len
    );
    Ok(())
}

#[test]
fn documents_are_unpacked_as_they_come() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN / 2)?;
    mixed(&stage.house.scratch("expected/Handover"), RAW_LEN / 2, 7)?;
    let line = BadLine::before(stage.server.url(), Faults::default())?;
    let target = stage.house.scratch("unpacked");
    let command = || -> anyhow::Result<Command> {
        let mut command = stage.house.holdall(&line.url(), &stage.client)?;
        command.args(["zip", "/Lib/Handover", "--extract"]).arg(&target);
        Ok(command)
    };
    let mut draw = Draw::seeded(52);
    for _ in 0..10 {
        let mut client = start(&mut command()?)?;
        line.wait_for(line.content() + draw.below(4 << 20), Duration::from_secs(2));
        client.kill()?;
        client.wait()?;
    }
    end(start(&mut command()?)?, 0)?;
    let difference = compare(&stage.house.scratch("expected"), &target)?;
    ensure!(difference == Difference::default(), "{difference:?}");
    Ok(())
}

#[test]
fn chunks_bring_the_same_archive_from_where_a_kill_left_them() -> anyhow::Result<()> {
    let stage = Stage::of(RAW_LEN / 2)?;
    let whole = reference(&stage)?;
    let target = stage.house.scratch("client").join("out.zip");
    fs::create_dir(target.parent().context("no folder")?)?;
    let journal = target.with_file_name("out.zip.part.journal");
    let command = || -> anyhow::Result<Command> {
        let mut command = zip(&stage, stage.server.url(), &target)?;
        command.args(["--protocol", "srv", "--json"]);
        Ok(command)
    };
    let mut client = start(&mut command()?)?;
    while claimed(&journal)?.len() < 3 {
        ensure!(client.try_wait()?.is_none(), "it ended before it was killed");
    }
    client.kill()?;
    client.wait()?;
    let there: u64 = claimed(&journal)?
        .iter()
        .map(|range| range.end - range.start)
        .sum();
    let output = end(start(&mut command()?)?, 0)?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let fetched = answer.get("fetched").and_then(serde_json::Value::as_u64);
    ensure!(
        fetched == Some(stage.download.len - there),
        "it fetched {fetched:?} after {there}"
    );
    assert_same(&target, &whole)
}

#[test]
fn links_in_the_target_lead_nowhere() -> anyhow::Result<()> {
    let stage = Stage::of(1 << 20)?;
    let (target, outside) = (stage.house.scratch("unpacked"), stage.house.scratch("outside"));
    fs::create_dir_all(&target)?;
    fs::create_dir(&outside)?;
    std::os::unix::fs::symlink(&outside, target.join("Handover"))?;
    let mut command = stage.house.holdall(stage.server.url(), &stage.client)?;
    command.args(["zip", "/Lib/Handover", "--extract"]).arg(&target);
    end(start(&mut command)?, 1)?;
    ensure!(
        fs::read_dir(&outside)?.next().is_none(),
        "something was written outside"
    );
    Ok(())
}

#[test]
fn files_go_to_a_folder_and_come_back_and_a_killed_upload_goes_on() -> anyhow::Result<()> {
    let stage = Stage::of(1 << 20)?;
    let source = stage.house.scratch("Sent");
    mixed(&source, 2 << 20, 8)?;
    fs::write(source.join("long.bin"), Draw::seeded(9).bytes(40 << 20))?;
    let command = || -> anyhow::Result<Command> {
        let mut command = stage.house.holdall(stage.server.url(), &stage.client)?;
        command.args(["put", "--json"]).arg(&source).arg("/Lib/In");
        Ok(command)
    };
    let mut client = start(&mut command()?)?;
    let notes = stage.house.scratch("config/holdall/uploads.json");
    while !fs::read_to_string(&notes).is_ok_and(|notes| notes.contains("long.bin")) {
        ensure!(client.try_wait()?.is_none(), "it ended before it was killed");
    }
    client.kill()?;
    client.wait()?;
    let figure = |output: &Output, name: &str| -> anyhow::Result<u64> {
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        answer
            .get(name)
            .and_then(serde_json::Value::as_u64)
            .context("no such figure")
    };
    end(start(&mut command()?)?, 0)?;
    ensure!(
        fs::read_to_string(&notes)? == "{}",
        "a finished upload is still noted"
    );
    let again = end(start(&mut command()?)?, 0)?;
    ensure!(figure(&again, "stored")? == 0, "what is unchanged was sent again");
    let target = stage.house.scratch("back");
    let mut unpack = stage.house.holdall(stage.server.url(), &stage.client)?;
    unpack.args(["zip", "/Lib/In/Sent", "--extract"]).arg(&target);
    end(start(&mut unpack)?, 0)?;
    let difference = compare(&source, &target.join("Sent"))?;
    ensure!(difference == Difference::default(), "{difference:?}");
    let mut get = stage.house.holdall(stage.server.url(), &stage.client)?;
    get.args(["get", "/Lib/In/Sent/long.bin", "-o"])
        .arg(stage.house.scratch("long.bin"));
    end(start(&mut get)?, 0)?;
    ensure!(
        fs::read(source.join("long.bin"))? == fs::read(stage.house.scratch("long.bin"))?,
        "another document came"
    );
    Ok(())
}

#[test]
fn exit_codes_tell_why() -> anyhow::Result<()> {
    let stage = Stage::of(1 << 20)?;
    let target = stage.house.scratch("out.zip");
    let code = |item: &str, token: Option<&str>| -> anyhow::Result<Option<i32>> {
        let mut command = stage.house.holdall(stage.server.url(), &stage.client)?;
        if let Some(token) = token {
            command.env("HOLDALL_TOKEN", token);
        }
        command.args(["zip", item, "-o"]).arg(&target);
        let output = command.output()?;
        if output.status.success() {
            bail!("it succeeded");
        }
        Ok(output.status.code())
    };
    let stranger = "00000000-0000-0000-0000-000000000000";
    assert_eq!(code("/Lib/Handover", Some(stranger))?, Some(3));
    fs::write(&target, "mine")?;
    assert_eq!(code("/Lib/Handover", None)?, Some(1));
    assert_eq!(fs::read(&target)?, b"mine");
    let mut command = stage.house.holdall(stage.server.url(), &stage.client)?;
    let finished = finish(command.args(["zip", "--no-such-flag"]))?;
    assert!(!finished.success);
    Ok(())
}
