//! The `holdall` program: arguments become a command.
//!
//! Exit codes: 0 done, 1 the command failed, 2 the arguments are wrong, 3 not signed in or denied, 4 not found, 5 incomplete.

mod accounts;
mod arguments;
mod assemble;
mod commands;
mod config;
mod console;
mod demo;
mod exit;
mod import;
mod meter;
mod migration;
mod put;
mod server;

use arguments::{Arguments, ClientCommand, Command};
use clap::Parser as _;
use exit::Done;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Client(command) => ask(command),
        command => keep(command).map(|()| Done::Whole),
    };
    match outcome {
        Ok(done) => done.into(),
        Err(error) => {
            console::complain(&format!("holdall: {error:#}"));
            exit::code_of(&error)
        }
    }
}

/// What speaks to a server blocks its thread.
fn ask(command: ClientCommand) -> anyhow::Result<Done> {
    match command {
        ClientCommand::Login(login) => commands::login::run(login)?,
        ClientCommand::Logout(logout) => commands::login::leave(logout)?,
        ClientCommand::Zip(zip) => return commands::zip::run(&zip),
        ClientCommand::Put(put) => return commands::put::run(&put),
        ClientCommand::Ls(ls) => commands::browse::list(&ls)?,
        ClientCommand::Tree(tree) => commands::browse::tree(&tree)?,
        ClientCommand::Get(get) => commands::get::run(&get)?,
        ClientCommand::Queue(queue) => commands::queue::run(&queue)?,
        ClientCommand::Link(link) => commands::link::run(&link)?,
        ClientCommand::Receipts(flags) => commands::link::receipts(&flags)?,
        ClientCommand::Completions { shell } => commands::manual::completions(shell),
        ClientCommand::Man(man) => commands::manual::man(&man)?,
    }
    Ok(Done::Whole)
}

fn keep(command: Command) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Serve(serve) => runtime.block_on(commands::serve::run(*serve)),
        Command::Import(import) => runtime.block_on(commands::import::run(import)),
        Command::User(user) => runtime.block_on(commands::user::run(user)),
        Command::Demo(demo) => runtime.block_on(commands::demo::run(demo)),
        Command::Client(command) => ask(command).map(drop),
    }
}
