//! A body inside text: the base64 of another body between a head and a tail, as it arrives, with the length known before.

use super::buffers::{self, RAW_LEN};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::Simd;
use base64::engine::general_purpose::PAD;
use bytes::{Buf as _, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, ready};

/// The engine that finds out once what the processor can do.
static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

/// Head, base64 of the inner body, tail. An error of the inner body ends it, short of its length.
pub(super) struct Base64Body {
    head: Option<Bytes>,
    inner: Body,
    /// What arrived and is not encoded yet.
    piece: Bytes,
    carry: Carry,
    tail: Option<Bytes>,
    remaining: Option<u64>,
}

/// Up to three bytes: a group that a piece began and the next one fills.
#[derive(Default)]
struct Carry {
    bytes: [u8; 3],
    len: usize,
}

impl Carry {
    /// Takes bytes off the piece until the group is full or the piece is empty.
    fn take(&mut self, piece: &mut Bytes) {
        for slot in self.bytes.iter_mut().skip(self.len) {
            if !piece.has_remaining() {
                return;
            }
            *slot = piece.get_u8();
            self.len += 1;
        }
    }

    /// Completes a group that was begun, which the piece is long enough for, and writes its text.
    fn complete(&mut self, piece: &mut Bytes, room: &mut [u8]) -> usize {
        if self.len == 0 {
            return 0;
        }
        self.take(piece);
        self.write(room)
    }

    /// Writes the text of the bytes and forgets them.
    fn write(&mut self, room: &mut [u8]) -> usize {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        let written = write(bytes, room);
        self.len = 0;
        written
    }
}

/// The room is always longer than the text; if it were not, the answer would be short of its length and end the connection.
fn write(bytes: &[u8], room: &mut [u8]) -> usize {
    ENGINE.encode_slice(bytes, room).unwrap_or_default()
}

impl Base64Body {
    /// Wraps `inner`, which has `raw_len` bytes.
    pub(super) fn new(head: Vec<u8>, inner: Body, raw_len: u64, tail: Vec<u8>) -> Self {
        let around = u64::try_from(head.len().saturating_add(tail.len())).ok();
        let text = raw_len.div_ceil(3).checked_mul(4);
        Self {
            head: Some(Bytes::from(head)),
            inner,
            piece: Bytes::new(),
            carry: Carry::default(),
            tail: Some(Bytes::from(tail)),
            remaining: around
                .zip(text)
                .and_then(|(around, text)| around.checked_add(text)),
        }
    }

    /// The whole length in bytes; `None` when it does not fit 64 bits.
    pub(super) fn content_len(&self) -> Option<u64> {
        self.remaining
    }

    /// The text of the piece's next groups; what does not fill one is carried over.
    fn encode(&mut self) -> Bytes {
        let Self { piece, carry, .. } = self;
        buffers::fill(|room| {
            let mut used = carry.complete(piece, room);
            let whole_len = piece.len().min(RAW_LEN - 3) / 3 * 3;
            let groups = piece.split_to(whole_len);
            used += write(&groups, room.get_mut(used..).unwrap_or_default());
            if piece.len() < 3 {
                carry.take(piece);
            }
            used
        })
    }

    /// The last group, and the tail.
    fn finish(&mut self) -> Option<Bytes> {
        let tail = self.tail.take()?;
        let mut room = [0; 4];
        let text_len = self.carry.write(&mut room);
        let mut text = room.get(..text_len).unwrap_or_default().to_vec();
        text.extend_from_slice(&tail);
        Some(Bytes::from(text))
    }

    fn poll_text(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(head)));
        }
        loop {
            if !self.piece.is_empty() {
                return Poll::Ready(Some(Ok(self.encode())));
            }
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                Some(Ok(frame)) => self.arrive(frame.into_data().unwrap_or_default()),
                Some(Err(error)) => {
                    self.tail = None;
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(self.finish().map(Ok)),
            }
        }
    }

    /// Takes the next piece; one that completes no group is carried over whole.
    fn arrive(&mut self, piece: Bytes) {
        self.piece = piece;
        if self.carry.len + self.piece.len() < 3 {
            self.carry.take(&mut self.piece);
        }
    }
}

impl HttpBody for Base64Body {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let text = ready!(self.poll_text(context));
        if let Some(Ok(text)) = &text {
            let len = u64::try_from(text.len()).unwrap_or(u64::MAX);
            self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(len));
        }
        Poll::Ready(text.map(|text| text.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.tail.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining.map(SizeHint::with_exact).unwrap_or_default()
    }
}
