//! A data directory with accounts and imported documents.

use crate::server::binary;
use crate::{Client, Server};
use anyhow::{Context as _, ensure};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The password of every account.
const PASSWORD: &str = "a long enough pass phrase";

/// A right on an access list, by the number the protocol gives it.
#[derive(Clone, Copy, Debug)]
pub enum Right {
    /// 0
    Nothing,
    /// 1
    List,
    /// 2
    Read,
    /// 6
    FullControl,
}

impl Right {
    fn number(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::List => 1,
            Self::Read => 2,
            Self::FullControl => 6,
        }
    }
}

/// Everything one test needs; gone when dropped.
#[derive(Debug)]
pub struct House {
    scratch: TempDir,
}

impl House {
    /// An empty data directory with the given accounts.
    pub fn with_users(users: &[&str]) -> anyhow::Result<Self> {
        let scratch = tempfile::Builder::new().prefix("holdall-e2e-").tempdir()?;
        let house = Self { scratch };
        for user in users {
            house.add_user(user)?;
        }
        Ok(house)
    }

    /// An empty data directory with one account, which administers.
    pub fn with_administrator(user: &str) -> anyhow::Result<Self> {
        let house = Self::with_users(&[])?;
        house.add(&["user", "add", user, "--admin", "--password-stdin"])?;
        Ok(house)
    }

    /// A path in the test's own directory.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.scratch("data")
    }

    /// `holdall import`; gives what it printed.
    pub fn import(&self, source: &Path, target: &str, owner: &str) -> anyhow::Result<String> {
        let mut command = self.command(&["import", "--as", owner])?;
        let output = crate::run(command.arg(source).arg(target))?;
        String::from_utf8(output).context("the report is not UTF-8")
    }

    /// `holdall import` of a library of the server at `url`, whose accounts have the same passwords; ready to be started.
    pub fn migration(&self, url: &str, user: &str, library: &str) -> anyhow::Result<Command> {
        let arguments = [
            "import",
            "--from-inforouter",
            url,
            "--user",
            user,
            "--library",
            library,
        ];
        let mut command = self.command(&arguments)?;
        command
            .args(["--as", "anna"])
            .env("HOLDALL_INFOROUTER_PASSWORD", PASSWORD);
        Ok(command)
    }

    /// As [`Self::migration`], to its end; gives what it printed.
    pub fn migrate(&self, url: &str, user: &str, library: &str) -> anyhow::Result<String> {
        let output = crate::run(&mut self.migration(url, user, library)?)?;
        String::from_utf8(output).context("the report is not UTF-8")
    }

    /// `holdall serve` on a free port.
    pub fn serve(&self) -> anyhow::Result<Server> {
        Server::start(self.command(&["serve", "--listen", "127.0.0.1:0"])?)
    }

    /// `holdall serve` on a free port with more flags.
    pub fn serve_with(&self, flags: &[&str]) -> anyhow::Result<Server> {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"])?;
        command.args(flags);
        Server::start(command)
    }

    /// `holdall serve` on a free port with more flags, which must refuse them; gives its complaint.
    pub fn refuse_to_serve(&self, flags: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"])?;
        let finished = crate::finish(command.args(flags))?;
        ensure!(!finished.success, "it serves with {flags:?}");
        Ok(finished.complaints)
    }

    /// `holdall serve` on a free port, and the file that its log of that level goes to.
    pub fn serve_logged(&self, level: &str) -> anyhow::Result<(Server, PathBuf)> {
        let log = self.scratch("log");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log", level])?;
        command.stderr(fs::File::create(&log)?);
        Ok((Server::start(command)?, log))
    }

    /// `holdall serve` on a free port under another program, such as `strace`.
    pub fn serve_under(&self, mut observer: Command) -> anyhow::Result<Server> {
        observer
            .arg(binary()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(self.data());
        observer.env("HOLDALL_LOG", "warn");
        Server::start_observed(observer)
    }

    /// A signed-in client of one of the accounts.
    pub fn sign_in(&self, server: &Server, user: &str) -> anyhow::Result<Client> {
        Client::sign_in(server.url(), user, PASSWORD)
    }

    /// The program as a client of the server at `url`, with the session of `client` and a configuration of the test's own.
    pub fn holdall(&self, url: &str, client: &Client) -> anyhow::Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .env("HOLDALL_SERVER", url)
            .env("HOLDALL_TOKEN", client.ticket())
            .env("XDG_CONFIG_HOME", self.scratch("config"))
            .current_dir(self.scratch.path())
            .stdin(Stdio::null());
        Ok(command)
    }

    /// The password of every account.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    fn add_user(&self, user: &str) -> anyhow::Result<()> {
        self.add(&["user", "add", user, "--password-stdin"])
    }

    fn add(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = self.command(arguments)?;
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut input = process.stdin.take().context("no standard input")?;
        writeln!(input, "{PASSWORD}")?;
        drop(input);
        let status = process.wait()?;
        ensure!(status.success(), "`holdall {arguments:?}` ended with {status}");
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .env("HOLDALL_LOG", "warn");
        Ok(command)
    }
}

/// What managers do through the protocol.
impl Client {
    /// Makes an account a member of a library.
    pub fn add_member(&self, library: &str, user: &str) -> anyhow::Result<()> {
        self.must(
            "AddUserAsDomainMember",
            &[("DomainName", library), ("UserName", user)],
        )
        .map(drop)
    }

    /// Gives an item a list of its own: these users, and nothing for other members.
    pub fn restrict(&self, path: &str, users: &[(&str, Right)]) -> anyhow::Result<()> {
        let mut list = String::from("<AccessList><Anonymous Right=\"0\"/><DomainMembers Right=\"0\"/>");
        for (user, right) in users {
            write!(
                list,
                "<User DomainName=\"\" UserName=\"{user}\" Right=\"{}\"/>",
                right.number()
            )?;
        }
        list.push_str("</AccessList>");
        let parameters = [
            ("Path", path),
            ("AccessListXML", &*list),
            ("ApplyToTree", "false"),
        ];
        self.must("SetAccessList", &parameters).map(drop)
    }
}
