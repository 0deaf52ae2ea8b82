//! Reading and replacing access lists.

use crate::protocol::{Answer, Call, Element, GivenXml, Operation, Trouble};
use crate::views::{access_list, grants};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::Caller;

/// Answers the access list in force on a document or folder, its own or the inherited one.
#[derive(Request)]
#[op("GetAccessList", group = "Security")]
pub(crate) struct GetAccessList {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("Path")]
    item: ItemRef,
}

impl Operation for GetAccessList {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let list = call.services.access.access_list(&caller, &self.item).await?;
        Ok(Element::success()
            .containing(vec![access_list(list, &call.dates)])
            .into())
    }
}

/// Replaces the access list of a document or folder. Full control is needed. Names that are not known fail the whole call.
#[derive(Request)]
#[op("SetAccessList", group = "Security")]
pub(crate) struct SetAccessList {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("Path")]
    item: ItemRef,
    /// `<AccessList>` with `Anonymous`, `DomainMembers`, `UserGroup` and `User`, each with a `Right` from 0 to 6. What is not
    /// named has no access.
    #[wire("AccessListXML")]
    access_list: GivenXml,
    /// Whether everything below a folder gets the same list.
    #[wire("ApplyToTree")]
    tree: bool,
}

impl Operation for SetAccessList {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let grants = grants(&self.access_list.0).ok_or(Trouble::Fixed("Invalid access list XML format"))?;
        call.services
            .access
            .set_access_list(&caller, &self.item, grants, self.tree)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Drops the access list of a document or folder, so that the one of the folder above applies again. Full control is needed, of
/// it or of a folder above it. The topmost folder of a library always has a list of its own.
#[derive(Request)]
#[op("ApplyInheritedAccessList", group = "Security")]
pub(crate) struct ApplyInheritedAccessList {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("Path")]
    item: ItemRef,
}

impl Operation for ApplyInheritedAccessList {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .access
            .inherit_access_list(&caller, &self.item)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
