//! Every command and flag, from which help and environment names come.

mod house;
mod import;

pub(crate) use house::{Demo, HouseFlags, Serve, User, UserAdd, UserCommand};
pub(crate) use import::{Import, ImportFrom};

use clap::{Parser, Subcommand};

/// A document server for people who need everything at once.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a data directory over HTTP until stopped.
    Serve(Serve),
    /// Bring the contents of a directory, or a library of an infoRouter server, into a folder of a library.
    Import(Import),
    /// Manage accounts.
    User(User),
    /// Run the main job on a throw-away server and print what happened.
    Demo(Demo),
}
