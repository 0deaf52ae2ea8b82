//! One HTTP client that measures Holdall and its peers alike: keep-alive connections, bodies read and dropped.
//!
//! Prints one JSON object. Runs for a fixed time, so that ratios of two runs compare the same work.

mod load;

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
}

/// Loads one URL.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// What each request asks for.
    #[arg(long, value_enum)]
    pub(crate) shape: Shape,
    /// The address, for example `http://127.0.0.1:8080/a.zip`.
    #[arg(long)]
    pub(crate) url: String,
    /// A ticket to send as bearer token.
    #[arg(long)]
    pub(crate) bearer: Option<String>,
    /// Length of the whole content in bytes.
    #[arg(long)]
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
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let result = runtime.block_on(Load::new(arguments)?.run())?;
    writeln!(stdout(), "{result}")?;
    Ok(())
}
