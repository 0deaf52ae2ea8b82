//! Answering with bytes: conditions, one range or several, exact lengths. Documents, downloads and links are all served from here.

mod multipart;

use crate::conditions::{self, Validators, Verdict};
use crate::disposition;
use crate::json::set;
use crate::problem::Problem;
use crate::range::{self, Asked};
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use holdall_model::{Digest, Timestamp};
use holdall_services::Failure;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use multipart::Multipart;
use std::future::Future;
use std::ops::Range;

/// The digest of the bytes of this very answer (RFC 9530).
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
/// The digest of all bytes, whatever part of them the answer has (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// Bytes that can be asked for, as headers describe them.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// The strong entity tag, quoted.
    pub etag: String,
    /// When the bytes came to be.
    pub modified: Timestamp,
    /// How many there are.
    pub len: u64,
    /// The file name to save them under.
    pub name: String,
    /// Their media type.
    pub media_type: String,
    /// Their SHA-256, where that is known.
    pub digest: Option<Digest>,
    /// What caches may do with them.
    pub caching: &'static str,
}

/// Answers a GET or HEAD for `content`: 200, 206 with one range or several, 304, 412 or 416.
///
/// `open` gives the bytes of a range that lies inside the content, and is called for each part of the answer when that part is
/// due. Encodings are never applied: lengths and ranges are those of the bytes themselves.
pub(crate) async fn serve<Open, Opening>(
    content: &Content,
    headers: &HeaderMap,
    open: Open,
) -> Result<Response, Problem>
where
    Open: Fn(Range<u64>) -> Opening + Send + 'static,
    Opening: Future<Output = Result<Body, Failure>> + Send + 'static,
{
    let validators = Validators {
        etag: &content.etag,
        modified: content.modified.seconds(),
    };
    match conditions::judge(headers, &validators) {
        Verdict::Proceed => {}
        Verdict::NotModified => return Ok(content.bodiless(StatusCode::NOT_MODIFIED)),
        Verdict::Failed => return Ok(content.bodiless(StatusCode::PRECONDITION_FAILED)),
    }
    let asked = match headers.get(RANGE).and_then(|value| value.to_str().ok()) {
        Some(header) if conditions::range_applies(headers, &validators) => range::read(header, content.len),
        _ => Asked::Whole,
    };
    Ok(match asked {
        Asked::Whole => content.whole(open(0..content.len).await?),
        Asked::Part(part) => content.part(&part, open(part.clone()).await?),
        Asked::Parts(parts) => content.parts(Multipart::new(content, parts)?, open),
        Asked::Unsatisfiable => {
            let mut response = content.bodiless(StatusCode::RANGE_NOT_SATISFIABLE);
            let nothing = format!("bytes */{}", content.len);
            set(response.headers_mut(), CONTENT_RANGE, &nothing);
            response
        }
    })
}

impl Content {
    fn whole(&self, body: Body) -> Response {
        let mut response = self.filled(StatusCode::OK, self.len, body);
        if let Some(digest) = &self.digest {
            set(response.headers_mut(), CONTENT_DIGEST, &digest_field(digest));
        }
        set(response.headers_mut(), CONTENT_TYPE, &self.media_type);
        response
    }

    fn part(&self, part: &Range<u64>, body: Body) -> Response {
        let len = part.end.saturating_sub(part.start);
        let mut response = self.filled(StatusCode::PARTIAL_CONTENT, len, body);
        set(
            response.headers_mut(),
            CONTENT_RANGE,
            &content_range(part, self.len),
        );
        set(response.headers_mut(), CONTENT_TYPE, &self.media_type);
        response
    }

    fn parts<Open, Opening>(&self, parts: Multipart, open: Open) -> Response
    where
        Open: Fn(Range<u64>) -> Opening + Send + 'static,
        Opening: Future<Output = Result<Body, Failure>> + Send + 'static,
    {
        let (len, media_type) = (parts.len(), parts.media_type());
        let mut response = self.filled(StatusCode::PARTIAL_CONTENT, len, parts.into_body(open));
        set(response.headers_mut(), CONTENT_TYPE, &media_type);
        response
    }

    fn filled(&self, status: StatusCode, len: u64, body: Body) -> Response {
        let mut response = self.bodiless(status);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(len));
        set(headers, CONTENT_DISPOSITION, &disposition::attachment(&self.name));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(digest) = &self.digest {
            set(headers, REPR_DIGEST, &digest_field(digest));
        }
        *response.body_mut() = body;
        response
    }

    /// The headers that 200, 206, 304, 412 and 416 have in common.
    fn bodiless(&self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        let headers = response.headers_mut();
        set(headers, ETAG, &self.etag);
        let modified = conditions::format_date(self.modified.seconds());
        set(headers, LAST_MODIFIED, &modified);
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.caching));
        response
    }
}

fn content_range(part: &Range<u64>, len: u64) -> String {
    format!("bytes {}-{}/{len}", part.start, part.end.saturating_sub(1))
}

fn digest_field(digest: &Digest) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(digest.0))
}
