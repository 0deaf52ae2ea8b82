//! Checking documents out (CONTRACT section 13).

use crate::protocol::{
    Answer, Call, DocumentRef, Element, Operation, Request as _, Trouble, explain, log_entry,
};
use crate::views::{Details, ListedDocumentWishes};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::Caller;

/// Checks a document out, or each document directly in a folder: nobody else can change it until it is unlocked.
///
/// Documents of a folder that cannot be checked out are listed; the others are checked out.
#[derive(Request)]
#[op("Lock", group = "Documents", ticket = "AuthenticationTicket")]
pub(crate) struct Lock {
    /// The document or folder: a path, `~D{id}` or `~F{id}`.
    #[wire("Path")]
    item: ItemRef,
}

impl Operation for Lock {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let left = call.services.documents.lock(&caller, &self.item).await?;
        if left.is_empty() {
            return Ok(Element::success().with("error", "").into());
        }
        let entries = left
            .iter()
            .map(|entry| log_entry(entry.name.clone(), explain(&entry.reason, &Self::META)));
        Ok(Element::failure("[log]").containing(entries.collect()).into())
    }
}

/// Tells whether the caller could check a document out now.
#[derive(Request)]
#[op("IsLockPossible", group = "Documents", ticket = "AuthenticationTicket")]
pub(crate) struct IsLockPossible {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for IsLockPossible {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .check_lockable(&caller, &self.document.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Gives up the caller's lock of a document, or those of the documents directly in a folder.
#[derive(Request)]
#[op("UnLock", group = "Documents")]
pub(crate) struct UnLock {
    /// The document or folder: a path, `~D{id}` or `~F{id}`.
    #[wire("path")]
    item: ItemRef,
    /// Whether others' locks go too: for library managers, administrators, and who has full control.
    #[wire("force")]
    force: bool,
}

impl Operation for UnLock {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services
            .documents
            .unlock(&caller, &self.item, self.force)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Lists the documents that the caller has checked out, by name.
#[derive(Request)]
#[op(
    "GetCheckedoutDocuments",
    group = "Documents",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetCheckedoutDocuments {
    #[group]
    wishes: ListedDocumentWishes,
}

impl Operation for GetCheckedoutDocuments {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let documents = call.services.documents.locked(&caller).await?;
        let details = Details::from(self.wishes);
        let items = details.items(call, &caller, &[], &documents).await?;
        Ok(Element::success().with("error", "").containing(items).into())
    }
}
