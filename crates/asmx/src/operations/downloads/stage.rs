//! Archives of documents and folders (CONTRACT section 6).

use super::whole::whole;
use crate::protocol::{Answer, Call, Element, Operation, Paths, Trouble, log};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, OnTrouble, StageOptions};

/// Stages a zip of documents and folders and answers the handler to download it with.
///
/// What cannot be found is left out silently. What is found but cannot be included fails the call, or with `partialResult`
/// is left out and listed.
#[derive(Request)]
#[op(
    "DownloadZipWithHandler",
    group = "Download",
    root = "Response",
    blank = "downloadhandler"
)]
pub(crate) struct DownloadZipWithHandler {
    /// Items separated by `|`: a path, `~D{id}` for a document, `~F{id}` for a folder.
    #[wire("Paths")]
    items: Paths,
    /// `true` leaves out what cannot be included and lists it; `false` fails instead.
    #[wire("partialResult")]
    leave_out: bool,
}

impl Operation for DownloadZipWithHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let on_trouble = if self.leave_out {
            OnTrouble::Skip
        } else {
            OnTrouble::Fail
        };
        let options = StageOptions {
            on_trouble,
            ..StageOptions::default()
        };
        let staged = call
            .services
            .staging
            .stage(&caller, &self.items.0, &options)
            .await?;
        let error = if staged.skips.is_empty() { "" } else { "[log]" };
        let root = Element::success()
            .with("downloadhandler", staged.handle.reveal())
            .with("error", error);
        Ok(root.containing(log(&staged.skips)).into())
    }
}

/// Answers a whole zip of documents and folders. Any trouble is answered with no bytes.
#[derive(Request)]
#[op("DownloadZip", group = "Download", bytes)]
pub(crate) struct DownloadZip {
    /// Items separated by `|`: a path, `~D{id}` for a document, `~F{id}` for a folder.
    #[wire("Paths")]
    items: Paths,
}

impl Operation for DownloadZip {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let staged = call
            .services
            .staging
            .stage(&caller, &self.items.0, &StageOptions::default())
            .await?;
        Ok(Answer::File(whole(call, caller, staged.handle).await?))
    }
}
