//! The download queue: items that a user puts aside (CONTRACT section 8).

use crate::protocol::{Answer, Call, Element, Operation, Trouble};
use crate::views::{Details, ItemWishes};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::Caller;

/// Lists the caller's download queue: folders first, then documents, by name.
#[derive(Request)]
#[op(
    "GetDownloadQue",
    group = "Download",
    root = "root",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetDownloadQue {
    #[group]
    wishes: ItemWishes,
}

impl Operation for GetDownloadQue {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let queued = call.services.queue.list(&caller).await?;
        let details = Details::from(self.wishes);
        let items = details
            .items(call, &caller, &queued.folders, &queued.documents)
            .await?;
        Ok(Element::success().containing(items).into())
    }
}

/// Puts a document or folder into the caller's download queue. One that is there already is refused.
#[derive(Request)]
#[op("AddToDownloadQueue", group = "Download", root = "root")]
pub(crate) struct AddToDownloadQueue {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("itemPath")]
    item: ItemRef,
}

impl Operation for AddToDownloadQueue {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.queue.add(&caller, &self.item).await?;
        Ok(Element::success().into())
    }
}

/// Takes a document or folder out of the caller's download queue. One that is not there is as good as taken out.
#[derive(Request)]
#[op("RemoveFromDownloadQueue", group = "Download", root = "root")]
pub(crate) struct RemoveFromDownloadQueue {
    /// A path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("itemPath")]
    item: ItemRef,
}

impl Operation for RemoveFromDownloadQueue {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.queue.remove(&caller, &self.item).await?;
        Ok(Element::success().into())
    }
}
