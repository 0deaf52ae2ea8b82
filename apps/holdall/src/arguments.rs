//! Every command and flag, from which help and environment names come.

mod house;

pub(crate) use house::{Demo, HouseFlags, Import, Serve, User, UserAdd, UserCommand};

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
    /// Bring the contents of a directory into a folder of a library.
    Import(Import),
    /// Manage accounts.
    User(User),
    /// Run the main job on a throw-away server and print what happened.
    Demo(Demo),
}
