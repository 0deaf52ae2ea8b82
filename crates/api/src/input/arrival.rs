//! A document's content on its way in: streamed, bounded, and compared with its announced digest before it is stored.

use super::Preconditions;
use crate::problem::Problem;
use crate::state::Api;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use holdall_model::{DocumentId, ItemPath};
use holdall_services::{Caller, DocumentOptions};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Pieces of a body that wait to be stored.
const WAITING: usize = 4;
/// Where a SHA-256 may be announced (RFC 9530).
const DIGESTS: [&str; 2] = ["content-digest", "repr-digest"];

/// The body of a PUT.
#[derive(Debug)]
pub(crate) struct Arrival {
    body: Body,
    announced: Option<[u8; 32]>,
    len: Option<u64>,
    /// What must be true of what is there now.
    pub preconditions: Preconditions,
}

impl<S: Send + Sync> FromRequest<S> for Arrival {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        if headers.contains_key(CONTENT_RANGE) {
            let detail = "a document is stored whole; /uploads takes parts";
            return Err(Problem::malformed(detail, Some("Content-Range")));
        }
        require_identity(headers)?;
        let len = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        Ok(Self {
            announced: announced(headers)?,
            len,
            preconditions: Preconditions::of(headers),
            body: request.into_body(),
        })
    }
}

impl Arrival {
    /// Stores it; gives the document.
    pub(crate) async fn store(
        self,
        api: &Api,
        caller: &Caller,
        (target, options): (&ItemPath, DocumentOptions),
    ) -> Result<DocumentId, Problem> {
        let most = api.options.put_limit;
        if self.len.is_some_and(|len| len > most) {
            return Err(too_long(most));
        }
        let (sender, receiver) = channel(WAITING);
        let verdict = Arc::new(OnceLock::new());
        let content = Incoming {
            receiver,
            piece: Bytes::new(),
            left: most,
            hasher: self.announced.map(|announced| (Sha256::new(), announced)),
            verdict: Arc::clone(&verdict),
        };
        let pump = tokio::spawn(pump(self.body, sender));
        let stored = api.services.uploads.put(caller, target, content, options).await;
        pump.abort();
        match (stored, verdict.get()) {
            (Err(_), Some(Wrong::TooLong)) => Err(too_long(most)),
            (Err(_), Some(Wrong::Digest)) => Err(differs()),
            (Err(_), Some(Wrong::CutShort)) => Err(Problem::malformed("the body ended early", None)),
            (Err(failure), None) => Err(failure.into()),
            (Ok(stored), _) => Ok(stored.document),
        }
    }
}

/// Why a body was not stored.
#[derive(Clone, Copy, Debug)]
enum Wrong {
    TooLong,
    Digest,
    CutShort,
}

/// What comes from the socket, for a thread that stores it.
struct Incoming {
    receiver: Receiver<Result<Bytes, ()>>,
    piece: Bytes,
    left: u64,
    hasher: Option<(Sha256, [u8; 32])>,
    verdict: Arc<OnceLock<Wrong>>,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                Some(Ok(piece)) => self.take_in(piece)?,
                Some(Err(())) => return Err(self.give_up(Wrong::CutShort)),
                None => return self.finish(),
            }
        }
        let len = self.piece.len().min(buffer.len());
        let part = self.piece.split_to(len);
        if let Some(room) = buffer.get_mut(..len) {
            room.copy_from_slice(&part);
        }
        Ok(len)
    }
}

impl Incoming {
    fn take_in(&mut self, piece: Bytes) -> io::Result<()> {
        let len = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(len) else {
            return Err(self.give_up(Wrong::TooLong));
        };
        self.left = left;
        if let Some((hasher, _)) = &mut self.hasher {
            hasher.update(&piece);
        }
        self.piece = piece;
        Ok(())
    }

    /// The end, if the bytes are the announced ones.
    fn finish(&mut self) -> io::Result<usize> {
        let Some((hasher, announced)) = self.hasher.take() else {
            return Ok(0);
        };
        if hasher.finalize().as_slice() == announced {
            Ok(0)
        } else {
            Err(self.give_up(Wrong::Digest))
        }
    }

    fn give_up(&self, wrong: Wrong) -> io::Error {
        // The first reason counts.
        let _ = self.verdict.set(wrong);
        io::ErrorKind::InvalidData.into()
    }
}

/// Moves a body into a channel until either ends.
async fn pump(mut body: Body, sender: Sender<Result<Bytes, ()>>) {
    while let Some(frame) = body.frame().await {
        let piece = match frame.map(http_body::Frame::into_data) {
            Ok(Ok(piece)) => Ok(piece),
            // Trailers.
            Ok(Err(_)) => continue,
            Err(_) => Err(()),
        };
        let ends = piece.is_err();
        if sender.send(piece).await.is_err() || ends {
            return;
        }
    }
}

fn require_identity(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(CONTENT_ENCODING) {
        Some(coding) if !coding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            let kind = (
                "unsupported-media-type",
                "Unsupported media type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            );
            Err(Problem::new(
                kind,
                "the content must come without a coding",
                Some("Content-Encoding"),
            ))
        }
        _ => Ok(()),
    }
}

/// The SHA-256 that the headers announce, if they do.
fn announced(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    for name in DIGESTS {
        let values = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let members = values
            .flat_map(|value| value.split(','))
            .filter_map(|member| member.trim().split_once('='));
        let mut sums = members.filter(|(algorithm, _)| algorithm.trim() == "sha-256");
        if let Some((_, sum)) = sums.next() {
            let bytes = sum.trim().strip_prefix(':').and_then(|sum| sum.strip_suffix(':'));
            let bytes = bytes.and_then(|sum| BASE64_STANDARD.decode(sum).ok());
            let digest = bytes.and_then(|bytes| bytes.try_into().ok());
            let wrong =
                || Problem::malformed("sha-256 must be 32 bytes in base64 between colons", Some(name));
            return digest.map(Some).ok_or_else(wrong);
        }
    }
    Ok(None)
}

fn too_long(most: u64) -> Problem {
    let kind = ("too-large", "Document too large", StatusCode::PAYLOAD_TOO_LARGE);
    Problem::new(
        kind,
        format!("at most {most} bytes in one request; use /api/v1/uploads for more"),
        None,
    )
}

fn differs() -> Problem {
    let kind = ("digest-mismatch", "Digest differs", StatusCode::BAD_REQUEST);
    Problem::new(
        kind,
        "the content is not the announced one; nothing was stored",
        Some("Content-Digest"),
    )
}
