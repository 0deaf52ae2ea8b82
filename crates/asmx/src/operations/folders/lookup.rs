//! Looking at folders.

use crate::protocol::{Answer, Call, Element, FolderRef, Given, Operation, Trouble};
use crate::views::{Details, FolderWishes};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Describes a folder.
#[derive(Request)]
#[op("GetFolder", group = "Tree")]
pub(crate) struct GetFolder {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    #[group]
    wishes: FolderWishes,
}

impl Operation for GetFolder {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folder = call.services.folders.folder(&caller, &self.folder.0).await?;
        let details = Details::from(self.wishes);
        let items = details.items(call, &caller, &[folder], &[]).await?;
        Ok(Element::success().with("error", "").containing(items).into())
    }
}

/// Tells whether there is a folder that the caller may see.
#[derive(Request)]
#[op("FolderExists", group = "Tree")]
pub(crate) struct FolderExists {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for FolderExists {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.folders.exists(&caller, &self.folder.0).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Tells whether a folder has a folder of that name which the caller may see.
#[derive(Request)]
#[op("FolderExists1", group = "Tree")]
pub(crate) struct FolderExists1 {
    /// The folder to look in: a path or `~F{id}`.
    #[wire("FolderPath")]
    folder: FolderRef,
    /// The name of the folder that is looked for, in any case.
    #[wire("FolderName")]
    name: Given,
}

impl Operation for FolderExists1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folders = &call.services.folders;
        folders
            .child_exists(&caller, &self.folder.0, &self.name.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
