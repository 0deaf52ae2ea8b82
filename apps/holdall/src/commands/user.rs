//! `holdall user`: accounts, from the command line of the machine.

use crate::arguments::{User, UserAdd, UserCommand};
use crate::config::HouseConfig;
use crate::{assemble, console};
use anyhow::{Context as _, bail};
use holdall_services::NewUser;
use std::io::BufRead as _;

/// Runs the command about accounts.
pub(crate) async fn run(user: User) -> anyhow::Result<()> {
    match user.command {
        UserCommand::Add(add) => make(add).await,
    }
}

async fn make(add: UserAdd) -> anyhow::Result<()> {
    let config = HouseConfig::load(add.house)?;
    let (password, generated) = if add.password_stdin {
        (read_password()?, false)
    } else {
        (assemble::generate_password()?, true)
    };
    let services = assemble::open(&config).await?;
    if add.admin {
        services.people.create_administrator(&add.name, &password).await?;
    } else {
        services
            .people
            .create_local(NewUser::named(&add.name, &password))
            .await?;
    }
    console::say(&format!("added {}", add.name));
    if generated {
        console::say(&format!("password (shown once): {password}"));
    }
    Ok(())
}

/// The first line of standard input.
pub(crate) fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read the password")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("the first line of standard input is empty: it must be the password");
    }
    Ok(password.to_owned())
}
