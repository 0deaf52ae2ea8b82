//! A library moves from one server to another over infoRouter's protocol, with all that can come along.

mod library;
mod snapshot;

use anyhow::ensure;
use holdall_e2e::{Draw, House, Line, Right};
use library::Old;
use snapshot::{Snapshot, snapshot};
use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

/// What differs between two snapshots, each line with the side that has it.
fn differences(old: &Snapshot, new: &Snapshot) -> Vec<String> {
    let lines = |snapshot: &Snapshot| -> BTreeSet<String> {
        snapshot
            .iter()
            .flat_map(|(path, facts)| {
                facts
                    .iter()
                    .map(move |(name, value)| format!("{path} {name}: {value}"))
            })
            .collect()
    };
    let (old, new) = (lines(old), lines(new));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>, side: &str| -> Vec<String> {
        one.difference(other)
            .map(|line| format!("{side} {line}"))
            .collect()
    };
    [only(&old, &new, "old"), only(&new, &old, "new")].concat()
}

/// What becomes of a snapshot where carl and the group Editors are unknown and anna stands in.
fn without_carl(old: &Snapshot) -> Snapshot {
    let mut new = old.clone();
    for facts in new.values_mut() {
        facts.retain(|(name, value)| {
            name != "entry" || !(value.contains("UserName=carl") || value.contains("GroupName=Editors"))
        });
        for (name, value) in facts {
            if ["OwnerName", "RegisteredBy", "version"].contains(&name.as_str()) {
                *value = match value.as_str() {
                    "carl" => "anna".to_owned(),
                    other => other.replace("VersionAuthor=carl", "VersionAuthor=anna"),
                };
            }
        }
    }
    new
}

#[test]
fn a_library_comes_over_whole_from_the_account_that_manages_it() -> anyhow::Result<()> {
    let old = Old::furnished()?;
    let new = House::with_users(&["anna", "ben"])?;
    let line = Line::to(old.server.url(), 7)?;
    let report = new.migrate(line.url(), "anna", "Lib")?;
    let cut = line.chunks() / 7;
    ensure!(cut > 3, "the line failed {cut} times only");

    let server = new.serve()?;
    let client = new.sign_in(&server, "anna")?;
    let there = snapshot(&old.anna, "/Lib", true)?;
    let here = snapshot(&client, "/Lib", true)?;
    ensure!(there.len() > 60, "only {} items to compare", there.len());
    assert_eq!(
        differences(&without_carl(&there), &here),
        Vec::<String>::new(),
        "{report}"
    );
    for said in [
        "owner carl has no account here: anna stands in",
        "author carl has no account here: anna stands in",
        "access lists name carl, who has no account here",
        "access lists name the group Editors of Lib, which is not here",
        "not locked here: /Lib/Team/plan.md, checked out there by ben",
        "member carl is not here",
        "0 items could not come along",
    ] {
        ensure!(report.contains(said), "`{said}` is not in the report:\n{report}");
    }

    let ben = new.sign_in(&server, "ben")?;
    ensure!(
        snapshot(&ben, "/Lib", false)?.contains_key("/Lib/Team/handbook.md"),
        "ben is no member"
    );
    server.stop()?;
    let before = line.chunks();
    let again = new.migrate(line.url(), "anna", "Lib")?;
    assert_eq!(line.chunks(), before, "chunks were fetched again:\n{again}");
    ensure!(
        again.contains("imported 0 versions (0 B) of 0 new documents and 0 shortcuts into 0 new folders"),
        "{again}"
    );
    let server = new.serve()?;
    let client = new.sign_in(&server, "anna")?;
    assert_eq!(
        differences(&here, &snapshot(&client, "/Lib", true)?),
        Vec::<String>::new()
    );
    Ok(())
}

#[test]
fn l5_what_the_account_may_not_read_is_reported_and_what_it_may_not_see_does_not_exist() -> anyhow::Result<()>
{
    let old = Old::furnished()?;
    old.anna.restrict("/Lib", &[("ben", Right::FullControl)])?;
    old.anna.restrict("/Lib/Ugly", &[("ben", Right::List)])?;
    old.anna.restrict("/Lib/Deep/er", &[("ben", Right::Nothing)])?;
    let new = House::with_users(&["anna", "ben"])?;
    let report = new.migrate(old.server.url(), "ben", "Lib")?;
    ensure!(
        report.contains("left out /Lib/Ugly/plain.txt: Access denied."),
        "the unreadable document is not in the report:\n{report}"
    );
    ensure!(
        !report.contains("/Lib/Deep/er"),
        "the report tells of hidden items:\n{report}"
    );

    let server = new.serve()?;
    let client = new.sign_in(&server, "anna")?;
    // Whether ben came along as a member depends on what members may know of each other there.
    client.ask(
        "AddUserAsDomainMember",
        &[("DomainName", "Lib"), ("UserName", "ben")],
    )?;
    let here = snapshot(&client, "/Lib", false)?;
    ensure!(here.contains_key("/Lib/Team/handbook.md"), "nothing came along");
    ensure!(!here.contains_key("/Lib/Deep/er"), "a hidden folder came along");
    let is_document = |facts: &Vec<(String, String)>| facts.iter().any(|(name, _)| name == "Size");
    ensure!(
        !here
            .iter()
            .any(|(path, facts)| path.starts_with("/Lib/Ugly/") && is_document(facts)),
        "an unreadable document came along"
    );
    // The list of a folder that may be listed only is not shown: nobody but owner and managers gets in here.
    let ben = new.sign_in(&server, "ben")?;
    ensure!(
        !snapshot(&ben, "/Lib", false)?.contains_key("/Lib/Ugly"),
        "a list that was not shown lets people in"
    );
    Ok(())
}

#[test]
fn l1_an_import_that_was_killed_goes_on_where_it_ended() -> anyhow::Result<()> {
    let (house, documents, chunks_each) = (House::with_users(&["anna"])?, 12, 9);
    let source = house.scratch("Large");
    fs::create_dir_all(&source)?;
    for number in 0..documents {
        let bytes = Draw::seeded(number).bytes(chunks_each << 20);
        fs::write(source.join(format!("{number:02}.bin")), bytes)?;
    }
    house.import(&source, "/Lib/Large", "anna")?;
    let old = house.serve()?;
    let line = Line::to(old.url(), 0)?;

    let new = House::with_users(&["anna"])?;
    let mut import = new
        .migration(line.url(), "anna", "Lib")?
        .stdout(Stdio::null())
        .spawn()?;
    // The first 64 MiB are stored before the ninth document is taken up; four connections are four chunks ahead at most.
    line.wait_for_chunks(9 * 9 + 4 * 4);
    import.kill()?;
    import.wait()?;
    let before = line.chunks();
    let total = u64::try_from(chunks_each)? * documents;
    ensure!(before < total, "the import was over before it was killed");

    let report = new.migrate(line.url(), "anna", "Lib")?;
    let fetched = line.chunks() - before;
    ensure!(
        fetched <= 5 * 9,
        "{fetched} of {total} chunks were fetched again:\n{report}"
    );
    let (server, client) = (new.serve()?, house.sign_in(&old, "anna")?);
    let there = snapshot(&client, "/Lib", false)?;
    let here = snapshot(&new.sign_in(&server, "anna")?, "/Lib", false)?;
    assert_eq!(differences(&there, &here), Vec::<String>::new(), "{report}");
    assert_eq!(here.len(), 14, "a library, a folder and 12 documents");
    Ok(())
}
