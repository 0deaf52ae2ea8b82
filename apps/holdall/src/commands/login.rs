//! `holdall login` and `logout`: sessions, remembered by the server's name.

use crate::accounts::{Account, Accounts};
use crate::arguments::{Login, Logout, Protocol};
use crate::console;
use anyhow::{Context as _, bail};
use holdall_client::{Failure, Remote};
use serde_json::json;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Signs in, remembers the server, and makes it the default when it is the first.
pub(crate) fn run(login: Login) -> anyhow::Result<()> {
    let url = login.url.trim_end_matches('/').to_owned();
    let host = host_of(&url).context("the address begins with http:// or https:// and names a host")?;
    if url.starts_with("http://") && !is_near(host) {
        console::complain("warning: password and documents travel unencrypted to this address");
    }
    let user = match login.user {
        Some(user) => user,
        None => ask("user: ")?,
    };
    let password = if login.password_stdin || !io::stdin().is_terminal() {
        first_line()?
    } else {
        rpassword::prompt_password("password: ")?
    };
    let remote = Remote::new(&url, None)?;
    let (token, user, expires) = match login.protocol {
        Protocol::Native => {
            let session = remote.sign_in(&user, &password)?;
            (session.token, session.user.login, Some(session.expires))
        }
        Protocol::Srv => (remote.sign_in_by_srv(&user, &password)?, user, None),
    };
    let mut accounts = Accounts::load()?;
    let name = login.name.unwrap_or_else(|| host.to_owned());
    let account = Account {
        url: url.clone(),
        user: user.clone(),
        token,
    };
    accounts.servers.insert(name.clone(), account);
    accounts.default.get_or_insert_with(|| name.clone());
    accounts.save()?;
    if login.json {
        let answer = json!({"name": name, "url": url, "user": user, "expires": expires});
        console::say(&answer.to_string());
    } else {
        let until = expires.map_or(String::new(), |expires| format!(" until {expires}"));
        console::say(&format!("signed in to {name} ({url}) as {user}{until}"));
    }
    Ok(())
}

/// Ends the session on the server, if it can be reached, and forgets it here in any case.
pub(crate) fn leave(logout: Logout) -> anyhow::Result<()> {
    let mut accounts = Accounts::load()?;
    let name = logout.name.or_else(|| accounts.default.clone());
    let name = name.context("nobody is signed in anywhere")?;
    let Some(account) = accounts.servers.remove(&name) else {
        bail!("no server is named {name}");
    };
    if accounts.default.as_deref() == Some(&name) {
        accounts.default = accounts.servers.keys().next().cloned();
    }
    accounts.save()?;
    match Remote::new(&account.url, Some(account.token))?.sign_out() {
        Ok(()) | Err(Failure::SignedOut(_)) => {}
        Err(failure) => console::complain(&format!("warning: the session goes on at {name}: {failure}")),
    }
    if logout.json {
        console::say(&json!({"name": name}).to_string());
    } else {
        console::say(&format!("signed out of {name}"));
    }
    Ok(())
}

fn host_of(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    rest.split('/').next().filter(|host| !host.is_empty())
}

fn is_near(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name == "[::1]" || name.starts_with("127.")
}

fn ask(question: &str) -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        bail!("--user is missing");
    }
    write!(io::stderr(), "{question}")?;
    first_line()
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("the first line of standard input is empty");
    }
    Ok(line.to_owned())
}
