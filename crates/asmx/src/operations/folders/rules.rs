//! What may be done in folders.

use crate::protocol::{Answer, Call, Element, FolderRef, GivenXml, Operation, Trouble};
use crate::views::{rules, rules_change};
use holdall_asmx_derive::Request;
use holdall_services::Caller;

/// Answers the rules of a folder: what may be done in it, by whomever.
#[derive(Request)]
#[op("GetFolderRules", group = "Tree")]
pub(crate) struct GetFolderRules {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetFolderRules {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let found = call.services.folders.rules(&caller, &self.folder.0).await?;
        Ok(Element::success().containing(vec![rules(&found)]).into())
    }
}

/// Changes the rules of a folder. Full control is needed. The rules bind everybody, those who set them too.
#[derive(Request)]
#[op("SetFolderRules", group = "Tree", root = "root")]
pub(crate) struct SetFolderRules {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// `<Rules>` with `<Rule Name="…" Value="…"/>` in it. `AllowableFileTypes` is `*` or extensions separated by commas; the
    /// others are `allows` or `disallows`: `Checkins`, `Checkouts`, `DocumentDeletes`, `FolderDeletes`, `NewDocuments`,
    /// `NewFolders`, `ClassifiedDocuments`. What is not named stays as it is.
    #[wire("xmlRules")]
    rules: GivenXml,
    /// Whether all folders below change in the same way.
    #[wire("ApplyToTree")]
    tree: bool,
}

impl Operation for SetFolderRules {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let change = rules_change(&self.rules.0).map_err(|problem| Trouble::invalid("xmlRules", problem))?;
        call.services
            .folders
            .set_rules(&caller, &self.folder.0, change, self.tree)
            .await?;
        Ok(Element::success().into())
    }
}
