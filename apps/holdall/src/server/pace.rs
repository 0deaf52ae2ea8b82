//! Bodies of requests must come with some speed; one that trickles is cut.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// How fast a body must come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The fewest bytes in each [`Self::window`] that the server waits for them.
    pub(crate) least: u64,
    /// How long the server waits before it counts.
    pub(crate) window: Duration,
}

/// A body that fails when it comes too slowly.
struct Paced {
    body: Body,
    pace: Pace,
    seen: u64,
    window: Pin<Box<Sleep>>,
}

/// Cuts the body of a request when it comes too slowly.
pub(crate) fn paced(pace: Pace, request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| {
        Body::new(Paced {
            body,
            pace,
            seen: 0,
            window: Box::pin(tokio::time::sleep(pace.window)),
        })
    })
}

/// What cuts a body.
#[derive(Debug)]
struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the body of the request came too slowly")
    }
}

impl std::error::Error for TooSlow {}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame {
                let len = frame.data_ref().map_or(0, Bytes::len);
                self.seen = self.seen.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
            }
            return Poll::Ready(frame);
        }
        while self.window.as_mut().poll(context).is_ready() {
            if self.seen < self.pace.least {
                metrics::counter!("holdall_bodies_too_slow_total").increment(1);
                return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
            }
            self.seen = 0;
            let next = Instant::now() + self.pace.window;
            self.window.as_mut().reset(next);
        }
        Poll::Pending
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
    use super::{Pace, paced};
    use axum::body::{Body, Bytes};
    use futures_util::stream;
    use http_body_util::BodyExt as _;
    use std::io;
    use std::time::Duration;

    const PACE: Pace = Pace {
        least: 10,
        window: Duration::from_mins(1),
    };

    /// A body that gives `len` bytes, `times` times, with a pause before each.
    fn trickle(len: usize, times: usize, pause: Duration) -> Body {
        let piece = move |left: usize| async move {
            let left = left.checked_sub(1)?;
            tokio::time::sleep(pause).await;
            Some((Ok::<_, io::Error>(Bytes::from(vec![b'x'; len])), left))
        };
        Body::from_stream(stream::unfold(times, piece))
    }

    async fn received(body: Body) -> Option<usize> {
        let request = paced(PACE, axum::extract::Request::new(body));
        let collected = request.into_body().collect().await;
        collected.ok().map(|whole| whole.to_bytes().len())
    }

    #[tokio::test(start_paused = true)]
    async fn f18_a_body_that_trickles_is_cut_and_a_slow_one_is_not() {
        let second = Duration::from_secs(1);
        assert_eq!(received(trickle(1, 300, 30 * second)).await, None);
        assert_eq!(received(trickle(1, 300, second)).await, Some(300));
        assert_eq!(received(trickle(100, 5, 50 * second)).await, Some(500));
        assert_eq!(received(trickle(5, 1, 61 * second)).await, None);
        assert_eq!(received(Body::empty()).await, Some(0));
    }
}
