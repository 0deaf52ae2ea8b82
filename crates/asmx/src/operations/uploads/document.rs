//! Content of one request becomes a document, or the next version of one.

use super::parameters::Parameters;
use crate::protocol::{Answer, Call, Content, DocumentRef, Element, Operation, Trouble};
use bytes::Buf as _;
use holdall_asmx_derive::Request;
use holdall_model::{ItemPath, ItemRef};
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
        let options = DocumentOptions::default();
        put(call, &caller, (self.path, self.content), options).await
    }
}

/// Stores a document and says something about its version. When there is one at the path already, it gets a new version.
#[derive(Request)]
#[op("UploadDocument1", group = "Upload", root = "root")]
pub(crate) struct UploadDocument1 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The content: a file part, or base64.
    #[wire("fileContent")]
    content: Content,
    /// What is said about the version, up to 65536 bytes.
    #[wire("versionComment")]
    version_comment: String,
}

impl Operation for UploadDocument1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = DocumentOptions {
            version_comment: self.version_comment,
            ..DocumentOptions::default()
        };
        put(call, &caller, (self.path, self.content), options).await
    }
}

/// Stores a document and may check it out. When there is one at the path already, it gets a new version.
#[derive(Request)]
#[op("UploadDocument2", group = "Upload", root = "root")]
pub(crate) struct UploadDocument2 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The content: a file part, or base64.
    #[wire("fileContent")]
    content: Content,
    /// Whether the caller holds the document's lock afterwards; otherwise nobody does.
    #[wire("checkout")]
    check_out: bool,
}

impl Operation for UploadDocument2 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = DocumentOptions {
            keep_lock: self.check_out,
            ..DocumentOptions::default()
        };
        put(call, &caller, (self.path, self.content), options).await
    }
}

/// Stores a document, says something about its version and may check it out. When there is one at the path already, it gets a
/// new version.
#[derive(Request)]
#[op("UploadDocument3", group = "Upload", root = "root")]
pub(crate) struct UploadDocument3 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The content: a file part, or base64.
    #[wire("fileContent")]
    content: Content,
    /// What is said about the version, up to 65536 bytes.
    #[wire("versionComment")]
    version_comment: String,
    /// Whether the caller holds the document's lock afterwards; otherwise nobody does.
    #[wire("checkout")]
    check_out: bool,
}

impl Operation for UploadDocument3 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = DocumentOptions {
            version_comment: self.version_comment,
            keep_lock: self.check_out,
            ..DocumentOptions::default()
        };
        put(call, &caller, (self.path, self.content), options).await
    }
}

/// Stores a document with properties. When there is one at the path already, it gets a new version.
#[derive(Request)]
#[op("UploadDocument4", group = "Upload", root = "root")]
pub(crate) struct UploadDocument4 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The content: a file part, or base64.
    #[wire("fileContent")]
    content: Content,
    /// `<xmlparameters>` with `<item NAME="…" VALUE="…"/>` for `DESCRIPTION`, `KEYWORDS` (separated by commas), `VERSIONCOMMENT`,
    /// `CHECKOUT`, `PUBLISHOPTION` (`ServerDefault`, `Publish` or `DontPublish`), `CREATIONDATE`, `MODIFICATIONDATE`,
    /// `MPVERSIONMAJOR`, `MPVERSIONMINOR` and `MPVERSIONREVISION`. `SENDEMAILS` and `TEXTONLYCONTENT` are of no effect.
    #[wire("xmlParameters")]
    parameters: Parameters,
}

impl Operation for UploadDocument4 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = self.parameters.options(&call.dates)?;
        put(call, &caller, (self.path, self.content), options).await
    }
}

async fn put(
    call: &Call,
    caller: &Caller,
    (path, content): (DocumentRef, Content),
    options: DocumentOptions,
) -> Result<Answer, Trouble> {
    let target = target(call, caller, path.0).await?;
    let uploads = &call.services.uploads;
    let stored = uploads.put(caller, &target, content.0.reader(), options).await?;
    Ok(stored_document(&stored).into())
}

/// The path to store at; a short id stands for the path of its document.
pub(super) async fn target(call: &Call, caller: &Caller, item: ItemRef) -> Result<ItemPath, Failure> {
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

pub(super) fn stored_document(stored: &Stored) -> Element {
    Element::success()
        .with_number("DocumentId", &stored.document)
        .with_number("VersionId", &stored.version)
}
