//! All that an account sees of a tree over the protocol, without what differs between servers by nature: ids and who looked last.

use anyhow::{Context as _, ensure};
use holdall_e2e::{Client, Element, Transport};
use std::collections::BTreeMap;

/// The facts of each item by path: names and values, in the order of the answer.
pub(super) type Snapshot = BTreeMap<String, Vec<(String, String)>>;

const OF_FOLDERS: [&str; 3] = ["Description", "CreationDate", "OwnerName"];
const OF_DOCUMENTS: [&str; 16] = [
    "Description",
    "UpdateInstructions",
    "CreationDate",
    "ModificationDate",
    "Size",
    "Type",
    "RegisterDate",
    "RegisteredBy",
    "VersionNumber",
    "PublishedVersionNumber",
    "OwnerName",
    "Author",
    "Language",
    "Source",
    "IsShortcut",
    "VersionCount",
];

/// What there is from `top` down. With `contents`, each version is fetched and its checksum taken.
pub(super) fn snapshot(client: &Client, top: &str, contents: bool) -> anyhow::Result<Snapshot> {
    let parameters = [
        ("Path", top),
        ("WithRules", "1"),
        ("withSecurity", "1"),
        ("withOwner", "0"),
        ("withPropertySets", "0"),
    ];
    let answer = client.must("GetFolder", &parameters)?;
    let mut snapshot = Snapshot::from([(top.to_owned(), facts(answer.only_child()?, &OF_FOLDERS)?)]);
    let mut ahead = vec![top.to_owned()];
    while let Some(folder) = ahead.pop() {
        let parameters = [
            ("Path", folder.as_str()),
            ("withrules", "1"),
            ("withsecurity", "1"),
            ("withversions", "1"),
        ];
        for item in client.must("GetFoldersAndDocuments", &parameters)?.children {
            let path = format!("{folder}/{}", item.attribute("Name")?);
            if item.name == "folder" {
                snapshot.insert(path.clone(), facts(&item, &OF_FOLDERS)?);
                ahead.push(path);
                continue;
            }
            let mut facts = facts(&item, &OF_DOCUMENTS)?;
            if contents {
                facts.extend(fetch(client, &item)?);
            }
            if item.attribute("IsShortcut")? == "TRUE" {
                facts.push(("target".to_owned(), target(client, &path)?));
            }
            snapshot.insert(path, facts);
        }
    }
    Ok(snapshot)
}

fn facts(item: &Element, attributes: &[&str]) -> anyhow::Result<Vec<(String, String)>> {
    let mut facts = Vec::new();
    for name in attributes {
        facts.push(((*name).to_owned(), item.attribute(name)?.to_owned()));
    }
    for child in &item.children {
        match child.name.as_str() {
            "Rules" => {
                let mut rules = child.children.iter();
                rules.try_for_each(|rule| -> anyhow::Result<()> {
                    let name = format!("rule {}", rule.attribute("Name")?);
                    facts.push((name, rule.attribute("Value")?.to_owned()));
                    Ok(())
                })?;
            }
            "AccessList" => {
                for name in ["InheritedSecurity", "DateApplied", "AppliedBy"] {
                    facts.push((name.to_owned(), child.attribute(name)?.to_owned()));
                }
                let entries = child.children.iter();
                facts.extend(entries.map(|entry| ("entry".to_owned(), spell(entry))));
            }
            "Versions" => {
                let versions = child.children.iter();
                facts.extend(versions.map(|version| ("version".to_owned(), spell(version))));
            }
            _ => {}
        }
    }
    Ok(facts)
}

/// An element in one line: its attributes, and its children but for ids.
fn spell(element: &Element) -> String {
    let attributes = element
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let children = element.children.iter();
    let children = children
        .filter(|child| child.name != "VersionAuthorId")
        .map(|child| format!("{}={}", child.name, child.text));
    let all: Vec<String> = attributes.chain(children).collect();
    format!("{} {}", element.name, all.join(" "))
}

/// Length and CRC32 of each version's bytes, as they come.
fn fetch(client: &Client, document: &Element) -> anyhow::Result<Vec<(String, String)>> {
    let path = format!("~D{}", document.attribute("DocumentID")?);
    let lists = document.children.iter().filter(|child| child.name == "Versions");
    let mut fetched = Vec::new();
    for version in lists.flat_map(|list| &list.children) {
        let number = version.attribute("Number")?;
        let parameters = [
            ("Path", path.as_str()),
            ("VersionNumber", number),
            ("PreferedChunkSize", "0"),
        ];
        let opened = client.must("GetDownloadHandlerByVersion", &parameters)?;
        let handler = opened.attribute("downloadhandler")?;
        let (mut offset, mut proof) = (0, crc32fast::Hasher::new());
        loop {
            let chunk = client.chunk(Transport::Form, handler, offset, 4 << 20)?;
            let chunk = chunk.map_err(anyhow::Error::msg).context("a chunk was refused")?;
            proof.update(&chunk.bytes);
            offset += u64::try_from(chunk.bytes.len())?;
            if chunk.last {
                ensure!(
                    offset == chunk.file_len,
                    "{offset} bytes came of {}",
                    chunk.file_len
                );
                break;
            }
        }
        client.must("DeleteDownloadHandler", &[("DownloadHandler", handler)])?;
        fetched.push((
            format!("content {number}"),
            format!("{offset} {:08X}", proof.finalize()),
        ));
    }
    Ok(fetched)
}

/// Name and content of what a shortcut stands for.
fn target(client: &Client, path: &str) -> anyhow::Result<String> {
    let info = client.must("GetDownloadInfo", &[("Path", path)])?;
    Ok(format!(
        "{} {}",
        info.attribute("AlterDocumentName")?,
        info.attribute("CRC32")?
    ))
}
