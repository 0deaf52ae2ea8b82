//! A client that knows nothing but HTTP: infoRouter's protocol for the workflow, ranges for speed.

use anyhow::{Context as _, ensure};
use holdall_client::srv::{CHUNK_LEN, SrvClient};
use reqwest::blocking::{Client as Http, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, ETAG, RANGE};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

/// A signed-in client.
pub(crate) struct Client {
    srv: SrvClient,
    http: Http,
    server: String,
}

/// What the server says of a staged archive without sending it.
pub(crate) struct Staged {
    /// The exact length in bytes.
    pub(crate) length: u64,
    /// The strong entity tag.
    pub(crate) etag: String,
}

impl Client {
    /// `AuthenticateUser` on the server at `server`, for example `http://127.0.0.1:8080`.
    pub(crate) fn sign_in(server: &str, login: &str, password: &str) -> anyhow::Result<Self> {
        Ok(Self {
            srv: SrvClient::sign_in(server, login, password)?,
            http: Http::builder().timeout(Duration::from_mins(10)).build()?,
            server: server.to_owned(),
        })
    }

    /// `DownloadZipWithHandler`: stages `path` strictly and gives the handler.
    pub(crate) fn stage(&self, path: &str) -> anyhow::Result<String> {
        Ok(self.srv.stage(&[path], false)?.handler)
    }

    /// `DownloadFileChunk` until the last one, each checked against its CRC32. Gives the number of chunks and bytes.
    pub(crate) fn fetch_chunks(&self, handler: &str, target: &File) -> anyhow::Result<(u64, u64)> {
        let (mut chunks, mut offset) = (0, 0);
        loop {
            let chunk = self.srv.fetch_chunk(handler, offset, CHUNK_LEN)?;
            target.write_all_at(&chunk.bytes, offset)?;
            offset += u64::try_from(chunk.bytes.len())?;
            chunks += 1;
            if chunk.last {
                return Ok((chunks, offset));
            }
        }
    }

    /// `HEAD` on the archive of a handler.
    pub(crate) fn describe(&self, handler: &str) -> anyhow::Result<Staged> {
        let answer = self
            .http
            .head(self.content_url(handler))
            .header(AUTHORIZATION, self.bearer())
            .send()?;
        let answer = answer.error_for_status()?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        Ok(Staged {
            length: header("content-length")
                .and_then(|text| text.parse().ok())
                .context("no Content-Length")?,
            etag: header(ETAG.as_str()).context("no ETag")?.to_owned(),
        })
    }

    /// Fetches `range` of the archive by an HTTP range request into its place in `target`.
    pub(crate) fn fetch_range(&self, handler: &str, range: Range<u64>, target: &File) -> anyhow::Result<()> {
        let answer = self
            .http
            .get(self.content_url(handler))
            .header(AUTHORIZATION, self.bearer())
            .header(RANGE, format!("bytes={}-{}", range.start, range.end - 1))
            .send()?
            .error_for_status()?;
        ensure!(
            answer.headers().contains_key(CONTENT_RANGE),
            "the server ignored the range"
        );
        write_body(answer, target, &range)
    }

    /// `DeleteDownloadHandler`.
    pub(crate) fn forget(&self, handler: &str) -> anyhow::Result<()> {
        Ok(self.srv.forget(handler)?)
    }

    /// Whether the handler still answers.
    pub(crate) fn knows(&self, handler: &str) -> anyhow::Result<bool> {
        let answer = self
            .http
            .head(self.content_url(handler))
            .header(AUTHORIZATION, self.bearer())
            .send()?;
        Ok(answer.status().is_success())
    }

    fn content_url(&self, handler: &str) -> String {
        format!("{}/api/v1/downloads/{handler}/content", self.server)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.srv.ticket())
    }
}

fn write_body(mut answer: Response, target: &File, range: &Range<u64>) -> anyhow::Result<()> {
    use std::io::Read as _;
    let mut offset = range.start;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = answer.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        target.write_all_at(buffer.get(..count).unwrap_or_default(), offset)?;
        offset += u64::try_from(count)?;
    }
    ensure!(
        offset == range.end,
        "a range of {} bytes came {} bytes long",
        range.end - range.start,
        offset - range.start
    );
    Ok(())
}
