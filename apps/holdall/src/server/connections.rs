//! Who may connect, and for how long a connection may take nothing.

use super::line::{Line, Lined};
use axum_server::accept::Accept;
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready as ready_now};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// How many connections there may be, and how patient the server is with each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// Over all.
    pub(crate) most: usize,
    /// From one address. This machine is left out, because a proxy in front connects from there for everybody.
    pub(crate) most_per_address: usize,
    /// How long a client may take none of the bytes that wait for it.
    pub(crate) stall: Duration,
}

/// The door: lets connections in while there is room.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    limits: ConnectionLimits,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place that is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    inside: Arc<Mutex<Inside>>,
    address: IpAddr,
}

impl Door {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self {
            limits,
            inside: Arc::default(),
        }
    }

    /// A place for a connection from `address`, if there is one.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.all >= self.limits.most {
            return None;
        }
        let here = inside.by_address.get(&address).copied().unwrap_or_default();
        if here >= self.limits.most_per_address && !address.is_loopback() {
            return None;
        }
        inside.all += 1;
        inside.by_address.insert(address, here + 1);
        Some(Place {
            inside: Arc::clone(&self.inside),
            address,
        })
    }

    fn admit(&self, stream: TcpStream) -> io::Result<Guarded> {
        let address = stream.peer_addr()?.ip();
        let place = self.enter(address);
        let place = place.ok_or_else(|| {
            metrics::counter!("holdall_connections_refused_total").increment(1);
            io::Error::from(io::ErrorKind::QuotaExceeded)
        })?;
        stream.set_nodelay(true)?;
        Ok(Guarded {
            stream,
            stall: self.limits.stall,
            waiting: None,
            line: Line::default(),
            _place: place,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all = inside.all.saturating_sub(1);
        if let Some(here) = inside.by_address.get_mut(&self.address) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                inside.by_address.remove(&self.address);
            }
        }
    }
}

impl<S> Accept<TcpStream, S> for Door {
    type Stream = Guarded;
    type Service = Lined<S>;
    type Future = Ready<io::Result<(Guarded, Lined<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.admit(stream).map(|guarded| {
            let line = guarded.line.clone();
            (guarded, Lined { service, line })
        }))
    }
}

/// A connection that is cut when its client takes nothing for too long.
#[derive(Debug)]
pub(crate) struct Guarded {
    stream: TcpStream,
    stall: Duration,
    /// Since when bytes wait for the client.
    waiting: Option<Pin<Box<Sleep>>>,
    line: Line,
    _place: Place,
}

impl Guarded {
    /// What `wrote` says, or an error when that has been "not yet" for too long.
    fn patiently(
        &mut self,
        context: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.line.note(wrote.is_pending());
        if wrote.is_ready() {
            self.waiting = None;
            return wrote;
        }
        let stall = self.stall;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        ready_now!(waiting.as_mut().poll(context));
        metrics::counter!("holdall_connections_stalled_total").increment(1);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patiently(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.patiently(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectionLimits, Door};
    use std::net::IpAddr;
    use std::time::Duration;

    #[test]
    fn f18_connections_have_a_limit_over_all_and_from_each_address() {
        let door = Door::new(ConnectionLimits {
            most: 4,
            most_per_address: 2,
            stall: Duration::from_secs(1),
        });
        let [one, mapped, other, here]: [IpAddr; 4] =
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "::1"].map(|address| address.parse().unwrap());
        let first = door.enter(one).unwrap();
        let _second = door.enter(mapped).unwrap();
        assert!(door.enter(one).is_none());
        drop(first);
        let _again = door.enter(one).unwrap();
        let _other = door.enter(other).unwrap();
        let _here = door.enter(here).unwrap();
        assert!(door.enter(other).is_none(), "the house is full");
    }

    #[test]
    fn connections_of_this_machine_may_be_those_of_a_proxy() {
        let door = Door::new(ConnectionLimits {
            most: 3,
            most_per_address: 1,
            stall: Duration::from_secs(1),
        });
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        let places: Vec<_> = (0..3).map(|_| door.enter(here)).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(door.enter(here).is_none());
    }
}
