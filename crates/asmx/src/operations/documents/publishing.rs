//! Which version readers get (CONTRACT section 5).

use crate::protocol::{Answer, Call, DocumentRef, Element, Operation, Trouble, VersionOrNone};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Publishes a version of a document: readers get it from then on.
#[derive(Request)]
#[op("PublishDocument", group = "Documents", ticket = "AuthenticationTicket")]
pub(crate) struct PublishDocument {
    /// The document: a path or `~D{id}`.
    #[wire("DocumentPath")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0; 0 is the latest.
    #[wire("VersionNumber")]
    version: VersionOrNone,
}

impl Operation for PublishDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .publish(&caller, &self.document.0, self.version.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Lets no version of a document count as published. Readers keep what they get until a version is published.
#[derive(Request)]
#[op("UnpublishDocument", group = "Documents")]
pub(crate) struct UnpublishDocument {
    /// The document: a path or `~D{id}`.
    #[wire("documentPath")]
    document: DocumentRef,
}

impl Operation for UnpublishDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .unpublish(&caller, &self.document.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
