//! An answer that is sent while it is being written, so that the longest takes no more memory than a short one.

use super::super::Trouble;
use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc;

/// Pieces that wait for the network.
const WAITING: usize = 2;

/// What follows the attributes of an answer's root: further attributes, `>`, and all that is inside.
pub(crate) struct Streamed {
    pieces: mpsc::Receiver<Piece>,
}

/// Where the pieces go.
pub(crate) struct Sink {
    pieces: mpsc::Sender<Piece>,
}

enum Piece {
    Bytes(Bytes),
    /// Nothing is missing. Without it the connection is cut, so that nobody takes a part for the whole.
    End,
}

impl Sink {
    /// Sends a piece as soon as there is room; `false` when nobody reads any more.
    pub(crate) async fn send(&self, piece: Vec<u8>) -> bool {
        self.pieces.send(Piece::Bytes(Bytes::from(piece))).await.is_ok()
    }
}

impl Streamed {
    /// Starts writing. A trouble on the way cuts the answer.
    pub(crate) fn start<F>(write: impl FnOnce(Sink) -> F) -> Self
    where
        F: Future<Output = Result<(), Trouble>> + Send + 'static,
    {
        let (sender, pieces) = mpsc::channel(WAITING);
        let end = sender.clone();
        let writing = write(Sink { pieces: sender });
        tokio::spawn(async move {
            match writing.await {
                // Nobody may read any more.
                Ok(()) => drop(end.send(Piece::End).await),
                Err(trouble) => tracing::error!(?trouble, "an answer was cut short"),
            }
        });
        Self { pieces }
    }

    /// The whole body, between what stands before and behind.
    pub(super) fn body(self, head: Vec<u8>, tail: Vec<u8>) -> Body {
        Body::new(StreamedBody {
            head: Some(Bytes::from(head)),
            pieces: self.pieces,
            tail: Some(Bytes::from(tail)),
        })
    }
}

struct StreamedBody {
    head: Option<Bytes>,
    pieces: mpsc::Receiver<Piece>,
    tail: Option<Bytes>,
}

impl HttpBody for StreamedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        if self.tail.is_none() {
            return Poll::Ready(None);
        }
        let piece = ready!(self.pieces.poll_recv(context));
        Poll::Ready(Some(match piece {
            Some(Piece::Bytes(bytes)) => Ok(Frame::data(bytes)),
            Some(Piece::End) => Ok(Frame::data(self.tail.take().unwrap_or_default())),
            None => {
                self.tail = None;
                Err(io::Error::other("the answer was cut short"))
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.tail.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
