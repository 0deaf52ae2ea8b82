//! The `holdall` program: arguments become a command.
//!
//! Exit codes: 0 done, 1 the command failed, 2 the arguments are wrong.

mod arguments;
mod assemble;
mod commands;
mod config;
mod console;
mod demo;
mod import;
mod migration;
mod server;

use arguments::{Arguments, Command};
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&format!("holdall: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Command::Serve(serve) => runtime.block_on(commands::serve::run(serve)),
        Command::Import(import) => runtime.block_on(commands::import::run(import)),
        Command::User(user) => runtime.block_on(commands::user::run(user)),
        Command::Demo(demo) => runtime.block_on(commands::demo::run(demo)),
    }
}
