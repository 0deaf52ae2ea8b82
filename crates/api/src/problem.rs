//! Failure → status and `application/problem+json` (RFC 9457): the one match.

use axum::response::{IntoResponse, Response};
use holdall_api_types as wire;
use holdall_services::{Conflict, Failure, SkipReason, Thing};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

/// A failed request, ready to be answered.
#[derive(Debug)]
pub(crate) struct Problem {
    body: Box<wire::Problem>,
    retry_after: Option<u64>,
}

/// What one kind of failure looks like: the last segment of its type, its title and its status.
type Kind = (&'static str, &'static str, StatusCode);

impl Problem {
    /// A problem of the edge itself, with a field if one is to blame.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>, field: Option<&str>) -> Self {
        let (name, title, status) = kind;
        let body = wire::Problem {
            kind: format!("/problems/{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            field: field.map(str::to_owned),
            skipped: Vec::new(),
        };
        Self {
            body: Box::new(body),
            retry_after: None,
        }
    }

    /// The request's body or a field of it is malformed.
    pub(crate) fn malformed(detail: impl Into<String>, field: Option<&str>) -> Self {
        Self::new(
            ("invalid", "Invalid request", StatusCode::BAD_REQUEST),
            detail,
            field,
        )
    }

    /// No bearer token, or none that could be one.
    pub(crate) fn unauthorized() -> Self {
        let detail = "the Authorization header must hold a bearer token";
        Self::new(
            ("not-authenticated", "Not authenticated", StatusCode::UNAUTHORIZED),
            detail,
            None,
        )
    }

    /// The address is there, but does not take the method.
    pub(crate) fn no_method() -> Self {
        Self::new(
            (
                "method-not-allowed",
                "Method not allowed",
                StatusCode::METHOD_NOT_ALLOWED,
            ),
            "the Allow header names the methods that this address takes",
            None,
        )
    }

    /// Nothing is at this address.
    pub(crate) fn no_route() -> Self {
        Self::new(
            ("not-found", "Not found", StatusCode::NOT_FOUND),
            "nothing is at this address",
            None,
        )
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        if let Failure::Internal(source) = &failure {
            tracing::error!(error = %source, "a request failed");
        }
        let mut problem = Self::new(kind_of(&failure), detail_of(&failure), field_of(&failure));
        problem.retry_after = match &failure {
            Failure::TooManyAttempts { seconds } => Some(*seconds),
            Failure::Busy | Failure::UploadBusy => Some(1),
            Failure::TooManyRunning { .. } => Some(5),
            _ => None,
        };
        if let Failure::Incomplete(skips) = &failure {
            problem.body.skipped = skips.iter().map(skip).collect();
        }
        problem
    }
}

/// The one exhaustive match: a new failure does not compile until it has a status.
#[expect(clippy::too_many_lines, reason = "a line for each failure")]
fn kind_of(failure: &Failure) -> Kind {
    match failure {
        Failure::NotAuthenticated => ("not-authenticated", "Not authenticated", StatusCode::UNAUTHORIZED),
        Failure::SessionExpired => ("session-expired", "Session expired", StatusCode::UNAUTHORIZED),
        Failure::TicketNotAllowed => (
            "ticket-not-allowed",
            "No session for this account",
            StatusCode::FORBIDDEN,
        ),
        Failure::TooManyAttempts { .. } => (
            "too-many-attempts",
            "Too many attempts",
            StatusCode::TOO_MANY_REQUESTS,
        ),
        Failure::NotFound(_) => ("not-found", "Not found", StatusCode::NOT_FOUND),
        Failure::Denied => ("denied", "Access denied", StatusCode::FORBIDDEN),
        Failure::PublishersOnly => ("publishers-only", "Publishers only", StatusCode::FORBIDDEN),
        Failure::LockedBy { .. } => ("locked", "Document locked", StatusCode::CONFLICT),
        Failure::AdministratorOnly => ("administrator-only", "Administrators only", StatusCode::FORBIDDEN),
        Failure::ForbiddenByRule(_) => (
            "forbidden-by-rule",
            "Forbidden by the folder's rules",
            StatusCode::CONFLICT,
        ),
        Failure::FileTypeNotAllowed { .. } => (
            "file-type-not-allowed",
            "File type not allowed",
            StatusCode::CONFLICT,
        ),
        Failure::Destination(inner) => kind_of(inner),
        Failure::Required { .. } => ("required", "A field is required", StatusCode::BAD_REQUEST),
        Failure::Invalid { .. } => ("invalid", "Invalid request", StatusCode::BAD_REQUEST),
        Failure::InvalidShortId => ("invalid-short-id", "Malformed short id", StatusCode::BAD_REQUEST),
        Failure::Changed => (
            "precondition-failed",
            "Precondition failed",
            StatusCode::PRECONDITION_FAILED,
        ),
        Failure::Conflict(_) => ("conflict", "Conflict", StatusCode::CONFLICT),
        Failure::OverStagingLimits { .. } => (
            "over-limits",
            "Selection over the limits",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Failure::TooLarge { .. } => ("too-large", "Document too large", StatusCode::PAYLOAD_TOO_LARGE),
        Failure::QuotaReached { .. } => ("quota-reached", "Quota reached", StatusCode::TOO_MANY_REQUESTS),
        Failure::TooManyRunning { .. } => (
            "too-many-running",
            "Too many running downloads",
            StatusCode::TOO_MANY_REQUESTS,
        ),
        Failure::StagingDisabled => ("staging-disabled", "Archives are disabled", StatusCode::FORBIDDEN),
        Failure::NothingSelected => (
            "nothing-selected",
            "Nothing selected",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Failure::Incomplete(_) => (
            "incomplete",
            "Items cannot be included",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Failure::NoSuchDownload => ("no-such-download", "No such download", StatusCode::NOT_FOUND),
        Failure::DownloadEnded | Failure::DownloadRevoked { .. } => {
            ("download-ended", "Download ended", StatusCode::GONE)
        }
        Failure::OutOfRange { .. } => (
            "out-of-range",
            "Outside the content",
            StatusCode::RANGE_NOT_SATISFIABLE,
        ),
        Failure::NoSuchLink => ("no-such-link", "No such link", StatusCode::NOT_FOUND),
        Failure::PasswordWanted => ("password-wanted", "Password wanted", StatusCode::UNAUTHORIZED),
        Failure::NoSuchUpload => ("no-such-upload", "No such upload", StatusCode::NOT_FOUND),
        Failure::WrongOffset { .. } => ("wrong-offset", "Other bytes are expected", StatusCode::CONFLICT),
        Failure::UploadBusy => ("upload-busy", "Upload in use", StatusCode::LOCKED),
        Failure::NotAnArchive { .. } => (
            "not-an-archive",
            "Archive cannot be unpacked",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Failure::ChunkMismatch => ("chunk-mismatch", "Checksum differs", StatusCode::BAD_REQUEST),
        Failure::Offline => ("offline", "Document offline", StatusCode::CONFLICT),
        Failure::Busy => ("busy", "Busy", StatusCode::SERVICE_UNAVAILABLE),
        Failure::ReadOnly => ("read-only", "Read-only", StatusCode::SERVICE_UNAVAILABLE),
        Failure::Full => ("full", "Store full", StatusCode::INSUFFICIENT_STORAGE),
        Failure::Internal(_) => ("internal", "Internal error", StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The failure's own words, which are made for users, with better ones where an enum would show.
fn detail_of(failure: &Failure) -> String {
    match failure {
        Failure::NotFound(thing) => format!("{} not found", name_of(*thing)),
        Failure::Conflict(conflict) => words_of(*conflict),
        Failure::Destination(inner) => format!("destination: {}", detail_of(inner)),
        other => other.to_string(),
    }
}

fn field_of(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::Required { field } | Failure::Invalid { field, .. } => Some(field),
        _ => None,
    }
}

fn name_of(thing: Thing) -> &'static str {
    match thing {
        Thing::Item => "item",
        Thing::Document => "document",
        Thing::Folder => "folder",
        Thing::Library => "library",
        Thing::User => "user",
        Thing::Group => "group",
        Thing::Version => "version",
        Thing::Session => "session",
    }
}

fn words_of(conflict: Conflict) -> String {
    match conflict {
        Conflict::Exists(thing) => format!("a {} of that name is there already", name_of(thing)),
        Conflict::AlreadyMember => "the user is a member already".to_owned(),
        Conflict::NotMember => "the user is no member".to_owned(),
        Conflict::SamePassword => "the new password is the present one".to_owned(),
        Conflict::HoldsLocks => "the user has documents locked".to_owned(),
        Conflict::NotManager => "the user is no manager".to_owned(),
        Conflict::Archived => "the library is archived".to_owned(),
        Conflict::AlreadyQueued => "the item is in the queue already".to_owned(),
        Conflict::Locked => "somebody else has locked the document".to_owned(),
        Conflict::LockedByCaller => "you have locked the document already".to_owned(),
        Conflict::NotLockedByCaller => "you have not locked the document".to_owned(),
        Conflict::MailIsNotLocked => "mail messages are not locked".to_owned(),
        Conflict::OnlyVersion => "a document keeps its last version".to_owned(),
        Conflict::UploadUnfinished => "the upload has not received its last chunk".to_owned(),
        Conflict::UploadFinished => "the upload has received its last chunk".to_owned(),
    }
}

/// A skip in wire words.
pub(crate) fn skip(skip: &holdall_services::Skip) -> wire::Skip {
    let reason = match skip.reason {
        SkipReason::NotReadable => wire::SkipReason::NotReadable,
        SkipReason::Offline => wire::SkipReason::Offline,
        SkipReason::Quarantined => wire::SkipReason::Quarantined,
        SkipReason::NoVersion => wire::SkipReason::NoVersion,
        SkipReason::TargetMissing => wire::SkipReason::TargetMissing,
    };
    wire::Skip {
        path: skip.path.clone(),
        document: skip.document.0,
        reason,
        detail: reason.detail().to_owned(),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.body.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_vec(&*self.body).unwrap_or_default();
        let mut response = (status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Gives the bare 405 that the router makes its words; the Allow header stays.
pub(crate) async fn explain_method(response: Response) -> Response {
    let bare = !response.headers().contains_key(CONTENT_TYPE);
    if response.status() != StatusCode::METHOD_NOT_ALLOWED || !bare {
        return response;
    }
    let mut explained = Problem::no_method().into_response();
    if let Some(allowed) = response.headers().get(ALLOW) {
        explained.headers_mut().insert(ALLOW, allowed.clone());
    }
    explained
}
