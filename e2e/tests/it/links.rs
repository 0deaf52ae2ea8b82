//! A link for whoever has no account: by curl, wget, aria2c and a browser, none of which knows of us.

use crate::Stage;
use anyhow::{Context as _, ensure};
use holdall_e2e::{finish, project, run, tool};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const RAW_LEN: usize = 12 << 20;
const PASSWORD: &str = "of the handover, not of an account";

/// A staged archive with a link to it, and what the link has to bring.
struct Shared {
    stage: Stage,
    url: String,
    id: i64,
    whole: Vec<u8>,
}

impl Shared {
    /// A link made as `wishes` say.
    fn with(wishes: &Value) -> anyhow::Result<Self> {
        let stage = Stage::of(RAW_LEN)?;
        let target = stage.house.scratch("whole.zip");
        stage.download.fetch(&target)?;
        let url = format!("{}/api/v1/downloads/{}/links", stage.server.url(), stage.handler);
        let mut curl = Command::new(tool("curl")?);
        curl.args(["--silent", "--show-error", "--fail", "--json"])
            .arg(wishes.to_string())
            .arg("--header")
            .arg(stage.download.authorization())
            .arg(url);
        let link: Value = serde_json::from_slice(&run(&mut curl)?)?;
        let text = |field: &str| Some(link.get(field)?.as_str()?.to_owned());
        let path = text("url").context("the link has no url")?;
        let url = if path.starts_with('/') {
            format!("{}{path}", stage.server.url())
        } else {
            path
        };
        Ok(Self {
            url,
            id: link
                .get("id")
                .and_then(Value::as_i64)
                .context("the link has no id")?,
            whole: fs::read(target)?,
            stage,
        })
    }

    fn target(&self) -> PathBuf {
        self.stage.house.scratch("linked.zip")
    }

    /// Runs a program that has to bring the archive to [`Self::target`].
    fn brings(&self, command: &mut Command) -> anyhow::Result<()> {
        run(command)?;
        ensure!(
            fs::read(self.target())? == self.whole,
            "the link brings another archive"
        );
        fs::remove_file(self.target())?;
        Ok(())
    }

    /// The status that curl gets, with the given password if any.
    fn status(&self, password: Option<&str>) -> anyhow::Result<String> {
        let mut curl = Command::new(tool("curl")?);
        curl.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}"]);
        if let Some(password) = password {
            curl.arg("--user").arg(format!("anyone:{password}"));
        }
        Ok(String::from_utf8(run(curl.arg(&self.url))?)?)
    }
}

fn browser(url: &str, target: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(tool("node")?);
    let project = project()?;
    command
        .env("NODE_PATH", project.join(".tools/node/node_modules"))
        .arg(project.join("e2e/browser/download.js"))
        .arg(tool("chromium")?)
        .arg(url)
        .arg(target);
    Ok(command)
}

#[test]
fn programs_without_an_account_bring_the_archive_home() -> anyhow::Result<()> {
    let shared = Shared::with(&json!({}))?;
    let mut curl = Command::new(tool("curl")?);
    curl.args(["--silent", "--fail", "--output"])
        .arg(shared.target())
        .arg(&shared.url);
    shared.brings(&mut curl)?;
    let mut wget = Command::new(tool("wget")?);
    wget.args(["--quiet", "--no-config", "--continue", "--output-document"])
        .arg(shared.target())
        .arg(&shared.url);
    shared.brings(&mut wget)?;
    let mut aria2c = Command::new(tool("aria2c")?);
    aria2c
        .args(["--no-conf", "--quiet", "-x8", "-s8", "-k1M", "--dir"])
        .arg(shared.target().parent().context("no folder")?)
        .args(["--out", "linked.zip"])
        .arg(&shared.url);
    shared.brings(&mut aria2c)
}

#[test]
fn chromium_saves_what_a_link_leads_to() -> anyhow::Result<()> {
    let shared = Shared::with(&json!({}))?;
    let target = shared.target();
    let name = String::from_utf8(run(&mut browser(&shared.url, &target)?)?)?;
    assert_eq!(name.trim(), "Handover.zip");
    ensure!(
        fs::read(&target)? == shared.whole,
        "the browser saved another archive"
    );
    Ok(())
}

#[test]
fn chromium_gives_the_password_that_a_link_asks_for() -> anyhow::Result<()> {
    let shared = Shared::with(&json!({"password": PASSWORD}))?;
    assert_eq!(shared.status(None)?, "401");
    assert_eq!(shared.status(Some("a guess"))?, "401");
    let target = shared.target();
    let stranger = finish(browser(&shared.url, &target)?.arg("a guess"))?;
    ensure!(
        !stranger.success && !target.exists(),
        "a guessed password opened the link"
    );
    run(browser(&shared.url, &target)?.arg(PASSWORD))?;
    ensure!(
        fs::read(&target)? == shared.whole,
        "the browser saved another archive"
    );
    Ok(())
}

#[test]
fn l8_a_revoked_link_leads_nowhere() -> anyhow::Result<()> {
    let shared = Shared::with(&json!({}))?;
    assert_eq!(shared.status(None)?, "200");
    let mut curl = Command::new(tool("curl")?);
    curl.args(["--silent", "--fail", "--request", "DELETE", "--header"])
        .arg(shared.stage.download.authorization())
        .arg(format!(
            "{}/api/v1/links/{}",
            shared.stage.server.url(),
            shared.id
        ));
    run(&mut curl)?;
    let gone = shared.status(None)?;
    ensure!(gone == "404" || gone == "410", "a revoked link answers {gone}");
    Ok(())
}
