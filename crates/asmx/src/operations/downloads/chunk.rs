//! A staged download, chunk by chunk (CONTRACT section 7).

use crate::protocol::{Answer, Call, Element, File, Offset, Operation, Trouble};
use crate::views::hex_crc;
use axum::body::Body;
use bytes::Bytes;
use holdall_asmx_derive::Request;
use holdall_model::Guid;
use holdall_services::{Caller, Door, DownloadBody, Failure, SentNote};
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt as _;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

/// Answers a part of a staged download as base64, with its CRC32. Parts may be asked for in any order, again, and in parallel.
#[derive(Request)]
#[op("DownloadFileChunk", group = "Download")]
pub(crate) struct DownloadFileChunk {
    /// The handler of the download.
    #[wire("DownloadHandler", malformed = "Invalid download handler. (guid)")]
    handle: Guid,
    /// The position of the first byte, from 0 to the length of the file.
    #[wire("StartOffset")]
    offset: Offset,
    /// How many bytes to answer, at most 33554432; 0 is the server's default.
    #[wire("ChunkSize")]
    chunk_len: i64,
}

/// Chunks up to this length are read once and held in memory until they are sent. The CRC32 stands before the bytes, so longer
/// ones are read twice: a caller who takes them slowly holds no more memory than a stream.
const MOST_HELD_LEN: u64 = 1 << 20;

impl Operation for DownloadFileChunk {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let open = call.services.downloads.open(&caller, &self.handle).await?;
        let open = open.through(Door::Chunks);
        let range = open.chunk_range(self.offset.0, self.chunk_len)?;
        let chunk_len = range.end.saturating_sub(range.start);
        let is_held = chunk_len <= MOST_HELD_LEN;
        let (crc32, pieces) = read(open.inspect(range.clone())?, is_held).await?;
        let body = if is_held {
            let (pieces, note) = (pieces.into_iter(), open.note_of(range.clone()));
            Body::new(Pieces { pieces, note })
        } else {
            Body::new(open.read(range.clone())?)
        };
        let root = Element::success()
            .with_number("filelength", &open.content_len())
            .with_number("chunklength", &chunk_len)
            .with(
                "lastchunk",
                if range.end >= open.content_len() {
                    "true"
                } else {
                    "false"
                },
            )
            .with("chunkCRC32", hex_crc(crc32));
        Ok(Answer::Text(
            root,
            File {
                content_len: chunk_len,
                body,
                name: None,
            },
        ))
    }
}

/// The CRC32 of all bytes, and the bytes themselves if they are to be held.
async fn read(mut body: DownloadBody, is_held: bool) -> Result<(u32, Vec<Bytes>), Failure> {
    let (mut hasher, mut pieces) = (crc32fast::Hasher::new(), Vec::new());
    while let Some(frame) = body.frame().await {
        let bytes = frame?.into_data().unwrap_or_default();
        hasher.update(&bytes);
        if is_held {
            pieces.push(bytes);
        }
    }
    Ok((hasher.finalize(), pieces))
}

/// Bytes that are in memory already.
struct Pieces {
    pieces: vec::IntoIter<Bytes>,
    note: SentNote,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.pieces.next();
        self.note.give(next.as_ref().map_or(0, Bytes::len));
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Forgets a staged download. One that is gone already is as good as forgotten.
#[derive(Request)]
#[op("DeleteDownloadHandler", group = "Download", format_first)]
pub(crate) struct DeleteDownloadHandler {
    /// The handler of the download.
    #[wire("DownloadHandler", malformed = "bad Request")]
    handle: Guid,
}

impl Operation for DeleteDownloadHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.downloads.forget(&caller, &self.handle).await?;
        Ok(Element::success().with("error", "").into())
    }
}
