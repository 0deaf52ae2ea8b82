//! Who gets what: unreadable documents, rights taken away, changes after staging, other people's handlers.

use anyhow::ensure;
use holdall_e2e::{Client, Element, House, READERS, Right, Server, Transport};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Anna manages a library; Ben is a member who may read `open`, list `closed` and see nothing of `hidden`.
struct Shared {
    house: House,
    _server: Server,
    anna: Client,
    ben: Client,
}

impl Shared {
    fn new() -> anyhow::Result<Self> {
        let house = House::with_users(&["anna", "ben"])?;
        for (folder, documents) in [("open", 3), ("closed", 2), ("hidden", 4)] {
            let folder_path = house.scratch("source").join(folder);
            fs::create_dir_all(&folder_path)?;
            for number in 1..=documents {
                let text = format!("{folder} document {number}\n").repeat(9000);
                fs::write(folder_path.join(format!("{folder} {number}.txt")), text)?;
            }
        }
        house.import(&house.scratch("source"), "/Lib/All", "anna")?;
        let server = house.serve()?;
        let (anna, ben) = (house.sign_in(&server, "anna")?, house.sign_in(&server, "ben")?);
        anna.add_member("Lib", "ben")?;
        anna.restrict("/Lib/All/closed", &[("ben", Right::List)])?;
        anna.restrict("/Lib/All/hidden", &[("ben", Right::Nothing)])?;
        Ok(Self {
            house,
            _server: server,
            anna,
            ben,
        })
    }

    /// The files in the archive behind a handler, by path.
    fn contents(&self, client: &Client, handler: &str) -> anyhow::Result<BTreeSet<String>> {
        let (archive, target) = (self.house.scratch("contents.zip"), self.house.scratch("contents"));
        client.download(handler)?.fetch(&archive)?;
        let [reader, ..] = READERS;
        reader.extract(&archive, &target)?;
        let files = WalkDir::new(&target)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file());
        let names = files.map(|file| relative(file.path(), &target)).collect();
        fs::remove_dir_all(&target)?;
        names
    }
}

fn relative(path: &Path, root: &Path) -> anyhow::Result<String> {
    Ok(path.strip_prefix(root)?.to_string_lossy().into_owned())
}

/// The paths that an answer logs as left out, and their reasons.
fn logged(answer: &Element) -> anyhow::Result<BTreeSet<String>> {
    let mut items = BTreeSet::new();
    for log in &answer.children {
        ensure!(log.name == "log", "<{}> among the log entries", log.name);
        let text = |name: &str| {
            log.children
                .iter()
                .find(|child| child.name == name)
                .map(|child| child.text.clone())
        };
        ensure!(
            text("error").is_some_and(|error| !error.is_empty()),
            "a log entry without a reason: {log:?}"
        );
        items.insert(text("item").unwrap_or_default());
    }
    Ok(items)
}

fn closed() -> BTreeSet<String> {
    BTreeSet::from(["/Lib/All/closed/closed 1.txt", "/Lib/All/closed/closed 2.txt"].map(str::to_owned))
}

fn open() -> BTreeSet<String> {
    BTreeSet::from(
        [
            "All/open/open 1.txt",
            "All/open/open 2.txt",
            "All/open/open 3.txt",
        ]
        .map(str::to_owned),
    )
}

#[test]
fn strict_staging_fails_on_what_is_listed_but_not_readable() -> anyhow::Result<()> {
    let shared = Shared::new()?;
    let answer = shared.ben.try_stage("/Lib/All", false)?;
    assert!(!answer.succeeded());
    assert_eq!(answer.attribute("error")?, "[log]");
    assert_eq!(answer.attribute("downloadhandler")?, "");
    assert_eq!(logged(&answer)?, closed());
    Ok(())
}

#[test]
fn l5_partial_staging_logs_what_it_leaves_out_and_hides_what_is_invisible() -> anyhow::Result<()> {
    let shared = Shared::new()?;
    let answer = shared.ben.try_stage("/Lib/All", true)?;
    assert!(answer.succeeded(), "{answer:?}");
    assert_eq!(answer.attribute("error")?, "[log]");
    assert_eq!(logged(&answer)?, closed());
    assert_eq!(
        shared.contents(&shared.ben, answer.attribute("downloadhandler")?)?,
        open()
    );

    let invisible = shared.ben.try_stage("/Lib/All/hidden", true)?;
    let absent = shared.ben.try_stage("/Lib/All/never was", true)?;
    assert!(!invisible.succeeded());
    assert_eq!(
        invisible, absent,
        "what may not be seen must look as if it did not exist"
    );
    let mixed = shared
        .ben
        .try_stage("/Lib/All/open|/Lib/All/hidden|/Lib/nowhere", false)?;
    assert!(mixed.succeeded() && mixed.children.is_empty(), "{mixed:?}");
    Ok(())
}

#[test]
fn l8_a_right_taken_away_ends_the_download() -> anyhow::Result<()> {
    let shared = Shared::new()?;
    let mine = shared.ben.stage("/Lib/All/open")?;
    let hers = shared.anna.stage("/Lib/All/open")?;
    let download = shared.ben.download(&mine)?;
    assert_eq!(download.status()?, 200);
    shared
        .anna
        .restrict("/Lib/All/open/open 2.txt", &[("ben", Right::Nothing)])?;
    let chunk = shared.ben.chunk(Transport::Form, &mine, 0, 100)?;
    let error = chunk.err().unwrap_or_default();
    assert!(!error.is_empty() && !error.contains("open 2"), "{error}");
    assert!((400..500).contains(&download.status()?), "{}", download.status()?);
    assert!(
        shared.anna.chunk(Transport::Form, &hers, 0, 100)?.is_ok(),
        "the owner keeps hers"
    );
    Ok(())
}

#[test]
fn i10_edits_and_deletes_after_staging_change_no_byte() -> anyhow::Result<()> {
    let shared = Shared::new()?;
    let handler = shared.anna.stage("/Lib/All")?;
    let (before, after) = (
        shared.house.scratch("before.zip"),
        shared.house.scratch("after.zip"),
    );
    let download = shared.anna.download(&handler)?;
    download.fetch(&before)?;
    let document = "/Lib/All/open/open 1.txt";
    shared.anna.must(
        "UploadDocument",
        &[("path", document), ("fileContent", "bmV3IGNvbnRlbnQ=")],
    )?;
    shared
        .anna
        .must("DeleteDocument", &[("Path", "/Lib/All/open/open 3.txt")])?;
    download.fetch(&after)?;
    assert!(
        fs::read(&before)? == fs::read(&after)?,
        "a staged archive changed"
    );
    assert_eq!(shared.anna.download(&handler)?.etag, download.etag);

    let anew = shared.anna.download(&shared.anna.stage("/Lib/All")?)?;
    assert_ne!(anew.etag, download.etag, "the edit must show in a new archive");
    Ok(())
}

#[test]
fn a_stranger_learns_nothing_of_a_handler() -> anyhow::Result<()> {
    let shared = Shared::new()?;
    let hers = shared.anna.stage("/Lib/All/open")?;
    let unknown = "0f0e0d0c-0b0a-4908-8706-050403020100";
    let foreign = shared.ben.chunk(Transport::Get, &hers, 0, 100)?.err();
    let absent = shared.ben.chunk(Transport::Get, unknown, 0, 100)?.err();
    assert!(foreign.is_some());
    assert_eq!(
        foreign.map(|text| text.replace(&hers, "")),
        absent.map(|text| text.replace(unknown, ""))
    );
    assert!(
        shared.ben.download(&hers).is_err(),
        "a stranger may not even ask for the length"
    );
    shared
        .ben
        .ask("DeleteDownloadHandler", &[("DownloadHandler", &hers)])?;
    assert!(
        shared.anna.chunk(Transport::Get, &hers, 0, 100)?.is_ok(),
        "a stranger ended it"
    );
    shared.anna.must("LogOut", &[])?;
    assert!(
        shared.anna.download(&hers).is_err(),
        "the ticket outlived the log-out"
    );
    Ok(())
}
