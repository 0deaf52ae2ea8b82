//! Case files. A request file is read line by line:
//!
//! - `as kim`: whose ticket is sent; `nobody` sends none, `garbage` a text that is no GUID, `unknown` a GUID of no session.
//! - `covers TEXT`: the documented error, as the contract lists it, that the case proves.
//! - `after 31 days`: time that passes before the call.
//! - `let x = attribute of Operation as kim: Name=Value, Name=Value`: a call before, and what to keep of its answer.
//! - `archive Lib`: a library that goes offline.
//! - `lock /Lib/a.txt as kim`: a document that the user checks out.
//! - `do Operation as kim: Name=Value`: a call before.
//! - `Name=Value`: a parameter. `{x}` stands for what was kept, `base64:text` for the base64 of a text, `|` is no separator.

use crate::call::{Transport, call, plain};
use crate::world::{World, attribute};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A golden case.
pub(crate) struct Case {
    pub(crate) operation: String,
    pub(crate) name: String,
    pub(crate) covers: Vec<String>,
    lines: Vec<String>,
    response: PathBuf,
}

impl Case {
    /// All cases of the crate.
    pub(crate) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
        let mut cases: Vec<Self> = folders(&root)
            .iter()
            .flat_map(|folder| Self::in_folder(folder))
            .collect();
        cases.sort_by(|left, right| (&left.operation, &left.name).cmp(&(&right.operation, &right.name)));
        cases
    }

    fn in_folder(folder: &Path) -> Vec<Self> {
        let operation = folder.file_name().unwrap().to_str().unwrap();
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let requests = files.filter(|path| path.extension().is_some_and(|extension| extension == "request"));
        requests.map(|path| Self::read(operation, &path)).collect()
    }

    fn read(operation: &str, path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<String> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(str::to_owned)
            .collect();
        let covers = lines
            .iter()
            .filter_map(|line| line.strip_prefix("covers "))
            .map(str::to_owned)
            .collect();
        Self {
            operation: operation.to_owned(),
            name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            covers,
            lines,
            response: path.with_extension("response"),
        }
    }

    /// The recorded answer.
    pub(crate) fn expected(&self) -> Option<String> {
        fs::read_to_string(&self.response).ok()
    }

    /// Records an answer.
    pub(crate) fn record(&self, answer: &str) {
        fs::write(&self.response, answer).unwrap();
    }

    /// Plays the case in a house of its own over one transport; the answer, normalised.
    pub(crate) async fn play(&self, transport: Transport) -> String {
        let world = World::new().await;
        let mut kept = BTreeMap::new();
        let mut user = "kim".to_owned();
        let mut arguments = Vec::new();
        for line in &self.lines {
            match line.split_once(' ') {
                Some(("as", named)) => user = named.to_owned(),
                Some(("covers", _)) => {}
                Some(("after", time)) => world.advance(duration(time)),
                Some(("let", rest)) => {
                    let (name, rest) = rest.split_once(" = ").unwrap();
                    let (wanted, call) = rest.split_once(" of ").unwrap();
                    let answer = before(&world, call, &kept).await;
                    let value = attribute(&answer, wanted).unwrap_or_else(|| panic!("{line}: {answer}"));
                    kept.insert(name.to_owned(), value);
                }
                Some(("archive", library)) => world.archive(library).await,
                Some(("lock", rest)) => {
                    let (document, holder) = rest.split_once(" as ").unwrap();
                    world.lock(document, holder).await;
                }
                Some(("do", call)) => drop(before(&world, call, &kept).await),
                _ => arguments.push(argument(line, &kept)),
            }
        }
        let ticket = ticket(&world, &user);
        let answer = call(
            &world.router,
            transport,
            &self.operation,
            ticket.as_deref(),
            &arguments,
        )
        .await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        normal(&plain(transport, &self.operation, &answer))
    }
}

fn folders(root: &Path) -> Vec<PathBuf> {
    fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}

fn duration(text: &str) -> Duration {
    let (count, unit) = text.split_once(' ').unwrap();
    let seconds = match unit {
        "days" => 86_400,
        "hours" => 3_600,
        other => panic!("{other}"),
    };
    Duration::from_secs(count.parse::<u64>().unwrap() * seconds)
}

fn ticket(world: &World, user: &str) -> Option<String> {
    match user {
        "nobody" => None,
        "garbage" => Some("sid-12".to_owned()),
        "unknown" => Some("0c5a0000-0000-0000-0000-000000000001".to_owned()),
        user => Some(
            world
                .tickets
                .get(user)
                .unwrap_or_else(|| panic!("no user {user}"))
                .clone(),
        ),
    }
}

/// `Operation as kim: Name=Value, Name=Value`.
async fn before(world: &World, text: &str, kept: &BTreeMap<String, String>) -> String {
    let (head, rest) = text.split_once(':').unwrap_or((text, ""));
    let (operation, user) = head.split_once(" as ").unwrap();
    let pairs: Vec<_> = rest
        .split(", ")
        .filter(|pair| !pair.trim().is_empty())
        .map(|pair| argument(pair.trim(), kept))
        .collect();
    let ticket = ticket(world, user);
    let answer = call(
        &world.router,
        Transport::Form,
        operation,
        ticket.as_deref(),
        &pairs,
    )
    .await;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(body.contains("success=\"true\""), "{text}: {body}");
    body
}

fn argument(line: &str, kept: &BTreeMap<String, String>) -> (String, String) {
    let (name, value) = line
        .split_once('=')
        .unwrap_or_else(|| panic!("no parameter: {line}"));
    let value = kept.iter().fold(value.to_owned(), |value, (name, kept)| {
        value.replace(&format!("{{{name}}}"), kept)
    });
    let value = value
        .strip_prefix("base64:")
        .map_or(value.clone(), |text| STANDARD.encode(text));
    (name.to_owned(), value)
}

/// Secrets become `{guid}`, an archive the list of its entries, an element for each line.
fn normal(answer: &[u8]) -> String {
    if answer.starts_with(b"PK") {
        return listing(answer);
    }
    let text = String::from_utf8_lossy(answer).replace("><", ">\n<");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| is_guid(&rest[*at..]))
    {
        out.push_str(&rest[..at]);
        out.push_str("{guid}");
        rest = &rest[at + 36..];
    }
    out.push_str(rest);
    out.push('\n');
    out
}

fn is_guid(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    text.len() >= 36 && text.bytes().take(36).enumerate().all(shape)
}

fn listing(archive: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut lines = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).unwrap();
        lines.push(format!(
            "{} {} {:08X}\n",
            entry.name().unwrap(),
            entry.size(),
            entry.crc32()
        ));
    }
    lines.concat()
}
