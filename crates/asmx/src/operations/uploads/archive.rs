//! A zip becomes folders and documents (CONTRACT sections 6.4 and 9).

use crate::protocol::{Answer, Call, Content, Element, FolderRef, Operation, Trouble};
use crate::views;
use holdall_asmx_derive::Request;
use holdall_model::Guid;
use holdall_services::{Caller, LeftOut, OnExisting};

/// Stores what a zip holds below a folder, with the folders in it. What cannot be stored is listed, and the rest is stored:
/// entries that lead outside, are links, encrypted, damaged, packed too well to be true, or share bytes, and what the caller may
/// not create or change. A file that is no zip, of more than 100000 entries or of more than 16 GiB is refused as a whole.
#[derive(Request)]
#[op("UploadZip", group = "Upload", root = "root")]
pub(crate) struct UploadZip {
    /// The folder: a path or `~F{id}`. The right to create documents in it is needed.
    #[wire("folderPath")]
    folder: FolderRef,
    /// The zip: a file part, or base64.
    #[wire("zipContent")]
    content: Content,
    /// Whether documents that are there get a version only if their content differs. Implies `checkOutCheckIn`.
    #[wire("changedOnly")]
    changed_only: bool,
    /// Whether documents that are there get a version; otherwise they are listed as being there.
    #[wire("checkOutCheckIn")]
    version: bool,
    /// Of no effect: no mail is sent.
    #[wire("sendEmail")]
    _send_email: bool,
}

impl Operation for UploadZip {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let on_existing = on_existing(self.changed_only, self.version);
        let uploads = &call.services.uploads;
        let left_out = uploads
            .unpack(&caller, &self.folder.0, self.content.0, on_existing)
            .await?;
        Ok(logs::<Self>(&left_out))
    }
}

/// Stores what a zip holds that was uploaded in chunks, as `UploadZip` does. The handler stays until it is deleted.
#[derive(Request)]
#[op("UploadZipWithHandler", group = "Upload", root = "root")]
pub(crate) struct UploadZipWithHandler {
    /// The folder: a path or `~F{id}`. The right to create documents in it is needed.
    #[wire("folderPath")]
    folder: FolderRef,
    /// The handler of the upload, which has its last chunk.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// Whether documents that are there get a version only if their content differs. Implies `checkOutCheckIn`.
    #[wire("changedOnly")]
    changed_only: bool,
    /// Whether documents that are there get a version; otherwise they are listed as being there.
    #[wire("checkOutCheckIn")]
    version: bool,
    /// Of no effect: no mail is sent.
    #[wire("sendEmail")]
    _send_email: bool,
}

impl Operation for UploadZipWithHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let on_existing = on_existing(self.changed_only, self.version);
        let uploads = &call.services.uploads;
        let left_out = uploads
            .unpack_upload(&caller, &self.handle, (&self.folder.0, on_existing))
            .await?;
        Ok(logs::<Self>(&left_out))
    }
}

fn on_existing(changed_only: bool, version: bool) -> OnExisting {
    match (changed_only, version) {
        (true, _) => OnExisting::VersionIfChanged,
        (false, true) => OnExisting::Version,
        (false, false) => OnExisting::Refuse,
    }
}

/// `logs` is there, and empty, also when all went well.
fn logs<O: Operation>(left_out: &[LeftOut]) -> Answer {
    Element::success()
        .containing(vec![views::left_out(left_out, &O::META)])
        .into()
}
