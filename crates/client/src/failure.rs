//! Why something could not be done, told apart by what a caller can do about it.

use holdall_api_types::{Problem, Skip};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a call or a transfer failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no session, or it has ended: sign in again.
    #[error("not signed in: {0}")]
    SignedOut(String),
    /// The server says no.
    #[error("denied: {0}")]
    Denied(String),
    /// There is no such thing, or it may not be seen.
    #[error("not found: {0}")]
    NotFound(String),
    /// The download has expired, was deleted or was revoked.
    #[error("the download has ended: {0}")]
    Ended(String),
    /// Documents stand in the way of doing it whole.
    #[error("{} documents cannot be included", .0.len())]
    Incomplete(Vec<Skip>),
    /// The server does not take the request.
    #[error("{}", tell(.0))]
    Refused(Box<Problem>),
    /// The server has no time now.
    #[error("the server is busy: {detail}")]
    Busy {
        /// In its words.
        detail: String,
        /// How long it asks to be left alone.
        after: Option<Duration>,
    },
    /// The server cannot be reached, or the line broke.
    #[error("{0}")]
    Unreachable(String),
    /// The server's content is not the one it promised.
    #[error("the content has changed on the way: {0}")]
    Changed(String),
    /// An answer breaks the protocol.
    #[error("an answer cannot be understood: {0}")]
    Protocol(String),
    /// Content that does not match its checksums, however often it was fetched.
    #[error("{path} came damaged {tries} times")]
    Damaged {
        /// The entry's path in the archive.
        path: String,
        /// How often.
        tries: u32,
    },
    /// The disk failed or is full.
    #[error("{}: {source}", path.display())]
    Disk {
        /// What was read or written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Something on this machine stands in the way.
    #[error("{0}")]
    InTheWay(String),
}

impl Failure {
    /// Whether the same request may succeed a little later.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unreachable(_))
    }

    /// How long the server asks to be left alone.
    pub(crate) fn after(&self) -> Option<Duration> {
        match self {
            Self::Busy { after, .. } => *after,
            _ => None,
        }
    }

    /// Failures of the disk at `path`, for `map_err`.
    pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { path, source }
    }
}

fn tell(problem: &Problem) -> String {
    match &problem.field {
        Some(field) => format!("{}: {} ({field})", problem.title, problem.detail),
        None => format!("{}: {}", problem.title, problem.detail),
    }
}
