//! How much memory request bodies may take together. What strangers announce counts for nothing: room is taken as bytes
//! arrive, so slow senders hold little and a flood is refused, not stored (L9).

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use thiserror::Error as ThisError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is taken at a time. Bodies up to this length take nothing: the number of connections bounds them.
const STEP_LEN: usize = 1 << 20;

/// Room for request bodies.
#[derive(Clone)]
pub(super) struct Budget(Arc<Semaphore>);

/// There is no room left.
#[derive(Debug, ThisError)]
#[error("too many long requests at once")]
struct Exhausted;

/// A body that takes room as it arrives and keeps it until [`Hold`] is dropped.
struct Budgeted {
    inner: Body,
    budget: Budget,
    room: usize,
    taken: Arc<Mutex<Vec<OwnedSemaphorePermit>>>,
}

/// The room that a body has taken; it outlives the body, because the arguments made of it do.
pub(super) struct Hold {
    _taken: Arc<Mutex<Vec<OwnedSemaphorePermit>>>,
}

impl Budget {
    /// Room for `len` bytes.
    pub(super) fn of(len: usize) -> Self {
        Self(Arc::new(Semaphore::new(
            (len / STEP_LEN).min(Semaphore::MAX_PERMITS),
        )))
    }

    /// The body under watch.
    pub(super) fn watch(&self, inner: Body) -> (Body, Hold) {
        let taken = Arc::default();
        let hold = Hold {
            _taken: Arc::clone(&taken),
        };
        (
            Body::new(Budgeted {
                inner,
                budget: self.clone(),
                room: STEP_LEN,
                taken,
            }),
            hold,
        )
    }
}

impl Budgeted {
    fn make_room(&mut self, len: usize) -> Result<(), Exhausted> {
        while self.room < len {
            let permit = Arc::clone(&self.budget.0)
                .try_acquire_owned()
                .map_err(|_| Exhausted)?;
            self.taken
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(permit);
            self.room = self.room.saturating_add(STEP_LEN);
        }
        self.room = self.room.saturating_sub(len);
        Ok(())
    }
}

impl HttpBody for Budgeted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(data) = frame
            .as_ref()
            .and_then(|frame| frame.as_ref().ok())
            .and_then(Frame::data_ref)
        {
            let len = data.len();
            if let Err(exhausted) = self.make_room(len) {
                return Poll::Ready(Some(Err(axum::Error::new(exhausted))));
            }
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Whether an error of a body, however wrapped, is that there is no room left.
pub(super) fn is_exhausted(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<Exhausted>() {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Budget, is_exhausted};
    use axum::body::{Body, to_bytes};

    async fn read(budget: &Budget, len: usize) -> Result<super::Hold, axum::Error> {
        let (body, hold) = budget.watch(Body::from(vec![0; len]));
        to_bytes(body, usize::MAX).await.map(|_| hold)
    }

    #[tokio::test]
    async fn l9_long_bodies_share_a_bounded_room() {
        let budget = Budget::of(4 << 20);
        let first = read(&budget, 3 << 20).await.unwrap();
        let second = read(&budget, 3 << 20).await.unwrap();
        let third = read(&budget, 3 << 20).await.err().unwrap();
        assert!(is_exhausted(&third));
        drop(first);
        read(&budget, 3 << 20).await.unwrap();
        drop(second);
    }

    #[tokio::test]
    async fn short_bodies_pass_when_there_is_no_room() {
        let budget = Budget::of(0);
        read(&budget, 1 << 20).await.unwrap();
        assert!(read(&budget, (1 << 20) + 1).await.is_err());
    }
}
