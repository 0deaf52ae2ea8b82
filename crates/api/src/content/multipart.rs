//! Several ranges in one answer: `multipart/byteranges` (RFC 9110 section 14.6) of known length.

use super::{Content, content_range};
use axum::body::{Body, Bytes};
use futures_util::future::ready;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use holdall_services::Failure;
use std::fmt::Write as _;
use std::future::Future;
use std::ops::Range;

/// The parts of an answer.
#[derive(Debug)]
pub(super) struct Multipart {
    boundary: String,
    parts: Vec<Part>,
    end: Bytes,
}

/// A range, and what stands before its bytes.
#[derive(Debug)]
struct Part {
    head: Bytes,
    range: Range<u64>,
}

impl Multipart {
    /// Parts for these ranges of `content`. The boundary is random, so that no content can be made to hold it.
    pub(super) fn new(content: &Content, ranges: Vec<Range<u64>>) -> Result<Self, Failure> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(Failure::internal)?;
        let mut boundary = String::new();
        for byte in random {
            // Writing to a String cannot fail.
            let _ = write!(boundary, "{byte:02x}");
        }
        let part = |(number, range): (usize, Range<u64>)| {
            let line_end = if number == 0 { "" } else { "\r\n" };
            let head = format!(
                "{line_end}--{boundary}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n",
                content.media_type,
                content_range(&range, content.len)
            );
            Part {
                head: head.into(),
                range,
            }
        };
        let parts = ranges.into_iter().enumerate().map(part).collect();
        let end = format!("\r\n--{boundary}--\r\n").into();
        Ok(Self { boundary, parts, end })
    }

    /// Bytes of the whole answer.
    pub(super) fn len(&self) -> u64 {
        let len_of = |bytes: &Bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.parts.iter().fold(len_of(&self.end), |len, part| {
            let range_len = part.range.end.saturating_sub(part.range.start);
            len.saturating_add(len_of(&part.head)).saturating_add(range_len)
        })
    }

    /// The media type of the whole answer.
    pub(super) fn media_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    /// The whole answer; each range is opened when the one before it has been taken.
    pub(super) fn into_body<Open, Opening>(self, open: Open) -> Body
    where
        Open: Fn(Range<u64>) -> Opening + Send + 'static,
        Opening: Future<Output = Result<Body, Failure>> + Send + 'static,
    {
        let fill = move |part: Part| {
            let opening = open(part.range);
            async move {
                let bytes = opening.await.map_err(axum::Error::new)?.into_data_stream();
                Ok(stream::once(ready(Ok(part.head))).chain(bytes))
            }
        };
        let parts = stream::iter(self.parts).then(fill).try_flatten();
        Body::from_stream(parts.chain(stream::once(ready(Ok(self.end)))))
    }
}
