//! A line that is bad on purpose: a proxy in front of a server that slows, cuts, delays and damages the content of archives,
//! by a seed. Everything else passes as it is. It counts the bytes of content and notes which ranges were asked for.

use crate::Draw;
use anyhow::Context as _;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What happens to content on its way; each chance is one in so many blocks of 16 KiB, 0 is never.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Repeats what happens.
    pub seed: u64,
    /// A bit is flipped.
    pub damage: u64,
    /// The connection is cut.
    pub cut: u64,
    /// Nothing comes for a tenth of a second.
    pub delay: u64,
    /// Bytes a second for each connection; 0 is as fast as it goes.
    pub rate: u64,
}

/// The proxy. It ends with the process.
#[derive(Debug)]
pub struct BadLine {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug)]
struct State {
    upstream: String,
    faults: Faults,
    connections: u64,
    content: u64,
    ranges: Vec<Range<u64>>,
}

const BLOCK: usize = 16 << 10;

impl BadLine {
    /// A proxy in front of the server at `url`.
    pub fn before(url: &str, faults: Faults) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = State {
            upstream: authority(url),
            faults,
            connections: 0,
            content: 0,
            ranges: Vec::new(),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            moved: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&accepting);
                thread::spawn(move || serve(&shared, &client));
            }
        });
        Ok(Self { address, shared })
    }

    /// The address to use in the place of the server's.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Leads to the server at `url` from now on, as when it came up again.
    pub fn lead_to(&self, url: &str) {
        self.shared.state().upstream = authority(url);
    }

    /// Other faults from now on.
    pub fn set(&self, faults: Faults) {
        self.shared.state().faults = faults;
    }

    /// Bytes of content that went through.
    pub fn content(&self) -> u64 {
        self.shared.state().content
    }

    /// The ranges of content that were asked for since the last call.
    pub fn take_ranges(&self) -> Vec<Range<u64>> {
        std::mem::take(&mut self.shared.state().ranges)
    }

    /// Waits until `count` bytes of content went through in all; `false` when `most` passed without a byte.
    pub fn wait_for(&self, count: u64, most: Duration) -> bool {
        let mut state = self.shared.state();
        while state.content < count {
            let before = state.content;
            let (next, waited) = self
                .shared
                .moved
                .wait_timeout(state, most)
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if waited.timed_out() && state.content == before {
                return false;
            }
        }
        true
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn authority(url: &str) -> String {
    url.trim_start_matches("http://").to_owned()
}

fn serve(shared: &Arc<Shared>, client: &TcpStream) {
    let (upstream, number) = {
        let mut state = shared.state();
        state.connections += 1;
        (state.upstream.clone(), state.connections)
    };
    let Ok(server) = TcpStream::connect(upstream) else {
        return;
    };
    drop(client.set_nodelay(true).and_then(|()| server.set_nodelay(true)));
    let is_content = Arc::new(AtomicBool::new(false));
    let (Ok(from_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let (asking, asked) = (Arc::clone(shared), Arc::clone(&is_content));
    thread::spawn(move || drop(pass_requests(&asking, from_client, to_server, &asked)));
    drop(pass_answers(shared, &server, client, &is_content, number));
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

/// Requests come whole in one read, for clients wait for answers and these have short heads.
fn pass_requests(
    shared: &Shared,
    mut client: TcpStream,
    mut server: TcpStream,
    is_content: &AtomicBool,
) -> anyhow::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = client.read(&mut buffer)?;
        let bytes = buffer.get(..count).context("too long a read")?;
        if count == 0 {
            server.shutdown(Shutdown::Write)?;
            return Ok(());
        }
        let head = String::from_utf8_lossy(bytes);
        let is_get = head.starts_with("GET ");
        if is_get && head.lines().next().is_some_and(|line| line.contains("/content")) {
            is_content.store(true, SeqCst);
            shared.state().ranges.extend(range_of(&head));
        }
        server.write_all(bytes)?;
    }
}

fn range_of(head: &str) -> Option<Range<u64>> {
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("range:"))?;
    let (start, last) = line.split_once("bytes=")?.1.split_once('-')?;
    Some(start.trim().parse().ok()?..last.trim().parse::<u64>().ok()? + 1)
}

fn pass_answers(
    shared: &Shared,
    mut server: &TcpStream,
    mut client: &TcpStream,
    is_content: &AtomicBool,
    number: u64,
) -> anyhow::Result<()> {
    let mut draw = Draw::seeded(shared.state().faults.seed.wrapping_add(number * 7919));
    let mut buffer = vec![0; BLOCK];
    let mut left = 0;
    loop {
        let count = server.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        let mut bytes = buffer.get_mut(..count).context("too long a read")?;
        if left == 0 && is_content.swap(false, SeqCst) {
            let head_len = head_len(bytes).context("a head in pieces")?;
            left = content_len(bytes.get(..head_len).unwrap_or_default());
            let (head, body) = bytes.split_at_mut(head_len);
            client.write_all(head)?;
            bytes = body;
        }
        if left == 0 {
            client.write_all(bytes)?;
            continue;
        }
        let faults = shared.state().faults;
        if hits(&mut draw, faults.cut) {
            return Ok(());
        }
        if hits(&mut draw, faults.damage) && !bytes.is_empty() {
            let at = usize::try_from(draw.below(u64::try_from(bytes.len())?))?;
            *bytes.get_mut(at).context("no such byte")? ^= 0x10;
        }
        let pause = if hits(&mut draw, faults.delay) { 100_000 } else { 0 };
        let len = u64::try_from(bytes.len())?;
        let slow = len
            .saturating_mul(1_000_000)
            .checked_div(faults.rate)
            .unwrap_or(0);
        if pause + slow > 0 {
            thread::sleep(Duration::from_micros(pause + slow));
        }
        client.write_all(bytes)?;
        left = left.saturating_sub(len);
        shared.state().content += len;
        shared.moved.notify_all();
    }
}

fn hits(draw: &mut Draw, one_in: u64) -> bool {
    one_in > 0 && draw.below(one_in) == 0
}

fn head_len(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some(end + 4)
}

/// The length of a partial answer's body; 0 for any other answer.
fn content_len(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if !head.starts_with("http/1.1 206") {
        return 0;
    }
    head.lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0)
}
