//! Changing the tree.

use crate::protocol::{Answer, Call, Element, FolderRef, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::ItemPath;
use holdall_services::{Caller, FolderChange, FolderView};

/// Makes a folder, and those above it that are missing. One that is there already is as good as made.
#[derive(Request)]
#[op("CreateFolder", group = "Tree")]
pub(crate) struct CreateFolder {
    /// The path of the folder; its name is cleaned of characters that names cannot have.
    #[wire("Path")]
    path: Given,
}

impl Operation for CreateFolder {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folder = call
            .services
            .folders
            .create(&caller, &ItemPath::parse(&self.path.0))
            .await?;
        Ok(made(folder))
    }
}

fn made(folder: FolderView) -> Answer {
    Element::success()
        .with_number("FolderId", &folder.id)
        .with("FolderName", folder.name)
        .into()
}

/// Makes a folder in one that exists. One of that name that is there already is as good as made and keeps its description.
#[derive(Request)]
#[op("CreateFolder1", group = "Tree")]
pub(crate) struct CreateFolder1 {
    /// The folder to make it in: a path or `~F{id}`.
    #[wire("ParentFolderPath")]
    parent: FolderRef,
    /// The name, which is cleaned of characters that names cannot have.
    #[wire("NewFolderName")]
    name: Given,
    /// What the folder is for.
    #[wire("Description")]
    description: String,
}

impl Operation for CreateFolder1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let new = (self.name.0.as_str(), self.description.as_str());
        let folders = &call.services.folders;
        Ok(made(folders.create_in(&caller, &self.parent.0, new).await?))
    }
}

/// Moves a folder with all below it into the caller's recycle bin. Full control is needed, of the folder or of one above it.
/// Libraries are not deleted this way.
#[derive(Request)]
#[op("DeleteFolder", group = "Tree")]
pub(crate) struct DeleteFolder {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    path: FolderRef,
}

impl Operation for DeleteFolder {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.folders.delete(&caller, &self.path.0).await?;
        Ok(Element::success().into())
    }
}

/// Gives a folder a name and a description. The right to change it is needed.
#[derive(Request)]
#[op("UpdateFolderProperties", group = "Tree")]
pub(crate) struct UpdateFolderProperties {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// The name, new or as it is; line breaks are dropped, and it is cleaned of characters that names cannot have.
    #[wire("NewFolderName")]
    name: Given,
    /// The description; empty clears it.
    #[wire("NewDescription")]
    description: String,
}

impl Operation for UpdateFolderProperties {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let change = FolderChange {
            name: self.name.0,
            description: self.description,
        };
        call.services
            .folders
            .change(&caller, &self.folder.0, change)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
