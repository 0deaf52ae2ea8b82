//! Failures as error texts: one exhaustive match (CONTRACT section 1.5).

use super::{Answer, Element, Meta};
use holdall_services::{Conflict, Failure, Rule, Skip, SkipReason, Thing};

/// What is said of a document whose lock somebody else holds.
pub(crate) const LOCKED: &str = "The document is checked out by another user.";

/// Why a call is answered with `success="false"`.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A service refused.
    Failure(Failure),
    /// A parameter that must have a value is absent or empty.
    Required(&'static str),
    /// A parameter's text cannot be read as its type.
    Invalid {
        /// The parameter's wire name.
        name: &'static str,
        /// What is expected, naming the bound.
        problem: String,
    },
    /// A service refused because of the source of a copy.
    Source(Failure),
    /// A fixed text of the contract.
    Fixed(&'static str),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Trouble {
    /// The parameter `name` is malformed in the way `problem` says.
    pub(crate) fn invalid(name: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            name,
            problem: problem.into(),
        }
    }

    /// The answer of an operation; `literal` is its own text for a failure that has one.
    pub(crate) fn answer(&self, meta: &Meta, literal: Option<&'static str>) -> Answer {
        let text = match (self, literal) {
            (_, Some(literal)) => literal.to_owned(),
            (Self::Failure(failure), None) => explain(failure, meta),
            (Self::Required(name), None) => required(name),
            (Self::Invalid { name, problem }, None) => invalid(name, problem),
            (Self::Source(failure), None) => format!("Source: {}", explain(failure, meta)),
            (Self::Fixed(text), None) => (*text).to_owned(),
        };
        let mut answer = Element::failure(text);
        if let Some(name) = meta.blank_on_failure {
            answer = answer.with(name, "");
        }
        match self {
            Self::Failure(Failure::Incomplete(skips)) => Answer::Xml(answer.containing(log(skips))),
            Self::Failure(Failure::NotAnArchive { problem }) => {
                let entry = log_entry(String::new(), format!("Unzip operation failed: {problem}"));
                Answer::Xml(answer.containing(vec![Element::named("logs").containing(vec![entry])]))
            }
            _ => Answer::Xml(answer),
        }
    }
}

/// One `log` element for each skipped item (CONTRACT section 6.4).
pub(crate) fn log(skips: &[Skip]) -> Vec<Element> {
    let entry = |skip: &Skip| log_entry(skip.path.clone(), reason(skip.reason).to_owned());
    skips.iter().map(entry).collect()
}

/// What happened to an item; no item is an empty one.
pub(crate) fn log_entry(item: String, error: String) -> Element {
    let item = match item.as_str() {
        "" => Element::named("item"),
        _ => Element::named("item").text(item),
    };
    let error = Element::named("error").text(error);
    Element::named("log").containing(vec![item, error])
}

/// Why an item was left out.
pub(crate) fn reason(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::NotReadable => "Access denied.",
        SkipReason::Offline => "The document is offline.",
        SkipReason::Quarantined => "The stored content is damaged.",
        SkipReason::NoVersion => "The document has no published version.",
        SkipReason::TargetMissing => "The target of the shortcut was not found.",
    }
}

fn required(name: &str) -> String {
    format!("[903]Required parameter.'{name}'")
}

fn invalid(name: &str, problem: &str) -> String {
    let stop = if problem.ends_with('.') { "" } else { "." };
    format!("Invalid parameter '{name}': {problem}{stop}")
}

/// The text of a failure.
pub(crate) fn explain(failure: &Failure, meta: &Meta) -> String {
    match failure {
        Failure::NotAuthenticated | Failure::TooManyAttempts { .. } => {
            "[900] Authentication failed".to_owned()
        }
        Failure::SessionExpired => "[901] Session expired or Invalid ticket".to_owned(),
        Failure::TicketNotAllowed => "[902] Ticket generation not allowed".to_owned(),
        Failure::AdministratorOnly => {
            "[1573] Only the system administrator can perform this operation".to_owned()
        }
        Failure::Denied => "Access denied.".to_owned(),
        Failure::PublishersOnly => {
            "Access denied. To publish a document you must be the owner, a domain manager, or the \
             author of at least one version."
                .to_owned()
        }
        Failure::LockedBy { name } => format!("Document is checked out by {name}."),
        Failure::ForbiddenByRule(rule) => format!("The folder rules do not allow {}.", forbidden(*rule)),
        Failure::FileTypeNotAllowed { allowed } => {
            format!("The folder rules do not allow this file type. Allowed are: {allowed}.")
        }
        Failure::NotFound(thing) => not_found(*thing).to_owned(),
        Failure::Changed => "It has been changed in the meantime.".to_owned(),
        Failure::Conflict(conflict) => self::conflict(*conflict).to_owned(),
        Failure::Destination(inner) => format!("Destination: {}", explain(inner, meta)),
        Failure::Required { field } => required(meta.wire_name(field)),
        Failure::Invalid { field, problem } => invalid(meta.wire_name(field), problem),
        Failure::InvalidShortId => "InvalidDocumentIdentifer".to_owned(),
        Failure::NothingSelected => "No valid paths.".to_owned(),
        Failure::StagingDisabled => "Zip downloads are disabled.".to_owned(),
        Failure::Incomplete(_) | Failure::NotAnArchive { .. } => "[log]".to_owned(),
        Failure::NoSuchDownload | Failure::DownloadEnded => "Invalid download handler.".to_owned(),
        Failure::NoSuchUpload | Failure::WrongOffset { .. } | Failure::UploadBusy => {
            "Invalid upload handler.".to_owned()
        }
        Failure::NoSuchLink => "Invalid link.".to_owned(),
        Failure::PasswordWanted => "Password required.".to_owned(),
        Failure::ChunkMismatch => "CRC mismatch.".to_owned(),
        Failure::Offline => "The document is offline.".to_owned(),
        Failure::Busy => "SystemError:Busy, try again.".to_owned(),
        Failure::ReadOnly => "SystemError:The store is read-only.".to_owned(),
        Failure::Full => "SystemError:The store is full.".to_owned(),
        Failure::Internal(_) => "SystemError:Internal error.".to_owned(),
        Failure::OverStagingLimits { .. }
        | Failure::TooLarge { .. }
        | Failure::QuotaReached { .. }
        | Failure::TooManyRunning { .. }
        | Failure::DownloadRevoked { .. }
        | Failure::OutOfRange { .. } => bound(failure),
    }
}

fn forbidden(rule: Rule) -> &'static str {
    match rule {
        Rule::Checkins => "check-ins",
        Rule::Checkouts => "check-outs",
        Rule::DocumentDeletes => "document deletes",
        Rule::FolderDeletes => "folder deletes",
        Rule::NewDocuments => "new documents",
        Rule::NewFolders => "new folders",
        Rule::ClassifiedDocuments => "classified documents",
    }
}

/// The failures whose text carries numbers; nothing for any other.
fn bound(failure: &Failure) -> String {
    match failure {
        Failure::OverStagingLimits {
            count,
            raw_len,
            max_count,
            max_len,
        } => format!(
            "Zip size or count restriction exceeded. {count} documents of {raw_len} bytes; the limits are {} and {}.",
            limit(*max_count, "documents"),
            limit(*max_len, "bytes")
        ),
        Failure::TooLarge { max_len } => format!("The document is larger than {max_len} bytes."),
        Failure::QuotaReached { what, most } => format!("A user may have at most {most} {what}."),
        Failure::TooManyRunning { most } => format!("A user may have at most {most} running downloads."),
        Failure::DownloadRevoked { documents } => {
            format!("Access denied. The right to read {documents} of the documents was lost.")
        }
        Failure::OutOfRange { offset, content_len } => {
            invalid("StartOffset", &format!("{offset} is outside 0 to {content_len}"))
        }
        _ => String::new(),
    }
}

fn limit(most: u64, what: &str) -> String {
    if most == 0 {
        format!("unlimited {what}")
    } else {
        format!("{most} {what}")
    }
}

fn not_found(thing: Thing) -> &'static str {
    match thing {
        Thing::Item => "Path not found.",
        Thing::Document => "Document not found.",
        Thing::Folder => "Folder not found.",
        Thing::Library => "[115] Domain not found",
        Thing::User => "User not found.",
        Thing::Group => "User group not found.",
        Thing::Version => "Specified version cannot be found.",
        Thing::Session => "Session not found.",
    }
}

fn conflict(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::Exists(Thing::Library) => "Domain already exists.",
        Conflict::Exists(Thing::User) => "User name already exists.",
        Conflict::Exists(Thing::Group) => "User group already exists.",
        Conflict::Exists(Thing::Folder) => "Folder already exists.",
        Conflict::Exists(Thing::Item | Thing::Document | Thing::Version | Thing::Session) => {
            "Document already exists."
        }
        Conflict::AlreadyMember => "User is already a member of the domain.",
        Conflict::NotMember => "User is not a member of the domain.",
        Conflict::SamePassword => "New password cannot be the same as old password",
        Conflict::HoldsLocks => "The user has checked out documents.",
        Conflict::NotManager => "User is not a manager of the domain.",
        Conflict::Archived => "The domain is archived.",
        Conflict::AlreadyQueued => "The item is already in the download queue.",
        Conflict::Locked => LOCKED,
        Conflict::LockedByCaller => "The document is already checked out by you.",
        Conflict::NotLockedByCaller => "The document is not locked by you.",
        Conflict::MailIsNotLocked => ".EMAIL documents cannot be checked out.",
        Conflict::OnlyVersion => "The only version of a document cannot be deleted.",
        Conflict::UploadUnfinished | Conflict::UploadFinished => "Invalid upload handler.",
    }
}
