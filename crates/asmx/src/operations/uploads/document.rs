//! Content becomes a document, or the next version of one.

use crate::protocol::{Answer, Call, Content, DocumentRef, Element, Operation, Trouble};
use bytes::Buf as _;
use holdall_asmx_derive::Request;
use holdall_model::{Guid, ItemPath, ItemRef};
use holdall_services::{Caller, DocumentOptions, Failure, Stored};

/// Stores a document. When there is one at the path already, it gets a new version.
#[derive(Request)]
#[op("UploadDocument", group = "Upload", root = "root")]
pub(crate) struct UploadDocument {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The content: a file part, or base64.
    #[wire("fileContent")]
    content: Content,
}

impl Operation for UploadDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let target = target(call, &caller, self.path.0).await?;
        let stored = call
            .services
            .uploads
            .put(
                &caller,
                &target,
                self.content.0.reader(),
                DocumentOptions::default(),
            )
            .await?;
        Ok(stored_document(&stored).into())
    }
}

/// Stores a document whose content was uploaded in chunks. The handler is used up, also when this fails.
#[derive(Request)]
#[op("UploadDocumentWithHandler", group = "Upload", root = "root")]
pub(crate) struct UploadDocumentWithHandler {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
}

impl Operation for UploadDocumentWithHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let target = match target(call, &caller, self.path.0).await {
            Ok(target) => target,
            Err(failure) => {
                call.services.uploads.drop(&caller, &self.handle).await?;
                return Err(failure.into());
            }
        };
        let stored = call
            .services
            .uploads
            .finish(&caller, &self.handle, &target, DocumentOptions::default())
            .await?;
        Ok(stored_document(&stored).into())
    }
}

/// The path to store at; a short id stands for the path of its document.
async fn target(call: &Call, caller: &Caller, item: ItemRef) -> Result<ItemPath, Failure> {
    match item {
        ItemRef::Path(path) => Ok(path),
        short => {
            let document = call.services.documents.document(caller, &short).await?;
            Ok(ItemPath::parse(&format!(
                "{}/{}",
                document.folder_path, document.name
            )))
        }
    }
}

fn stored_document(stored: &Stored) -> Element {
    Element::success()
        .with_number("DocumentId", &stored.document)
        .with_number("VersionId", &stored.version)
}
