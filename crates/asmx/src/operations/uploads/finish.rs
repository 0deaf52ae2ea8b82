//! An upload in chunks becomes a document, or the next version of one. The handler is used up, also on failure.

use super::document::{stored_document, target};
use super::parameters::{Parameters, version};
use crate::protocol::{Answer, Call, DocumentRef, FolderRef, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::{Guid, ItemPath, ItemRef};
use holdall_services::{Caller, DocumentOptions, Failure};

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
        let target = target(call, &caller, self.path.0).await.map_err(Trouble::from);
        finish(call, &caller, self.handle, target, Ok(DocumentOptions::default())).await
    }
}

/// Stores a document whose content was uploaded in chunks, and says something about its version. The handler is used up, also
/// when this fails.
#[derive(Request)]
#[op("UploadDocumentWithHandler1", group = "Upload", root = "root")]
pub(crate) struct UploadDocumentWithHandler1 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// What is said about the version, up to 65536 bytes.
    #[wire("versionComments")]
    version_comment: String,
}

impl Operation for UploadDocumentWithHandler1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = DocumentOptions {
            version_comment: self.version_comment,
            ..DocumentOptions::default()
        };
        let target = target(call, &caller, self.path.0).await.map_err(Trouble::from);
        finish(call, &caller, self.handle, target, Ok(options)).await
    }
}

/// Stores a document whose content was uploaded in chunks as a version of a given number. The handler is used up, also when
/// this fails.
#[derive(Request)]
#[op("UploadDocumentWithHandler2", group = "Upload", root = "root")]
pub(crate) struct UploadDocumentWithHandler2 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// What is said about the version, up to 65536 bytes.
    #[wire("versionComments")]
    version_comment: String,
    /// The major part of the version's number, 1 to 2146. The whole number must be above that of every version there is.
    #[wire("mpVersionMajor")]
    version: i64,
    /// The minor part, 0 to 999.
    #[wire("mpVersionMinor")]
    minor: i64,
    /// The revision, 0 to 999.
    #[wire("mpVersionRevision")]
    revision: i64,
}

impl Operation for UploadDocumentWithHandler2 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let number = version("mpVersionMajor", self.version, self.minor, self.revision);
        let options = number.map(|number| DocumentOptions {
            version_comment: self.version_comment,
            number: Some(number),
            ..DocumentOptions::default()
        });
        let target = target(call, &caller, self.path.0).await.map_err(Trouble::from);
        finish(call, &caller, self.handle, target, options).await
    }
}

/// Stores a document whose content was uploaded in chunks, with properties. The handler is used up, also when this fails.
#[derive(Request)]
#[op("UploadDocumentWithHandler3", group = "Upload", root = "root")]
pub(crate) struct UploadDocumentWithHandler3 {
    /// The path of the document, whose folder must exist, or `~D{id}` for a new version.
    #[wire("path")]
    path: DocumentRef,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// What is said about the document, as for `UploadDocument4`.
    #[wire("xmlParameters")]
    parameters: Parameters,
}

impl Operation for UploadDocumentWithHandler3 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = self.parameters.options(&call.dates);
        let target = target(call, &caller, self.path.0).await.map_err(Trouble::from);
        finish(call, &caller, self.handle, target, options).await
    }
}

/// Stores a new document whose content was uploaded in chunks; a document of that name is a failure. The handler is used up,
/// also when this fails.
#[derive(Request)]
#[op("UploadNewDocumentWidthHandler", group = "Upload", root = "root")]
pub(crate) struct UploadNewDocumentWidthHandler {
    /// The folder: a path or `~F{id}`.
    #[wire("folderPath")]
    folder: FolderRef,
    /// The name of the document; characters that names cannot have are replaced by `_`.
    #[wire("documentName")]
    name: Given,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// What is said about the document, as for `UploadDocument4`.
    #[wire("xmlParameters")]
    parameters: Parameters,
}

impl Operation for UploadNewDocumentWidthHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let options = self
            .parameters
            .options(&call.dates)
            .map(|options| DocumentOptions {
                must_be_new: true,
                ..options
            });
        let folder = folder_path(call, &caller, self.folder.0).await;
        let target = folder
            .map(|folder| folder.join(&self.name.0))
            .map_err(Trouble::from);
        finish(call, &caller, self.handle, target, options).await
    }
}

/// The path of a folder; a short id stands for the path of its folder.
async fn folder_path(call: &Call, caller: &Caller, item: ItemRef) -> Result<ItemPath, Failure> {
    match item {
        ItemRef::Path(path) => Ok(path),
        short => {
            let folder = call.services.folders.folder(caller, &short).await?;
            Ok(ItemPath::parse(&folder.path))
        }
    }
}

/// Ends the upload also where the call fails before it is looked at.
async fn finish(
    call: &Call,
    caller: &Caller,
    handle: Guid,
    target: Result<ItemPath, Trouble>,
    options: Result<DocumentOptions, Trouble>,
) -> Result<Answer, Trouble> {
    let uploads = &call.services.uploads;
    let (target, options) = match target.and_then(|target| Ok((target, options?))) {
        Ok(both) => both,
        Err(trouble) => {
            uploads.drop(caller, &handle).await?;
            return Err(trouble);
        }
    };
    let stored = uploads.finish(caller, &handle, &target, options).await?;
    Ok(stored_document(&stored).into())
}
