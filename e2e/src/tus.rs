//! Clients of the tus protocol that know nothing of us.

use crate::{Client, project, python, run, tool};
use anyhow::Context as _;
use std::path::Path;
use std::process::Command;

/// A tus client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TusClient {
    /// The npm package tus-js-client.
    Node,
    /// Python's tuspy, with a checksum for each part.
    Python,
}

impl TusClient {
    /// Sends a file to a folder under a name, and stops once `stop_at` bytes were accepted unless that is 0. Goes on with an upload
    /// whose address is given. Gives the address where it stopped, or `stored`.
    pub fn upload(
        self,
        client: &Client,
        source: &Path,
        (folder, name): (&str, &str),
        (stop_at, upload): (u64, Option<&str>),
    ) -> anyhow::Result<String> {
        let mut command = self.command()?;
        command.arg(format!("{}/api/v1/uploads", client.server()));
        command.arg(client.ticket()).arg(source).args([folder, name]);
        command.arg(stop_at.to_string()).args(upload);
        let output = run(&mut command).with_context(|| format!("{self:?} does not work with us"))?;
        Ok(String::from_utf8(output)?.trim().to_owned())
    }

    fn command(self) -> anyhow::Result<Command> {
        match self {
            Self::Python => python("tus/upload.py"),
            Self::Node => {
                let mut command = Command::new(tool("node")?);
                let project = project()?;
                command.env("NODE_PATH", project.join(".tools/node/node_modules"));
                command.arg(project.join("e2e/tus/upload.js"));
                Ok(command)
            }
        }
    }
}
