//! `holdall link`: an archive for somebody without an account, and `holdall receipts`: what was delivered.

use crate::arguments::{Link, LinkCommand, MakeLink, ServerFlags};
use crate::commands::browse::line;
use crate::{accounts, console};
use anyhow::bail;
use holdall_api_types::{Link as Made, NewLink};
use std::io::BufRead as _;

/// Runs the command about links.
pub(crate) fn run(link: &Link) -> anyhow::Result<()> {
    match &link.command {
        LinkCommand::Make(make) => self::make(make),
        LinkCommand::Ls(flags) => accounts::connect(flags)?.links(|link| show(&link, flags)),
        LinkCommand::Rm(rm) => {
            accounts::connect(&rm.server)?.remove_link(rm.id)?;
            if rm.server.json {
                console::say("{}");
            }
            Ok(())
        }
    }
}

fn make(make: &MakeLink) -> anyhow::Result<()> {
    let server = accounts::connect(&make.server)?;
    let download = match &make.download {
        Some(download) => download.clone(),
        None => server.stage_for_link(&make.items, make.strict)?,
    };
    let wanted = NewLink {
        expires_in: make.hours.map(|hours| hours.saturating_mul(3600)),
        password: make.password_stdin.then(first_line).transpose()?,
        uses: make.uses,
        addresses: make.from.clone(),
        name: make.name.clone(),
    };
    let link = server.make_link(&download, &wanted)?;
    if make.server.json {
        return line(&link);
    }
    // The one secret that is asked for by asking for a link.
    console::say(link.url.as_deref().unwrap_or_default());
    console::note(&format!("expires {}", link.expires));
    Ok(())
}

fn show(link: &Made, flags: &ServerFlags) -> anyhow::Result<()> {
    if flags.json {
        return line(link);
    }
    let uses = link.uses.map_or(String::new(), |uses| format!(" of {uses}"));
    let password = if link.password { ", password" } else { "" };
    console::say(&format!(
        "{:>5}  {}  until {}, used {}{uses}{password}",
        link.id, link.name, link.expires, link.used
    ));
    Ok(())
}

/// What of mine was delivered, also by links and after the download ended.
pub(crate) fn receipts(flags: &ServerFlags) -> anyhow::Result<()> {
    accounts::connect(flags)?.receipts(|receipt| {
        if flags.json {
            return line(&receipt);
        }
        console::say(&format!(
            "{:>5}  {}  {}  {} of {} documents delivered",
            receipt.number, receipt.created, receipt.name, receipt.delivered_documents, receipt.documents
        ));
        Ok(())
    })
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("the first line of standard input is empty");
    }
    Ok(line.to_owned())
}
