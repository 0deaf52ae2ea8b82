//! A staged archive over plain HTTP, by curl.

use crate::{Client, run, tool};
use anyhow::{Context as _, ensure};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

/// One staged download as its owner sees it.
#[derive(Clone, Debug)]
pub struct Download {
    url: String,
    ticket: String,
    /// The exact length in bytes.
    pub len: u64,
    /// The strong entity tag.
    pub etag: String,
}

impl Client {
    /// What `HEAD` says of a handler's content.
    pub fn download(&self, handler: &str) -> anyhow::Result<Download> {
        let url = format!("{}/api/v1/downloads/{handler}/content", self.server());
        let mut download = Download {
            url,
            ticket: self.ticket().to_owned(),
            len: 0,
            etag: String::new(),
        };
        let output = run(download.curl()?.args(["--head", "--fail"]))?;
        let headers = String::from_utf8(output)?;
        ensure!(
            header(&headers, "accept-ranges")? == "bytes",
            "ranges are not offered"
        );
        download.len = header(&headers, "content-length")?.parse()?;
        header(&headers, "etag")?.clone_into(&mut download.etag);
        Ok(download)
    }
}

impl Download {
    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The header that opens it.
    pub fn authorization(&self) -> String {
        format!("Authorization: Bearer {}", self.ticket)
    }

    /// curl with the address and the token.
    pub fn curl(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(tool("curl")?);
        command.args(["--silent", "--show-error", "--header"]);
        command.arg(self.authorization()).arg(&self.url);
        Ok(command)
    }

    /// The whole content into a file.
    pub fn fetch(&self, target: &Path) -> anyhow::Result<()> {
        run(self.curl()?.arg("--fail").arg("--output").arg(target))?;
        let len = target.metadata()?.len();
        ensure!(len == self.len, "{len} bytes came, announced were {}", self.len);
        Ok(())
    }

    /// What is missing in a file that holds the beginning: `curl -C -`.
    pub fn resume(&self, target: &Path) -> anyhow::Result<()> {
        run(self
            .curl()?
            .args(["--fail", "--continue-at", "-", "--output"])
            .arg(target))?;
        let len = target.metadata()?.len();
        ensure!(
            len == self.len,
            "after resuming there are {len} bytes, announced were {}",
            self.len
        );
        Ok(())
    }

    /// The bytes of one range.
    pub fn range(&self, range: &Range<u64>) -> anyhow::Result<Vec<u8>> {
        let last = range.end.checked_sub(1).context("an empty range")?;
        let bytes = run(self
            .curl()?
            .arg("--fail")
            .arg("--range")
            .arg(format!("{}-{last}", range.start)))?;
        ensure!(
            u64::try_from(bytes.len())? == range.end - range.start,
            "{range:?} came {} bytes long",
            bytes.len()
        );
        Ok(bytes)
    }

    /// The HTTP status of a whole fetch that is thrown away.
    pub fn status(&self) -> anyhow::Result<u16> {
        let output = run(self
            .curl()?
            .args(["--output", "/dev/null", "--write-out", "%{http_code}"]))?;
        Ok(String::from_utf8(output)?.trim().parse()?)
    }
}

fn header<'text>(headers: &'text str, name: &str) -> anyhow::Result<&'text str> {
    let lines = headers.lines().filter_map(|line| line.split_once(':'));
    let mut values = lines
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim());
    values
        .next()
        .with_context(|| format!("no header {name} in {headers}"))
}
