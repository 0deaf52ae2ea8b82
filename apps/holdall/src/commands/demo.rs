//! `holdall demo`: the main job on a throw-away house, over HTTP, as a client would do it.

use crate::arguments::Demo;
use crate::config::{Compat, HouseConfig, LogFormat, NetworkConfig};
use crate::demo::client::Client;
use crate::demo::{documents, proof};
use crate::import::{self, Report};
use crate::server::{Server, stop_signal};
use crate::{assemble, commands, console};
use anyhow::{Context as _, ensure};
use console::say;
use holdall_model::{Clock as _, SystemClock};
use holdall_services::{NewUser, Services};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The library and the folder that the documents go to.
const TARGET: &str = "/Demo/Handover";
/// The folder's own name, which is the archive's first path segment.
const FOLDER: &str = "Handover";
/// The account the demonstration works as.
const LOGIN: &str = "dana";
/// Connections that fetch the archive again.
const PARALLEL: u64 = 4;

/// A demonstration under way.
struct Stage {
    services: Services,
    scratch: TempDir,
    source: PathBuf,
    password: String,
}

/// Runs the demonstration; without `--once` the server stays up until Ctrl-C.
pub(crate) async fn run(demo: Demo) -> anyhow::Result<()> {
    let stage = Stage::build(demo.source).await?;
    let server = Server::bind(&demo.listen, NetworkConfig::defaults()?)?;
    let address = server.url();
    let stop = server.stopper();
    let serving = tokio::spawn(server.run(
        assemble::router(&stage.services, None, Compat::default()),
        stage.services.clone(),
    ));
    let (stage, outcome) = {
        let address = address.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = stage.perform(&address);
            (stage, outcome)
        })
        .await?
    };
    outcome?;
    if !demo.once {
        stage.invite(&address);
        stop_signal().await?;
    }
    stop();
    serving.await??;
    Ok(())
}

impl Stage {
    async fn build(source: Option<PathBuf>) -> anyhow::Result<Self> {
        let scratch = tempfile::Builder::new().prefix("holdall-demo-").tempdir()?;
        let house = HouseConfig {
            data: scratch.path().join("data"),
            database: None,
            log: "warn".to_owned(),
            log_format: LogFormat::Text,
        };
        assemble::start_logging(&house)?;
        let services = assemble::open(&house).await?;
        assemble::ensure_administrator(&services).await?;
        let password = assemble::generate_password()?;
        services
            .people
            .create_local(NewUser::named(LOGIN, &password))
            .await?;
        let source = match source {
            Some(directory) => directory,
            None => generate(scratch.path())?,
        };
        let stage = Self {
            services,
            scratch,
            source,
            password,
        };
        Ok(stage)
    }

    /// Import, authenticate, stage, chunks, ranges, compare, delete.
    fn perform(&self, address: &str) -> anyhow::Result<()> {
        let report = self.import()?;
        let client = timed("signed in (AuthenticateUser)", || {
            Client::sign_in(address, LOGIN, &self.password)
        })?;
        let handler = timed("staged the whole library folder (DownloadZipWithHandler)", || {
            client.stage(TARGET)
        })?;
        let staged = client.describe(&handler)?;
        say(&format!(
            "         archive of {}, ETag {}",
            console::bytes(staged.length),
            staged.etag
        ));
        let (by_chunks, by_ranges) = (
            self.scratch.path().join("chunks.zip"),
            self.scratch.path().join("ranges.zip"),
        );
        let target = File::create(&by_chunks)?;
        let (chunks, length) = timed(
            "fetched it in chunks, every CRC32 checked (DownloadFileChunk)",
            || client.fetch_chunks(&handler, &target),
        )?;
        ensure!(length == staged.length, "the chunks add up to {length} bytes");
        say(&format!("         {chunks} chunks, {}", console::bytes(length)));
        timed("fetched it again by 4 parallel HTTP ranges", || {
            fetch_parallel(&client, &handler, length, &by_ranges)
        })?;
        timed("compared both archives, byte for byte", || {
            same_bytes(&by_chunks, &by_ranges)
        })?;
        let proof = timed("compared every document with its source", || {
            proof::compare(&by_chunks, &self.source, FOLDER, &report)
        })?;
        say(&format!(
            "         {} documents, {} equal",
            proof.documents,
            console::bytes(proof.raw_len)
        ));
        timed("deleted the handler (DeleteDownloadHandler)", || {
            client.forget(&handler)
        })?;
        ensure!(!client.knows(&handler)?, "the deleted handler still answers");
        say("round trip verified");
        Ok(())
    }

    fn import(&self) -> anyhow::Result<Report> {
        let runtime = tokio::runtime::Handle::current();
        let owner = runtime.block_on(self.services.sessions.operator(LOGIN))?;
        let report = timed("imported", || {
            import::import(&self.services, &owner, &self.source, TARGET)
        })?;
        commands::import::tell(&report);
        Ok(report)
    }

    /// What to try by hand while the server stays up.
    fn invite(&self, address: &str) {
        let password = &self.password;
        say(&format!(
            "\nserving on {address} until Ctrl-C. Try:\n
  T=$(curl -s '{address}/srv.asmx/AuthenticateUser' -d UID={LOGIN} -d PWD={password} | grep -o 'ticket=\"[^\"]*' | cut -d'\"' -f2)
  H=$(curl -s '{address}/srv.asmx/DownloadZipWithHandler' -d authenticationTicket=$T -d Paths={TARGET} -d partialResult=true | grep -o 'downloadhandler=\"[^\"]*' | cut -d'\"' -f2)
  curl -o handover.zip -H \"Authorization: Bearer $T\" {address}/api/v1/downloads/$H/content
  curl -C - -o handover.zip -H \"Authorization: Bearer $T\" {address}/api/v1/downloads/$H/content   # resumes
  curl -s '{address}/srv.asmx/DownloadFileChunk' -d authenticationTicket=$T -d DownloadHandler=$H -d StartOffset=0 -d ChunkSize=64
  open {address}/srv.asmx in a browser for every operation with a form\n"
        ));
    }
}

fn generate(scratch: &Path) -> anyhow::Result<PathBuf> {
    let directory = scratch.join("documents");
    fs::create_dir(&directory)?;
    let made = timed("generated documents to hand over", || {
        Ok(documents::generate(&directory)?)
    })?;
    let (documents, folders) = (made.documents, made.folders);
    say(&format!(
        "         {documents} documents in {folders} folders, {}",
        console::bytes(made.raw_len)
    ));
    Ok(directory)
}

fn fetch_parallel(client: &Client, handler: &str, length: u64, path: &Path) -> anyhow::Result<()> {
    let target = File::create(path)?;
    let share = length.div_ceil(PARALLEL).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..PARALLEL)
            .map(|part| part * share..((part + 1) * share).min(length))
            .filter(|range| !range.is_empty())
            .map(|range| scope.spawn(|| client.fetch_range(handler, range, &target)))
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().ok().context("a fetching thread died")?)
    })
}

fn same_bytes(one: &Path, other: &Path) -> anyhow::Result<()> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        left.clear();
        right.clear();
        one.by_ref().take(1 << 20).read_to_end(&mut left)?;
        other.by_ref().take(1 << 20).read_to_end(&mut right)?;
        ensure!(left == right, "the two archives differ");
        if left.is_empty() {
            return Ok(());
        }
    }
}

/// Does `work`, then prints what was done and how long it took.
fn timed<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let start = SystemClock.now();
    let done = work()?;
    say(&format!("{:>6} ms {what}", SystemClock.now().0 - start.0));
    Ok(done)
}
