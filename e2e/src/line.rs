//! A line between a client and a server that counts what is asked for, and that can fail.

use anyhow::Context as _;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// How a call of the operation that fetches chunks begins.
const CHUNK_CALL: &[u8] = b"POST /srv.asmx/DownloadFileChunk";

/// A line to a server, open as long as the process.
#[derive(Clone, Debug)]
pub struct Line {
    url: String,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    server: String,
    /// Each so-many-th chunk call finds the line cut; zero for a good line.
    cut_every: u64,
    chunks: AtomicU64,
    asked: Mutex<u64>,
    moved: Condvar,
}

impl Line {
    /// A line to the server at `url`. With `cut_every`, each so-many-th call for a chunk breaks off; zero for a good line.
    pub fn to(url: &str, cut_every: u64) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let server = url.strip_prefix("http://").context("not http")?.to_owned();
        let state = Arc::new(State {
            server,
            cut_every,
            chunks: AtomicU64::new(0),
            asked: Mutex::new(0),
            moved: Condvar::new(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                // A line that breaks is what this is for.
                thread::spawn(move || drop(state.carry(stream)));
            }
        });
        Ok(Self { url: address, state })
    }

    /// The address to reach the server by.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many chunks were asked for.
    pub fn chunks(&self) -> u64 {
        self.state.chunks.load(Ordering::SeqCst)
    }

    /// Waits until so many chunks were asked for.
    pub fn wait_for_chunks(&self, count: u64) {
        let asked = self
            .state
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(self.state.moved.wait_while(asked, |asked| *asked < count));
    }
}

impl State {
    fn carry(&self, mut client: TcpStream) -> std::io::Result<()> {
        let mut server = TcpStream::connect(&self.server)?;
        let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
        thread::spawn(move || {
            drop(std::io::copy(&mut answers, &mut back));
            drop(back.shutdown(Shutdown::Both));
        });
        let (mut buffer, mut tail) = (vec![0; 64 * 1024], Vec::new());
        loop {
            let count = client.read(&mut buffer)?;
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                return server.shutdown(Shutdown::Both);
            }
            // A call may come in pieces: what could be the start of one stays for the next look.
            tail.extend_from_slice(bytes);
            let calls = tail
                .windows(CHUNK_CALL.len())
                .filter(|window| *window == CHUNK_CALL)
                .count();
            let kept = tail.len().saturating_sub(CHUNK_CALL.len() - 1);
            tail.drain(..kept);
            if self.count(u64::try_from(calls).unwrap_or(0)) {
                server.shutdown(Shutdown::Both)?;
                return client.shutdown(Shutdown::Both);
            }
            server.write_all(bytes)?;
        }
    }

    /// Counts calls for chunks; whether the line is to break now.
    fn count(&self, calls: u64) -> bool {
        if calls == 0 {
            return false;
        }
        let before = self.chunks.fetch_add(calls, Ordering::SeqCst);
        *self
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = before + calls;
        self.moved.notify_all();
        let turns = |count: u64| count.checked_div(self.cut_every).unwrap_or(0);
        turns(before + calls) > turns(before)
    }
}
