//! Answers of JSON lines that are made while they are sent: one part ahead, and no more in memory.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::ready;
use futures_util::stream::{self, StreamExt as _};
use holdall_services::Failure;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::future::Future;
use tokio::sync::mpsc;

/// Some lines.
type Part = Result<Bytes, Failure>;

/// What makes the parts of an answer, one after the other.
pub(crate) trait Parts: Send + 'static {
    /// The next part; `None` after the last.
    fn next_part(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Failure>> + Send;
}

/// An answer that starts with `head` and goes on with `parts`. A failure breaks it off, short of its end.
pub(crate) fn answer(head: Vec<u8>, parts: impl Parts) -> Response {
    // One part is sent while the next is made; more would only take memory.
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(make(parts, sender));
    let parts = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|part: Part| (part, receiver))
    });
    let head = stream::once(ready(Ok(Bytes::from(head))));
    let mut response = Body::from_stream(head.chain(parts)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    response
}

/// Makes parts until there are no more or nobody wants them.
async fn make(parts: impl Parts, sender: mpsc::Sender<Part>) {
    let mut parts = parts;
    loop {
        let part = match parts.next_part().await {
            Ok(Some(part)) => Ok(part.into()),
            Ok(None) => return,
            Err(failure) => Err(failure),
        };
        let is_over = part.is_err();
        if sender.send(part).await.is_err() || is_over {
            return;
        }
    }
}
