//! The versions of a document (CONTRACT section 5).

use crate::protocol::{Answer, Call, DocumentRef, Element, ExactVersion, Operation, Trouble};
use crate::views::{version, versions};
use holdall_asmx_derive::Request;
use holdall_model::VersionNumber;
use holdall_services::{Caller, Conflict, Failure, Keep, Thing};

/// Lists the versions of a document, ascending.
#[derive(Request)]
#[op("GetDocumentVersions", group = "Documents", ticket = "AuthenticationTicket")]
pub(crate) struct GetDocumentVersions {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for GetDocumentVersions {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let views = call
            .services
            .documents
            .versions(&caller, &self.document.0)
            .await?;
        let children = vec![versions(&views)];
        Ok(Element::success().with("error", "").containing(children).into())
    }
}

/// Describes a version of a document.
#[derive(Request)]
#[op("GetDocumentVersion", group = "Documents")]
pub(crate) struct GetDocumentVersion {
    /// The document: a path or `~D{id}`.
    #[wire("path")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0; 0 is the published one, and the latest where none ever was published.
    #[wire("versionNumber")]
    number: i64,
}

impl Operation for GetDocumentVersion {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let number = (self.number != 0).then_some(VersionNumber(self.number));
        let view = call
            .services
            .documents
            .version(&caller, &self.document.0, number)
            .await?;
        let children = vec![version(&view)];
        Ok(Element::success().with("error", "").containing(children).into())
    }
}

/// Removes a version of a document for good. The last one stays, and what somebody else has checked out.
#[derive(Request)]
#[op("DeleteDocumentVersion", group = "Documents", root = "root")]
pub(crate) struct DeleteDocumentVersion {
    /// The document: a path or `~D{id}`.
    #[wire("DocumentPath")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0.
    #[wire("VersionNumber")]
    number: ExactVersion,
}

impl Operation for DeleteDocumentVersion {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .delete_version(&caller, &self.document.0, self.number.0)
            .await?;
        Ok(Element::success().into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::NotFound(Thing::Document | Thing::Item) => Some("Document not found"),
            Failure::NotFound(Thing::Version) => Some("Version not found"),
            Failure::Conflict(Conflict::Locked) => Some("Checked out by another user"),
            _ => None,
        }
    }
}

/// Removes old versions of a document for good.
///
/// The latest version stays, the one that readers get, and all that are newer than the last published one.
#[derive(Request)]
#[op("PruneDocumentVersions", group = "Documents", root = "root")]
pub(crate) struct PruneDocumentVersions {
    /// The document: a path or `~D{id}`.
    #[wire("documentPath")]
    document: DocumentRef,
    /// How many of the published versions to keep, at least 1.
    #[wire("keepPublished")]
    published: i64,
    /// How many of the versions to keep that never were published, at least 0.
    #[wire("keepUnpublished")]
    unpublished: i64,
}

impl Operation for PruneDocumentVersions {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        if self.published < 1 {
            return Err(Trouble::invalid("keepPublished", "at least 1 is expected"));
        }
        let unpublished = usize::try_from(self.unpublished)
            .map_err(|_| Trouble::invalid("keepUnpublished", "at least 0 is expected"))?;
        let keep = Keep {
            published: usize::try_from(self.published).unwrap_or(usize::MAX),
            unpublished,
        };
        call.services
            .documents
            .prune_versions(&caller, &self.document.0, keep)
            .await?;
        Ok(Element::success().into())
    }
}

/// Replaces the comment of a version. Only the author of the version may.
#[derive(Request)]
#[op("UpdateVersionComment", group = "Documents", root = "root")]
pub(crate) struct UpdateVersionComment {
    /// The document: a path or `~D{id}`.
    #[wire("documentPath")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0.
    #[wire("versionNumber")]
    number: ExactVersion,
    /// The new comment, at most 65536 bytes; an empty one clears it.
    #[wire("commentText")]
    comment: String,
}

impl Operation for UpdateVersionComment {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .comment_version(&caller, &self.document.0, self.number.0, &self.comment)
            .await?;
        Ok(Element::success().into())
    }
}

/// Reads the stored content of a version again and tells whether it is still what was stored.
#[derive(Request)]
#[op("VerifyVersionHash", group = "Documents", root = "root")]
pub(crate) struct VerifyVersionHash {
    /// The document: a path or `~D{id}`.
    #[wire("path")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0; 0 is the published one, and the latest where none ever was published.
    #[wire("versionNumber")]
    number: i64,
}

impl Operation for VerifyVersionHash {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let number = (self.number != 0).then_some(VersionNumber(self.number));
        let is_intact = call
            .services
            .documents
            .verify(&caller, &self.document.0, number)
            .await?;
        let verified = if is_intact { "true" } else { "false" };
        Ok(Element::success().with("hashVerified", verified).into())
    }
}
