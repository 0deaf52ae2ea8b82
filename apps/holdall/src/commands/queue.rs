//! `holdall queue`: what is gathered on the server for a download later.

use crate::arguments::{Queue, QueueCommand};
use crate::{accounts, commands, console};

/// Runs the command about the queue.
pub(crate) fn run(queue: &Queue) -> anyhow::Result<()> {
    let flags = match &queue.command {
        QueueCommand::Add(items) | QueueCommand::Rm(items) => &items.server,
        QueueCommand::Ls(flags) | QueueCommand::Clear(flags) => flags,
    };
    let server = accounts::connect(flags)?;
    match &queue.command {
        QueueCommand::Add(items) => server.queue_add(&items.items)?,
        QueueCommand::Rm(items) => items
            .items
            .iter()
            .try_for_each(|item| server.queue_remove(item))?,
        QueueCommand::Clear(_) => server.queue_clear()?,
        QueueCommand::Ls(flags) => {
            for item in server.queue()? {
                if flags.json {
                    commands::browse::line(&item)?;
                } else {
                    let path = item.get("path").and_then(|path| path.as_str());
                    console::say(path.unwrap_or_default());
                }
            }
            return Ok(());
        }
    }
    if flags.json {
        console::say("{}");
    }
    Ok(())
}
