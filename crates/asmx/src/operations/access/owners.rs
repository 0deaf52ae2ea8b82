//! Owners of documents and folders.

use crate::protocol::{Answer, Call, Element, Given, LOCKED, Operation, Trouble};
use crate::views::user;
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::{Caller, Failure, Thing};

/// Answers who owns a document or folder.
#[derive(Request)]
#[op("GetOwner", group = "Security")]
pub(crate) struct GetOwner {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("Path")]
    item: ItemRef,
}

impl Operation for GetOwner {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let owner = call.services.access.owner(&caller, &self.item).await?;
        Ok(Element::success().containing(vec![user(&owner)]).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::NotFound(Thing::User)).then_some("Owner not found.")
    }
}

/// Gives a document or folder to another owner. Full control is needed, of it or of a folder above it. Documents that others
/// have checked out stay as they are; below a folder each of them is answered as a `logitem`, and the rest changes hands.
#[derive(Request)]
#[op("SetOwner", group = "Security")]
pub(crate) struct SetOwner {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("Path")]
    item: ItemRef,
    /// The login name of the new owner, or `ID:` and the user's id. The account must be enabled.
    #[wire("NewOwnerUserName")]
    new_owner: Given,
    /// Whether everything below a folder gets the same owner.
    #[wire("ApplytoTree")]
    tree: bool,
}

impl Operation for SetOwner {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let access = &call.services.access;
        let locked = access
            .set_owner(&caller, &self.item, &self.new_owner.0, self.tree)
            .await?;
        if locked.is_empty() {
            return Ok(Element::success().with("error", "").into());
        }
        let entry = |path: String| Element::named("logitem").with("path", path).with("error", LOCKED);
        Ok(Element::failure("Some items could not be updated")
            .containing(locked.into_iter().map(entry).collect())
            .into())
    }
}
