//! What is told of each request: one line in the log, and numbers. Both name the route and never the address, which can hold
//! names, tickets and handles.

use super::line::{Awaited, Line};
use super::request_id::{RequestId, X_REQUEST_ID};
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use holdall_model::Stopwatch;
use http::header::CONTENT_DISPOSITION;
use http::{HeaderMap, Method};
use http_body::{Body as HttpBody, Frame, SizeHint};
use metrics::{Gauge, Label};
use std::pin::Pin;
use std::task::{Context, Poll};
use tracing::{Instrument as _, Span};

/// What is told when the client went away before there was an answer.
const WENT_AWAY: u16 = 499;

/// Names a request, answers it, and tells of it when the last byte has left.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let span = tracing::info_span!("request", id = %id, user = tracing::field::Empty);
    let mut record = Record::begin(&request, span.clone());
    let line = request.extensions().get::<Line>().cloned().unwrap_or_default();
    let mut response = next.run(request).instrument(span).await;
    record.status = response.status().as_u16();
    record.download = is_download(response.headers()).then(|| Running::enter("holdall_downloads_in_flight"));
    if let Some(id) = id.header() {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response.map(|body| {
        let body = Body::new(Awaited::new(body, line));
        Body::new(Observed { body, record })
    })
}

/// A number that is one higher while this lives.
struct Running(Gauge);

impl Running {
    fn enter(name: &'static str) -> Self {
        let gauge = metrics::gauge!(name);
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// What is known of a request so far; it is told when this is dropped.
struct Record {
    span: Span,
    method: &'static str,
    route: String,
    watch: Stopwatch,
    status: u16,
    sent_len: u64,
    download: Option<Running>,
    _request: Running,
}

impl Record {
    fn begin(request: &Request, span: Span) -> Self {
        Self {
            span,
            method: method_of(request.method()),
            route: route_of(request),
            watch: Stopwatch::start(),
            status: WENT_AWAY,
            sent_len: 0,
            download: None,
            _request: Running::enter("holdall_requests_in_flight"),
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let elapsed = self.watch.elapsed();
        let (method, route, status) = (self.method, self.route.as_str(), self.status);
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let bytes = self.sent_len;
        self.span.in_scope(|| {
            tracing::info!(target: "holdall::access", method, route, status, ms, bytes, "answered");
        });
        let labels = [
            Label::from_static_parts("method", method),
            Label::new("route", self.route.clone()),
        ];
        let with_status = [labels.as_slice(), &[Label::new("status", status.to_string())]].concat();
        metrics::counter!("holdall_requests_total", with_status).increment(1);
        metrics::counter!("holdall_sent_bytes_total", labels.to_vec()).increment(bytes);
        metrics::histogram!("holdall_request_seconds", labels.to_vec()).record(elapsed);
    }
}

/// A body whose bytes are counted.
struct Observed {
    body: Body,
    record: Record,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let len = frame.data_ref().map_or(0, Bytes::len);
            self.record.sent_len = self
                .record
                .sent_len
                .saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The template of the route. Those of infoRouter's address exist in every case of its letters; they are told as one.
fn route_of(request: &Request) -> String {
    let template = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    template.map_or_else(|| "other".to_owned(), str::to_ascii_lowercase)
}

/// Methods of the standard; a client can invent any number of others.
fn method_of(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("other")
}

fn is_download(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_DISPOSITION)
        .is_some_and(|value| value.as_bytes().starts_with(b"attachment"))
}
