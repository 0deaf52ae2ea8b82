//! Chunks: one piece of a download in one answer.

use super::feed::{Feed, Step};
use super::{Door, Downloads, OpenDownload};
use crate::{Caller, Failure};
use bytes::{Bytes, BytesMut};
use holdall_model::Guid;
use std::ops::Range;

/// The length of a chunk when the caller names none: 1 MiB.
const DEFAULT_LEN: u64 = 1 << 20;

/// The longest chunk: 32 MiB (CONTRACT section 7).
const MOST_LEN: u64 = 33_554_432;

/// Part of a download.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The bytes; fewer than were asked for at the end and above 32 MiB.
    pub bytes: Bytes,
    /// Bytes of the whole download.
    pub content_len: u64,
    /// Whether the content ends with this chunk.
    pub last: bool,
}

impl OpenDownload {
    /// Where the chunk of `len` bytes from `offset` on lies: 1 MiB if `len` is not positive, 32 MiB at most, and less at the end,
    /// where it is empty. [`Failure::OutOfRange`] if `offset` is negative or beyond the end.
    pub fn chunk_range(&self, offset: i64, len: i64) -> Result<Range<u64>, Failure> {
        let content_len = self.content_len();
        let start = u64::try_from(offset).ok().filter(|start| *start <= content_len);
        let start = start.ok_or(Failure::OutOfRange { offset, content_len })?;
        let wished = u64::try_from(len).ok().filter(|len| *len > 0);
        let len = wished.unwrap_or(DEFAULT_LEN).min(MOST_LEN);
        Ok(start..start.saturating_add(len).min(content_len))
    }
}

impl Downloads {
    /// The bytes from `offset` on, about `len` of them; 1 MiB if `len` is not positive. At the very end it is empty.
    /// Fails like [`Self::open`], and with [`Failure::OutOfRange`] if `offset` is negative or beyond the end.
    pub async fn chunk(
        &self,
        caller: &Caller,
        handle: &Guid,
        offset: i64,
        len: i64,
    ) -> Result<Chunk, Failure> {
        let open = self.open(caller, handle).await?;
        let content_len = open.content_len();
        let range = open.chunk_range(offset, len)?;
        let end = range.end;
        let feed = Feed::new(self.house.blobs.clone(), &open.opened, range.clone());
        let bytes = self.collect(feed).await?;
        open.through(Door::Chunks).note_of(range).give(bytes.len());
        Ok(Chunk {
            bytes,
            content_len,
            last: end >= content_len,
        })
    }

    async fn collect(&self, feed: Feed) -> Result<Bytes, Failure> {
        let mut feed = feed;
        let len = feed.remaining();
        let mut collected = BytesMut::new();
        loop {
            let bytes = match feed.step()? {
                Step::End => return Ok(collected.freeze()),
                Step::Bytes(bytes) => bytes,
                Step::Wait(wait) => {
                    let done = tokio::task::spawn_blocking(move || wait.run())
                        .await
                        .map_err(Failure::internal)?;
                    match feed.resume(done) {
                        Ok(bytes) => bytes,
                        Err(error) => return Err(self.note_damage(error).await),
                    }
                }
            };
            if feed.remaining() == 0 && collected.is_empty() {
                return Ok(bytes);
            }
            if collected.is_empty() {
                collected.reserve(usize::try_from(len).unwrap_or_default());
            }
            collected.extend_from_slice(&bytes);
        }
    }
}
