//! Whether a connection takes bytes. A body that knows makes no piece ahead of need: of a client that stalls, one piece waits in
//! memory and not as many as fit into the queues between.

use axum::body::{Body, Bytes};
use futures_util::task::AtomicWaker;
use http::Request;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tower::Service;

/// The state of a connection's way out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<State>);

#[derive(Debug, Default)]
struct State {
    blocked: AtomicBool,
    waiting: AtomicWaker,
}

impl Line {
    /// Notes whether the last write found no room.
    pub(crate) fn note(&self, blocked: bool) {
        let was = self.0.blocked.swap(blocked, Ordering::SeqCst);
        if was && !blocked {
            self.0.waiting.wake();
        }
    }

    /// Ready when there is room.
    fn poll_free(&self, context: &Context<'_>) -> Poll<()> {
        self.0.waiting.register(context.waker());
        if self.0.blocked.load(Ordering::SeqCst) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}

/// The service of one connection: tells each request the line that it came by.
#[derive(Clone, Debug)]
pub(crate) struct Lined<S> {
    pub(crate) service: S,
    pub(crate) line: Line,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for Lined<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(self.line.clone());
        self.service.call(request)
    }
}

/// A body that makes its next piece when the one before has left.
pub(crate) struct Awaited {
    body: Body,
    line: Line,
    gave: bool,
}

impl Awaited {
    pub(crate) fn new(body: Body, line: Line) -> Self {
        Self {
            body,
            line,
            gave: false,
        }
    }
}

impl HttpBody for Awaited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if std::mem::take(&mut self.gave) {
            // Asked again at once, but only after what was given has been written, as far as there is room.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.line.poll_free(context).is_pending() {
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.gave = matches!(polled, Poll::Ready(Some(Ok(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{Awaited, Line};
    use axum::body::{Body, Bytes};
    use futures_util::stream;
    use http_body_util::BodyExt as _;
    use std::io;

    #[tokio::test]
    async fn f18_no_piece_is_made_while_the_line_is_blocked() {
        let line = Line::default();
        let pieces =
            stream::iter([b"a", b"b", b"c"].map(|piece| Ok::<_, io::Error>(Bytes::from_static(piece))));
        let mut body = Awaited::new(Body::from_stream(pieces), line.clone());
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "a");
        line.note(true);
        let mut next = tokio::spawn(async move { body.collect().await });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!next.is_finished());
        line.note(false);
        let rest = (&mut next).await.unwrap().unwrap();
        assert_eq!(rest.to_bytes(), "bc");
    }
}
