//! A range of a download as an HTTP body: verified, paced by the reader, cut when the right to read is lost.

use super::delivery::SentNote;
use super::egress::QUANTUM;
use super::feed::{Done, Feed, Step};
use super::opened::Opened;
use super::running::RunningDownload;
use super::{Downloads, OpenDownload};
use crate::Failure;
use bytes::Bytes;
use holdall_model::Timestamp;
use http_body::{Body, Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a running stream may go on before it is authorised again (I26).
pub(super) const RECHECK_AFTER: Duration = Duration::from_secs(5);

type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The bytes of one range, in pieces of at most 256 KiB, each verified before it is handed out.
///
/// Its size hint is exact. An error means that the rest must not be sent: whoever serves the body has to break the
/// connection off, short of the announced length.
pub struct DownloadBody {
    downloads: Downloads,
    opened: Arc<Opened>,
    left: u64,
    checked: Timestamp,
    note: Option<SentNote>,
    state: State,
    /// Whether the next piece has its turn on a way out that is shared.
    may_send: bool,
    running: Option<RunningDownload>,
}

enum State {
    /// The next piece may be made.
    Ready(Feed),
    /// The next piece waits for its turn.
    Queued(Feed, oneshot::Receiver<()>),
    /// A thread that may wait makes the next piece.
    Waiting(Feed, JoinHandle<Done>),
    /// The catalog is asked whether the stream may go on.
    Checking(Feed, Later<Result<(), Failure>>),
    /// Damage is being noted before the stream breaks off.
    Closing(Later<Failure>),
    /// Nothing more comes.
    Over,
}

/// What one step of the machine led to.
enum Turn {
    /// To another state: step again.
    Again,
    /// To these bytes.
    Give(Bytes),
    /// To the stream's breaking off.
    Fail(Failure),
    /// To its end.
    End,
}

impl std::fmt::Debug for DownloadBody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DownloadBody")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl DownloadBody {
    /// A body over what `feed` gives of an open download. One that is not counted as running is not sent, and waits for no turn.
    pub(super) fn new(
        open: OpenDownload,
        (feed, running): (Feed, Option<RunningDownload>),
        note: SentNote,
    ) -> Self {
        Self {
            may_send: false,
            running,
            downloads: open.downloads,
            opened: open.opened,
            left: feed.remaining(),
            checked: open.checked,
            note: Some(note),
            state: State::Ready(feed),
        }
    }

    /// The same body, whose bytes do not count as sent.
    pub(super) fn unnoted(self) -> Self {
        Self { note: None, ..self }
    }

    fn step(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Over => Poll::Ready(Turn::End),
            State::Ready(feed) if self.is_check_due() => {
                self.state = State::Checking(feed, self.start_check());
                Poll::Ready(Turn::Again)
            }
            State::Ready(feed) if !self.may_send => Poll::Ready(self.queue(feed)),
            State::Ready(feed) => Poll::Ready(self.produce(feed)),
            State::Queued(feed, mut turn) => {
                if Pin::new(&mut turn).poll(context).is_pending() {
                    self.state = State::Queued(feed, turn);
                    return Poll::Pending;
                }
                self.may_send = true;
                self.state = State::Ready(feed);
                Poll::Ready(Turn::Again)
            }
            State::Waiting(feed, mut task) => {
                let Poll::Ready(done) = Pin::new(&mut task).poll(context) else {
                    self.state = State::Waiting(feed, task);
                    return Poll::Pending;
                };
                Poll::Ready(self.take_done(feed, done))
            }
            State::Checking(feed, mut check) => {
                let Poll::Ready(checked) = check.as_mut().poll(context) else {
                    self.state = State::Checking(feed, check);
                    return Poll::Pending;
                };
                Poll::Ready(self.take_check(feed, checked))
            }
            State::Closing(mut closing) => {
                let Poll::Ready(failure) = closing.as_mut().poll(context) else {
                    self.state = State::Closing(closing);
                    return Poll::Pending;
                };
                Poll::Ready(Turn::Fail(failure))
            }
        }
    }

    fn queue(&mut self, feed: Feed) -> Turn {
        match &self.downloads.egress {
            Some(egress) if self.left > 0 && self.running.is_some() => {
                let turn = egress.ask(self.opened.facts.user, self.left.min(QUANTUM));
                self.state = State::Queued(feed, turn);
                Turn::Again
            }
            _ => self.produce(feed),
        }
    }

    fn produce(&mut self, feed: Feed) -> Turn {
        self.may_send = false;
        let mut feed = feed;
        match feed.step() {
            Ok(Step::Bytes(bytes)) => {
                self.state = State::Ready(feed);
                Turn::Give(bytes)
            }
            Ok(Step::Wait(wait)) => {
                self.state = State::Waiting(feed, tokio::task::spawn_blocking(move || wait.run()));
                Turn::Again
            }
            Ok(Step::End) => Turn::End,
            Err(failure) => Turn::Fail(failure),
        }
    }

    fn take_done(&mut self, feed: Feed, done: Result<Done, tokio::task::JoinError>) -> Turn {
        let mut feed = feed;
        match done.map(|done| feed.resume(done)) {
            Ok(Ok(bytes)) => {
                self.state = State::Ready(feed);
                Turn::Give(bytes)
            }
            Ok(Err(error)) => {
                let downloads = self.downloads.clone();
                self.state = State::Closing(Box::pin(async move { downloads.note_damage(error).await }));
                Turn::Again
            }
            Err(error) => Turn::Fail(Failure::internal(error)),
        }
    }

    fn take_check(&mut self, feed: Feed, checked: Result<(), Failure>) -> Turn {
        match checked {
            Ok(()) => {
                self.checked = self.downloads.now();
                self.state = State::Ready(feed);
                if let Some(note) = &self.note {
                    note.report();
                }
                Turn::Again
            }
            Err(failure) => Turn::Fail(failure),
        }
    }

    /// Notes that so many bytes are handed over.
    fn give(&mut self, len: usize) {
        self.left = self.left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        if let Some(note) = &mut self.note {
            note.give(len);
        }
    }

    fn is_check_due(&self) -> bool {
        self.downloads.now() >= self.checked.plus(RECHECK_AFTER)
    }

    fn start_check(&self) -> Later<Result<(), Failure>> {
        let (downloads, opened) = (self.downloads.clone(), Arc::clone(&self.opened));
        Box::pin(async move { downloads.authorise(&opened).await })
    }
}

impl Body for DownloadBody {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        loop {
            match ready!(self.step(context)) {
                Turn::Again => {}
                Turn::Give(bytes) => {
                    self.give(bytes.len());
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Turn::Fail(failure) => return Poll::Ready(Some(Err(failure))),
                Turn::End => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
