//! Changing the tree.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::ItemPath;
use holdall_services::Caller;

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
        Ok(Element::success()
            .with_number("FolderId", &folder.id)
            .with("FolderName", folder.name)
            .into())
    }
}
