//! One HTTP client that measures Holdall and its peers alike: keep-alive connections, bodies read and dropped.
//!
//! Prints one JSON object. Runs for a fixed time, so that ratios of two runs compare the same work.

mod load;
mod local;

use clap::{Parser, ValueEnum};
use load::Load;
use std::io::{Write as _, stdout};

/// What each request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// A `Range` header at a random place.
    Range,
    /// `StartOffset` and `ChunkSize` in the query, at a random place.
    Chunk,
    /// One byte at a random place, one connection, for the time to first byte.
    FirstByte,
    /// As many downloads as connections, begun and then held without reading on, until standard input ends.
    Hold,
    /// The URL as it is.
    Get,
    /// A new document of `size` random bytes by `UploadDocument`.
    Upload,
    /// Without a server: every row of a folder of the SQLite file at `--url`, by its driver.
    Scan,
    /// Without a server: `--requests` files of `size` random bytes below the folder at `--url`, each synced and committed to an
    /// SQLite database of its own.
    Commits,
}

/// Loads one URL.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// What each request asks for.
    #[arg(long, value_enum)]
    pub(crate) shape: Shape,
    /// The address, for example `http://127.0.0.1:8080/a.zip`; for shapes without a server, a path.
    #[arg(long)]
    pub(crate) url: String,
    /// A ticket to send as bearer token.
    #[arg(long)]
    pub(crate) bearer: Option<String>,
    /// Length of the whole content in bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) length: u64,
    /// Bytes asked for by a request.
    #[arg(long, default_value_t = 1 << 20)]
    pub(crate) size: u64,
    /// Connections.
    #[arg(long, default_value_t = 8)]
    pub(crate) connections: usize,
    /// How long to load, in milliseconds.
    #[arg(long, default_value_t = 3000)]
    pub(crate) milliseconds: u64,
    /// Requests after which to stop, of all connections together.
    #[arg(long)]
    pub(crate) requests: Option<u64>,
    /// Requests a second, of all connections together.
    #[arg(long)]
    pub(crate) rate: Option<u64>,
    /// The folder that uploads go to.
    #[arg(long, default_value = "")]
    pub(crate) into: String,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let local = match arguments.shape {
        Shape::Scan => Some(local::scan(&arguments)?),
        Shape::Commits => Some(local::commits(&arguments)?),
        _ => None,
    };
    if let Some(result) = local {
        writeln!(stdout(), "{result}")?;
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let result = runtime.block_on(Load::new(arguments)?.run())?;
    writeln!(stdout(), "{result}")?;
    Ok(())
}
