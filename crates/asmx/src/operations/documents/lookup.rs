//! Looking at documents.

use crate::protocol::{Answer, Call, DocumentRef, Element, Given, Operation, Trouble};
use crate::views::{Details, DocumentWishes, hex_crc};
use holdall_asmx_derive::Request;
use holdall_model::ItemPath;
use holdall_services::{Caller, Checksums, Failure, Thing};

/// Describes a document.
#[derive(Request)]
#[op("GetDocument", group = "Documents", ticket = "AuthenticationTicket")]
pub(crate) struct GetDocument {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    #[group]
    wishes: DocumentWishes,
}

impl Operation for GetDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let document = call
            .services
            .documents
            .document(&caller, &self.document.0)
            .await?;
        let details = Details::from(self.wishes);
        let items = details.items(call, &caller, &[], &[document]).await?;
        Ok(Element::success().with("error", "").containing(items).into())
    }
}

/// Tells whether there is a document that the caller may see, and its checksums.
#[derive(Request)]
#[op("DocumentExists", group = "Documents")]
pub(crate) struct DocumentExists {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for DocumentExists {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let checksums = call.services.documents.exists(&caller, &self.document.0).await?;
        Ok(exists(checksums).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::NotFound(Thing::Document | Thing::Item)).then_some("Document not found")
    }
}

fn exists(checksums: Checksums) -> Element {
    Element::success()
        .with("CRC32LASTVERSION", hex_crc(checksums.latest))
        .with("CRC32", checksums.published.map(hex_crc).unwrap_or_default())
}

/// Tells whether there is a document of that name in a folder that the caller may see, and its checksums.
#[derive(Request)]
#[op("DocumentExists1", group = "Documents")]
pub(crate) struct DocumentExists1 {
    /// The path of the folder; short ids are not taken.
    #[wire("FolderPath")]
    folder: Given,
    /// The name of the document.
    #[wire("DocumentName")]
    name: Given,
}

impl Operation for DocumentExists1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folder = ItemPath::parse(&self.folder.0);
        let checksums = call
            .services
            .documents
            .exists_in(&caller, &folder, &self.name.0)
            .await?;
        Ok(exists(checksums).into())
    }
}
