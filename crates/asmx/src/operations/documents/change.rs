//! Changing documents.

use crate::protocol::{Answer, Call, DocumentRef, Element, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, Thing};

/// Moves a document with all its versions into the caller's recycle bin.
#[derive(Request)]
#[op("DeleteDocument", group = "Documents", root = "root")]
pub(crate) struct DeleteDocument {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for DeleteDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.documents.delete(&caller, &self.document.0).await?;
        Ok(Element::success().into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::NotFound(Thing::Document | Thing::Item)).then_some("Document not found")
    }
}
