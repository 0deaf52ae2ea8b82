//! A client that knows nothing but HTTP: infoRouter's protocol for the workflow, ranges for speed.

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use reqwest::blocking::{Client as Http, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, ETAG, RANGE};
use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

/// Bytes asked for by one chunk call.
const CHUNK_LEN: u64 = 1 << 20;

/// A signed-in client.
pub(crate) struct Client {
    http: Http,
    server: String,
    ticket: String,
}

/// One answer of the service: the root's attributes, its text, and the attributes of its children by element name.
struct Answer {
    attributes: HashMap<String, String>,
    text: String,
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
        let http = Http::builder().timeout(Duration::from_mins(10)).build()?;
        let mut client = Self {
            http,
            server: server.to_owned(),
            ticket: String::new(),
        };
        let mut answer = client.call("AuthenticateUser", &[("UID", login), ("PWD", password)])?;
        client.ticket = answer
            .attributes
            .remove("ticket")
            .context("the answer has no ticket")?;
        Ok(client)
    }

    /// `DownloadZipWithHandler`: stages `paths` strictly and gives the handler.
    pub(crate) fn stage(&self, paths: &str) -> anyhow::Result<String> {
        let parameters = [
            ("authenticationTicket", self.ticket.as_str()),
            ("Paths", paths),
            ("partialResult", "false"),
        ];
        let mut answer = self.call("DownloadZipWithHandler", &parameters)?;
        answer
            .attributes
            .remove("downloadhandler")
            .context("the answer has no downloadhandler")
    }

    /// `DownloadFileChunk` until the last one, each checked against its CRC32. Gives the number of chunks and bytes.
    pub(crate) fn fetch_chunks(&self, handler: &str, target: &File) -> anyhow::Result<(u64, u64)> {
        let (mut chunks, mut offset) = (0, 0);
        loop {
            let (start, length) = (offset.to_string(), CHUNK_LEN.to_string());
            let answer = self.call(
                "DownloadFileChunk",
                &[
                    ("authenticationTicket", self.ticket.as_str()),
                    ("DownloadHandler", handler),
                    ("StartOffset", &start),
                    ("ChunkSize", &length),
                ],
            )?;
            let bytes = STANDARD
                .decode(answer.text.as_bytes())
                .context("a chunk is not base64")?;
            let announced = answer
                .attributes
                .get("chunkCRC32")
                .context("a chunk has no CRC32")?;
            let actual = format!("{:08X}", crc32fast::hash(&bytes));
            ensure!(
                *announced == actual,
                "the chunk at {offset} has CRC32 {actual}, announced was {announced}"
            );
            target.write_all_at(&bytes, offset)?;
            offset += u64::try_from(bytes.len())?;
            chunks += 1;
            if answer
                .attributes
                .get("lastchunk")
                .is_some_and(|last| last == "true")
            {
                return Ok((chunks, offset));
            }
            ensure!(
                !bytes.is_empty(),
                "the chunk at {offset} is empty but not the last"
            );
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
        let parameters = [
            ("authenticationTicket", self.ticket.as_str()),
            ("DownloadHandler", handler),
        ];
        self.call("DeleteDownloadHandler", &parameters).map(drop)
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
        format!("Bearer {}", self.ticket)
    }

    fn call(&self, operation: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let url = format!("{}/srv.asmx/{operation}", self.server);
        let text = self
            .http
            .post(url)
            .form(parameters)
            .send()?
            .error_for_status()?
            .text()?;
        let answer = read_answer(&text).with_context(|| format!("{operation} gave no well-formed answer"))?;
        if answer
            .attributes
            .get("success")
            .is_none_or(|success| success != "true")
        {
            bail!(
                "{operation} failed: {}",
                answer
                    .attributes
                    .get("error")
                    .map_or("no reason given", String::as_str)
            );
        }
        Ok(answer)
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

fn read_answer(text: &str) -> anyhow::Result<Answer> {
    let mut reader = Reader::from_str(text);
    let mut answer = Answer {
        attributes: HashMap::new(),
        text: String::new(),
    };
    let mut depth = 0_u32;
    loop {
        match reader.read_event()? {
            Event::Start(element) => {
                if depth == 0 {
                    answer.attributes = attributes(&element)?;
                }
                depth += 1;
            }
            Event::Empty(element) if depth == 0 => answer.attributes = attributes(&element)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 1 => answer.text.push_str(&text.into_inner()),
            Event::Eof => return Ok(answer),
            _ => {}
        }
    }
}

fn attributes(element: &BytesStart<'_>) -> anyhow::Result<HashMap<String, String>> {
    let mut attributes = HashMap::new();
    for attribute in element.attributes() {
        let attribute = attribute?;
        attributes.insert(
            attribute.key.as_ref().to_owned(),
            attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)?
                .into_owned(),
        );
    }
    Ok(attributes)
}
