//! Flags about what is kept on a server: the queue and links.

use super::ServerFlags;
use clap::{Args, Subcommand};

/// `holdall queue`
#[derive(Args, Debug)]
pub(crate) struct Queue {
    /// What to do with the queue.
    #[command(subcommand)]
    pub(crate) command: QueueCommand,
}

/// The commands about the queue.
#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Put items in.
    Add(QueueItems),
    /// List what is in it; `holdall zip --queue` downloads it.
    Ls(ServerFlags),
    /// Take items out.
    Rm(QueueItems),
    /// Take everything out.
    Clear(ServerFlags),
}

/// Items of the queue.
#[derive(Args, Debug)]
pub(crate) struct QueueItems {
    /// Documents and folders: paths, or ids such as ~D7 and ~F7.
    #[arg(value_name = "ITEM", required = true)]
    pub(crate) items: Vec<String>,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall link`
#[derive(Args, Debug)]
pub(crate) struct Link {
    /// What to do with links.
    #[command(subcommand)]
    pub(crate) command: LinkCommand,
}

/// The commands about links.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    /// Stage items and print a link to the archive.
    Make(MakeLink),
    /// List my links.
    Ls(ServerFlags),
    /// End a link.
    Rm(RemoveLink),
}

/// `holdall link make`
#[derive(Args, Debug)]
pub(crate) struct MakeLink {
    /// Documents and folders: paths, or ids such as ~D7 and ~F7.
    #[arg(value_name = "ITEM", required_unless_present = "download")]
    pub(crate) items: Vec<String>,
    /// Link to what is staged already, by its id, and stage nothing.
    #[arg(
        long,
        env = "HOLDALL_DOWNLOAD",
        value_name = "ID",
        hide_env_values = true,
        conflicts_with = "items"
    )]
    pub(crate) download: Option<String>,
    /// Stage nothing when something cannot be included.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The file name in the link.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Hours until it expires [default: what the server chooses].
    #[arg(long, value_name = "HOURS")]
    pub(crate) hours: Option<u64>,
    /// How often it may be used [default: as often as one likes].
    #[arg(long, value_name = "N")]
    pub(crate) uses: Option<u64>,
    /// A network it may be used from, such as 10.0.0.0/8; may be given several times.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) from: Vec<String>,
    /// Ask who uses it for the password in the first line of standard input.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall link rm`
#[derive(Args, Debug)]
pub(crate) struct RemoveLink {
    /// Its number in `holdall link ls`.
    #[arg(value_name = "NUMBER")]
    pub(crate) id: i64,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}
