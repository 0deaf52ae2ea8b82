//! Every command and flag, from which help and environment names come.

mod client;
mod house;
mod import;
mod network;

pub(crate) use client::{
    ClientCommand, Get, Link, LinkCommand, Login, Logout, Ls, MakeLink, Man, Protocol, Put, Queue,
    QueueCommand, ServerFlags, Tree, Zip,
};
pub(crate) use house::{Demo, HouseFlags, Serve, User, UserAdd, UserCommand};
pub(crate) use import::{Import, ImportFrom};
pub(crate) use network::{Hidden, NetworkFlags};

use clap::{Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 not signed in or denied, 4 not found, 5 incomplete: documents were left out.";

/// A document server for people who need everything at once.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a data directory over HTTP until stopped.
    Serve(Box<Serve>),
    /// Bring the contents of a directory, or a library of an infoRouter server, into a folder of a library.
    Import(Import),
    /// Manage accounts.
    User(User),
    /// Run the main job on a throw-away server and print what happened.
    Demo(Demo),
    /// What speaks to a server.
    #[command(flatten)]
    Client(ClientCommand),
}
