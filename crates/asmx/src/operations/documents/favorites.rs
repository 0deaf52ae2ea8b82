//! Favourites, and the documents that a user used last (CONTRACT section 8).

use crate::protocol::{Answer, Call, Element, Operation, Trouble};
use crate::views::{Details, ItemWishes, ListedDocumentWishes};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::{Caller, Conflict, Failure};

/// Puts a document or folder among the caller's favourites. A shortcut becomes its target. A document that is there already is
/// refused.
#[derive(Request)]
#[op("AddToFavorites", group = "Documents", root = "root")]
pub(crate) struct AddToFavorites {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("itemPath")]
    item: ItemRef,
}

impl Operation for AddToFavorites {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.favorites.add(&caller, &self.item).await?;
        Ok(Element::success().into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::AlreadyQueued))
            .then_some("This Document has already been added to favorites")
    }
}

/// Takes a document or folder out of the caller's favourites. One that is not among them is as good as taken out.
#[derive(Request)]
#[op("RemoveFromFavorites", group = "Documents")]
pub(crate) struct RemoveFromFavorites {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("itemPath")]
    item: ItemRef,
}

impl Operation for RemoveFromFavorites {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.favorites.remove(&caller, &self.item).await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::NotFound(_)).then_some("Document/Folder not found.")
    }
}

/// Lists the caller's favourites: folders first, then documents, by name.
#[derive(Request)]
#[op(
    "GetFavorites",
    group = "Documents",
    root = "root",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetFavorites {
    #[group]
    wishes: ItemWishes,
}

impl Operation for GetFavorites {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let kept = call.services.favorites.list(&caller).await?;
        let details = Details::from(self.wishes);
        let items = details
            .items(call, &caller, &kept.folders, &kept.documents)
            .await?;
        Ok(Element::success().containing(items).into())
    }
}

/// Lists the last 20 documents that the caller stored or opened, the latest first. Documents of archives do not count.
#[derive(Request)]
#[op(
    "GetRecentDocuments",
    group = "Documents",
    root = "root",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetRecentDocuments {
    #[group]
    wishes: ListedDocumentWishes,
}

impl Operation for GetRecentDocuments {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let documents = call.services.recent.list(&caller).await?;
        let details = Details::from(self.wishes);
        let items = details.items(call, &caller, &[], &documents).await?;
        Ok(Element::success().containing(items).into())
    }
}
