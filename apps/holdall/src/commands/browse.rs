//! `holdall ls` and `tree`: what is in the libraries.

use crate::accounts;
use crate::arguments::{Ls, Tree};
use crate::console::{self, bytes};
use anyhow::Context as _;
use holdall_api_types::{Folder, Item};
use holdall_client::Failure;
use serde::Serialize;

/// Libraries without a path, else what lies in a folder, or the one document.
pub(crate) fn list(ls: &Ls) -> anyhow::Result<()> {
    let server = accounts::connect(&ls.server)?;
    let json = ls.server.json;
    let Some(path) = ls.path.as_deref().filter(|path| *path != "/") else {
        return server.libraries(|library| {
            if json {
                return line(&library);
            }
            console::say(&format!("/{}/", library.name));
            Ok(())
        });
    };
    match server.item(path)? {
        Item::Folder(folder) => server.children(folder.id, |item| show(&item, ls)),
        document @ Item::Document(_) => show(&document, ls),
    }
}

/// All folders below one.
pub(crate) fn tree(tree: &Tree) -> anyhow::Result<()> {
    let server = accounts::connect(&tree.server)?;
    let Item::Folder(top) = server.item(&tree.path)? else {
        return Err(Failure::InTheWay(format!("{} is a document", tree.path)).into());
    };
    if !tree.server.json {
        console::say(&top.path);
    }
    server.tree(top.id, |entry| {
        if tree.server.json {
            return line(&entry);
        }
        let depth = usize::try_from(entry.depth)?;
        console::say(&format!("{}{}/", "  ".repeat(depth), entry.folder.name));
        Ok(())
    })
}

fn show(item: &Item, ls: &Ls) -> anyhow::Result<()> {
    if ls.server.json {
        return line(item);
    }
    match item {
        Item::Folder(Folder {
            id, name, modified, ..
        }) if ls.long => {
            console::say(&format!(
                "{:>10}  {modified}  {:>8}  {name}/",
                "",
                format!("~F{id}")
            ));
        }
        Item::Folder(folder) => console::say(&format!("{}/", folder.name)),
        Item::Document(document) if ls.long => console::say(&format!(
            "{:>10}  {}  {:>8}  {}",
            bytes(document.length),
            document.modified,
            format!("~D{}", document.id),
            document.name
        )),
        Item::Document(document) => console::say(&document.name),
    }
    Ok(())
}

/// A JSON line.
pub(crate) fn line(value: &impl Serialize) -> anyhow::Result<()> {
    console::say(&serde_json::to_string(value).context("no JSON")?);
    Ok(())
}
