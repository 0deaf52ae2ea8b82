//! Everything that can go wrong, in domain words. Edges turn it into their own form in one exhaustive match each.
//!
//! What a failure shows is for users: no path on disk, SQL or secret. The source of [`Failure::Internal`] is for the log only.

use crate::Rule;
use holdall_blobs::BlobError;
use holdall_catalog::CatalogError;
use std::error::Error;
use std::fmt;
use thiserror::Error as ThisError;

/// A kind of thing that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A document or a folder.
    Item,
    /// A document.
    Document,
    /// A folder.
    Folder,
    /// A library.
    Library,
    /// A user.
    User,
    /// A group.
    Group,
    /// A document's version.
    Version,
    /// A session.
    Session,
}

/// What stands in the way of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// A thing of that name is there already.
    Exists(Thing),
    /// The user or group is a member already.
    AlreadyMember,
    /// The user or group is no member by an entry of its own.
    NotMember,
    /// The new password is the present one.
    SamePassword,
    /// The user has documents locked.
    HoldsLocks,
    /// The user does not manage the library.
    NotManager,
    /// The library is archived.
    Archived,
    /// The item is in the queue already.
    AlreadyQueued,
    /// Somebody else holds the document's lock.
    Locked,
    /// The caller holds the document's lock already.
    LockedByCaller,
    /// The caller does not hold the document's lock.
    NotLockedByCaller,
    /// Mail messages are not locked.
    MailIsNotLocked,
    /// A document keeps its last version.
    OnlyVersion,
    /// The upload has not received its last chunk.
    UploadUnfinished,
    /// The upload has received its last chunk.
    UploadFinished,
}

/// An item that was left out of an archive, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The full path of the item, `/` separated.
    pub path: String,
    /// The document's id.
    pub document: holdall_model::DocumentId,
    /// Why it was left out.
    pub reason: SkipReason,
}

/// Why an item was left out of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// The caller may list the document but not read it.
    NotReadable,
    /// The library is archived, its documents are offline.
    Offline,
    /// The stored content failed verification and is kept from being served.
    Quarantined,
    /// The document has no version that the caller may read.
    NoVersion,
    /// What a shortcut stands for is gone, or the caller may not see it.
    TargetMissing,
}

/// Why a call did not do what was asked. Nothing was changed.
#[derive(Debug, ThisError)]
pub enum Failure {
    /// Bad credentials, or no usable ticket.
    #[error("authentication failed")]
    NotAuthenticated,
    /// The ticket is unknown, expired or logged out.
    #[error("the session has expired")]
    SessionExpired,
    /// The account may not hold tickets.
    #[error("the account may not hold tickets")]
    TicketNotAllowed,
    /// Too many failed attempts; try again after so many seconds.
    #[error("too many attempts, retry after {seconds} s")]
    TooManyAttempts {
        /// How long to wait.
        seconds: u64,
    },
    /// It does not exist, or the caller may not know that it does.
    #[error("{0:?} not found")]
    NotFound(Thing),
    /// The caller may see the item but lacks the right.
    #[error("access denied")]
    Denied,
    /// The caller may change the document, but is neither its owner nor a manager of the library nor an author of a version.
    #[error("only the owner, a manager or an author of a version may publish")]
    PublishersOnly,
    /// Somebody else holds the document's lock.
    #[error("locked by {name}")]
    LockedBy {
        /// First and last name of who does, or the login name; empty when the account is gone.
        name: String,
    },
    /// Only the system administrator may do this.
    #[error("only an administrator may do this")]
    AdministratorOnly,
    /// The rules of the folder do not allow it, whoever asks.
    #[error("the folder does not allow {0}")]
    ForbiddenByRule(Rule),
    /// The rules of the folder do not allow documents with that extension, whoever asks.
    #[error("the folder takes documents of these types only: {allowed}")]
    FileTypeNotAllowed {
        /// The extensions that are allowed, without a dot.
        allowed: String,
    },
    /// The place where something should go is to blame.
    #[error("destination: {0}")]
    Destination(Box<Self>),
    /// A parameter that must have a value is empty.
    #[error("{field} is required")]
    Required {
        /// The parameter in domain words.
        field: &'static str,
    },
    /// A parameter is out of its bounds or malformed.
    #[error("{field}: {problem}")]
    Invalid {
        /// The parameter in domain words.
        field: &'static str,
        /// What is wrong, naming the bound.
        problem: String,
    },
    /// A text that starts with `~` is no short id.
    #[error("malformed short id")]
    InvalidShortId,
    /// What is there now is not what the caller wants to change.
    #[error("it is not, or no longer, what was expected")]
    Changed,
    /// The present state does not allow the change.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The selection is above the limits of staging.
    #[error(
        "{count} documents of {raw_len} bytes exceed the limits of {max_count} documents and {max_len} bytes"
    )]
    OverStagingLimits {
        /// Documents selected.
        count: u64,
        /// The sum of their raw lengths in bytes.
        raw_len: u64,
        /// The most documents allowed; zero is unlimited.
        max_count: u64,
        /// The most raw bytes allowed; zero is unlimited.
        max_len: u64,
    },
    /// The document is longer than uploads may be.
    #[error("a document may have at most {max_len} bytes")]
    TooLarge {
        /// The limit in bytes.
        max_len: u64,
    },
    /// The caller has as many of these as one user may have.
    #[error("at most {most} {what} a user")]
    QuotaReached {
        /// What is counted, in plural.
        what: &'static str,
        /// How many are allowed.
        most: u64,
    },
    /// As many downloads are being sent to the caller as may be at the same time.
    #[error("at most {most} downloads of a user are sent at the same time")]
    TooManyRunning {
        /// How many are allowed.
        most: usize,
    },
    /// Staging archives is switched off.
    #[error("staging archives is disabled")]
    StagingDisabled,
    /// No item of the selection resolved.
    #[error("no valid items")]
    NothingSelected,
    /// Strict staging met documents that cannot be included, or nothing was left to include.
    #[error("{} items cannot be included", .0.len())]
    Incomplete(Vec<Skip>),
    /// The download does not exist, has ended, or belongs to somebody else.
    #[error("no such download")]
    NoSuchDownload,
    /// The link does not hold, for whatever reason.
    #[error("no such link")]
    NoSuchLink,
    /// The link wants a password, and got none or a wrong one.
    #[error("the link wants its password")]
    PasswordWanted,
    /// The download was the caller's, and has expired or was deleted.
    #[error("the download has ended")]
    DownloadEnded,
    /// The caller lost the right to read some of the download's documents; the whole download has ended.
    #[error("the right to read {documents} of its documents was lost")]
    DownloadRevoked {
        /// How many documents.
        documents: u64,
    },
    /// A byte position outside the content.
    #[error("offset {offset} is outside a content of {content_len} bytes")]
    OutOfRange {
        /// What was asked.
        offset: i64,
        /// How long the content is.
        content_len: u64,
    },
    /// The upload does not exist, has ended, or belongs to somebody else.
    #[error("no such upload")]
    NoSuchUpload,
    /// The upload holds another number of bytes than the caller believes.
    #[error("the upload holds {received_len} bytes")]
    WrongOffset {
        /// How many it holds.
        received_len: u64,
    },
    /// Another call goes on with the upload, or its document is being stored.
    #[error("another call goes on with the upload")]
    UploadBusy,
    /// What was to be unpacked is no zip, or more than one may hold.
    #[error("the archive cannot be unpacked: {problem}")]
    NotAnArchive {
        /// What is wrong, naming the bound.
        problem: String,
    },
    /// The chunk's bytes do not have the announced CRC32; nothing was appended.
    #[error("the chunk's CRC32 differs")]
    ChunkMismatch,
    /// The library is archived and its documents are offline.
    #[error("the document is offline")]
    Offline,
    /// Too busy; the same call may work a little later.
    #[error("busy, try again")]
    Busy,
    /// The store takes no writes after a disk failure; reading goes on.
    #[error("the store is read-only")]
    ReadOnly,
    /// The disk is full.
    #[error("the store is full")]
    Full,
    /// A defect or a failing disk or database. The source is for the log.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// Wraps what no caller can act on.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The parameter `field` is malformed in the way `problem` says.
    pub fn invalid(field: &'static str, problem: impl fmt::Display) -> Self {
        Self::Invalid {
            field,
            problem: problem.to_string(),
        }
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Busy => Self::Busy,
            CatalogError::Full => Self::Full,
            other => Self::internal(other),
        }
    }
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => Self::Full,
            BlobError::ReadOnly => Self::ReadOnly,
            other => Self::internal(other),
        }
    }
}
