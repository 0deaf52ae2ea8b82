//! Connections that ask, read and drop.

use crate::{Arguments, Shape};
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::request::Builder;
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _, stderr, stdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;

type Sender = SendRequest<Full<Bytes>>;

/// A load to run.
#[derive(Clone)]
pub(crate) struct Load {
    arguments: Arc<Arguments>,
    uri: Uri,
    authority: Arc<str>,
    /// Requests begun by all connections.
    begun: Arc<AtomicU64>,
}

/// What one connection counted.
#[derive(Default)]
struct Count {
    requests: u64,
    bytes: u64,
    first_byte_micros: Vec<u64>,
}

impl Load {
    pub(crate) fn new(arguments: Arguments) -> anyhow::Result<Self> {
        let uri: Uri = arguments.url.parse().context("not a URL")?;
        let authority = uri.authority().context("the URL has no host")?.as_str().into();
        Ok(Self {
            arguments: Arc::new(arguments),
            uri,
            authority,
            begun: Arc::default(),
        })
    }

    pub(crate) async fn run(self) -> anyhow::Result<Value> {
        if self.arguments.shape == Shape::Hold {
            return self.hold().await;
        }
        let start = Instant::now();
        let until = start + Duration::from_millis(self.arguments.milliseconds);
        let connections = if self.arguments.shape == Shape::FirstByte {
            1
        } else {
            self.arguments.connections
        };
        let workers: Vec<_> = (0..connections)
            .map(|seed| tokio::spawn(self.clone().work(seed, until)))
            .collect();
        let mut total = Count::default();
        for worker in workers {
            let count = worker.await??;
            total.requests += count.requests;
            total.bytes += count.bytes;
            total.first_byte_micros.extend(count.first_byte_micros);
        }
        total.first_byte_micros.sort_unstable();
        let median = total
            .first_byte_micros
            .get(total.first_byte_micros.len() / 2)
            .copied();
        Ok(json!({
            "requests": total.requests,
            "bytes": total.bytes,
            "seconds": start.elapsed().as_secs_f64(),
            "first_byte_micros": median,
        }))
    }

    async fn work(self, seed: usize, until: Instant) -> anyhow::Result<Count> {
        let mut sender = self.connect().await?;
        let mut place = Place(u64::try_from(seed)?.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut count = Count::default();
        let start = Instant::now();
        while Instant::now() < until {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            if self.arguments.requests.is_some_and(|most| number >= most) {
                break;
            }
            if let Some(rate) = self.arguments.rate {
                tokio::time::sleep_until(start + Duration::from_micros(number * 1_000_000 / rate)).await;
            }
            let request = self.request(&mut place, number)?;
            let asked = Instant::now();
            sender.ready().await?;
            let answer = sender.send_request(request).await?;
            ensure!(
                answer.status().is_success(),
                "the server answered {}",
                answer.status()
            );
            let mut body = answer.into_body();
            count.bytes += drain(&mut body, || asked.elapsed(), &mut count.first_byte_micros).await?;
            count.requests += 1;
        }
        Ok(count)
    }

    async fn connect(&self) -> anyhow::Result<Sender> {
        let stream = TcpStream::connect(&*self.authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    fn request(&self, place: &mut Place, number: u64) -> anyhow::Result<Request<Full<Bytes>>> {
        let size = if self.arguments.shape == Shape::FirstByte {
            1
        } else {
            self.arguments.size
        };
        let offset = place.next() % self.arguments.length.saturating_sub(size).max(1);
        let path = self.uri.path_and_query().context("the URL has no path")?.as_str();
        let mut request = Request::builder().header("host", &*self.authority);
        if let Some(ticket) = &self.arguments.bearer {
            request = request.header("authorization", format!("Bearer {ticket}"));
        }
        request = match self.arguments.shape {
            Shape::Chunk => request.uri(format!("{path}&StartOffset={offset}&ChunkSize={size}")),
            Shape::Range | Shape::FirstByte => request
                .uri(path)
                .header("range", format!("bytes={offset}-{}", offset + size - 1)),
            Shape::Hold | Shape::Get | Shape::Scan | Shape::Commits => request.uri(path),
            Shape::Upload => {
                let (request, body) = self.upload(request.uri(path), place, number);
                return Ok(request.body(Full::new(body))?);
            }
        };
        Ok(request.body(Full::default())?)
    }

    /// A multipart request that stores `size` new bytes under the folder of `--into`.
    fn upload(&self, request: Builder, place: &mut Place, number: u64) -> (Builder, Bytes) {
        let mut body = Vec::new();
        let Arguments {
            bearer, into, size, ..
        } = &*self.arguments;
        for (name, value) in [
            ("authenticationTicket", bearer.clone().unwrap_or_default()),
            ("path", format!("{into}/document {number}.bin")),
        ] {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let file = "--b\r\nContent-Disposition: form-data; name=\"fileContent\"; filename=\"x\"\r\n\r\n";
        body.extend_from_slice(file.as_bytes());
        let words = (0..size / 8).map(|_| place.next().to_le_bytes());
        body.extend(words.flatten());
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = request.method("POST");
        (
            request.header("content-type", "multipart/form-data; boundary=b"),
            body.into(),
        )
    }

    /// Begins downloads, reads one frame of each, and waits for standard input to end.
    async fn hold(self) -> anyhow::Result<Value> {
        let mut held = Vec::new();
        let mut place = Place(1);
        for _ in 0..self.arguments.connections {
            let mut sender = self.connect().await?;
            let answer = sender.send_request(self.request(&mut place, 0)?).await?;
            ensure!(
                answer.status().is_success(),
                "the server answered {}",
                answer.status()
            );
            let mut body = answer.into_body();
            drop(body.frame().await.context("an empty body")??);
            held.push((sender, body));
        }
        writeln!(stderr(), "holding {}", held.len())?;
        tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new())).await??;
        Ok(json!({ "held": held.len() }))
    }
}

/// Reads a body to its end and drops it; notes when its first byte came. Gives its length.
async fn drain(
    body: &mut Incoming,
    elapsed: impl Fn() -> Duration + Send,
    first_byte_micros: &mut Vec<u64>,
) -> anyhow::Result<u64> {
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        if length == 0 {
            first_byte_micros.push(u64::try_from(elapsed().as_micros())?);
        }
        length += u64::try_from(frame.data_ref().map_or(0, Bytes::len))?;
    }
    Ok(length)
}

/// Random places in the content (xorshift).
struct Place(u64);

impl Place {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 1
    }
}
