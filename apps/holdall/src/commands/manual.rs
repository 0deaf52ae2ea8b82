//! `holdall completions` and `man`: the command line, told to shells and to people.

use crate::arguments::{Arguments, Man};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::io;

/// Prints what a shell needs to complete our commands.
pub(crate) fn completions(shell: Shell) {
    clap_complete::generate(shell, &mut Arguments::command(), "holdall", &mut io::stdout());
}

/// Prints the manual page, or writes one for each command into a directory.
pub(crate) fn man(man: &Man) -> anyhow::Result<()> {
    let command = Arguments::command();
    match &man.directory {
        None => clap_mangen::Man::new(command).render(&mut io::stdout())?,
        Some(directory) => {
            std::fs::create_dir_all(directory)?;
            clap_mangen::generate_to(command, directory)?;
        }
    }
    Ok(())
}
