//! SOAP libraries that know our service only by its description.

use crate::{House, Server, project, python, run, tool};
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A library that reads the description and makes calls of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoapClient {
    /// Python's zeep.
    Zeep,
    /// The npm package soap.
    Node,
    /// The proxy that Mono's `wsdl` generates, compiled with `mcs`.
    Mono,
}

/// The version of SOAP that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// 1.1
    Soap11,
    /// 1.2
    Soap12,
}

impl Binding {
    fn name(self) -> &'static str {
        match self {
            Self::Soap11 => "srvSoap",
            Self::Soap12 => "srvSoap12",
        }
    }
}

impl SoapClient {
    /// Runs every step of `e2e/soap/workflow.json`; gives the archive that it fetched.
    pub fn work(self, house: &House, server: &Server, binding: Binding) -> anyhow::Result<PathBuf> {
        let archive = house.scratch("soap.zip");
        let mut command = self.command(house, server)?;
        command.args([server.url(), binding.name(), house.password()]);
        command.arg(&archive);
        if self == Self::Mono {
            command.arg(project()?.join("e2e/soap/workflow.json"));
        }
        run(&mut command).with_context(|| format!("{self:?} does not work with us"))?;
        Ok(archive)
    }

    fn command(self, house: &House, server: &Server) -> anyhow::Result<Command> {
        match self {
            Self::Zeep => python("soap/workflow.py"),
            Self::Node => {
                let mut command = Command::new(tool("node")?);
                let project = project()?;
                command.env("NODE_PATH", project.join(".tools/node/node_modules"));
                command.arg(project.join("e2e/soap/workflow.js"));
                Ok(command)
            }
            Self::Mono => {
                let mut command = Command::new(tool("mono")?);
                command.arg(compile(house, server)?);
                Ok(command)
            }
        }
    }
}

/// Generates the proxy from the served description and compiles it with the workflow.
fn compile(house: &House, server: &Server) -> anyhow::Result<PathBuf> {
    let (proxy, program) = (house.scratch("Proxy.cs"), house.scratch("Workflow.exe"));
    let mut generate = Command::new(tool("wsdl")?);
    generate
        .args(["-nologo", "-n:Srv"])
        .arg(argument("-out:", &proxy));
    run(generate.arg(format!("{}/srv.asmx?wsdl", server.url())))?;
    let mut build = Command::new(tool("mcs")?);
    build.args(["-r:System.Web.Services", "-r:System.Web.Extensions"]);
    build
        .arg(argument("-out:", &program))
        .arg(project()?.join("e2e/soap/Workflow.cs"));
    run(build.arg(&proxy))?;
    Ok(program)
}

fn argument(name: &str, path: &Path) -> String {
    format!("{name}{}", path.display())
}

/// Lets JAX-WS `wsimport` generate Java from the served description and compile it; gives how many classes came of it.
pub fn import_by_java(house: &House, server: &Server) -> anyhow::Result<usize> {
    let target = house.scratch("java");
    fs::create_dir(&target)?;
    let mut command = Command::new(tool("wsimport")?);
    command.arg("-d").arg(&target).args(["-p", "srv"]);
    run(command.arg(format!("{}/srv.asmx?wsdl", server.url())))?;
    crate::count_files(&target)
}
