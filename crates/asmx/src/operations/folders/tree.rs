//! Changing the tree.

use crate::protocol::{Answer, Call, Element, FolderRef, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::ItemPath;
use holdall_services::{Caller, FolderView};

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
