//! Recycle bins (CONTRACT section 14).

use crate::protocol::{Answer, BinRef, Call, Dates, Element, MaybeFolder, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{BinItem, BinItemView, Caller, Failure, Thing};

/// Lists what the caller has deleted, the last first. Administrators then see the system's recycle bin too, where the others'
/// end.
#[derive(Request)]
#[op("GetRecycleBinContent", group = "Recycle", ticket = "AuthenticationTicket")]
pub(crate) struct GetRecycleBinContent {}

impl Operation for GetRecycleBinContent {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let items = call.services.recycle_bin.content(&caller).await?;
        Ok(Element::success()
            .with("error", "")
            .containing(items.iter().map(item).collect())
            .into())
    }
}

fn item(view: &BinItemView) -> Element {
    let (element, handler) = match view.item {
        BinItem::Document(id) => ("document", format!("D{id}")),
        BinItem::Folder(id) => ("folder", format!("F{id}")),
    };
    let (status, status_name) = if view.in_system_bin {
        ("1", "In System Recycle Bin")
    } else {
        ("0", "In User Recycle Bin")
    };
    Element::named(element)
        .with("Name", view.name.clone())
        .with("DateDeleted", Dates::utc_with_milliseconds(view.deleted))
        .with_number("TotalSize", &view.raw_len)
        .with_number("OriginalFolderId", &view.original_folder)
        .with("DeletePath", view.original_path.clone())
        .with_number("DeletedById", &view.deleted_by)
        .with("DeletedByName", view.deleted_by_login.clone())
        .with("RecycledItemStatusId", status)
        .with("RecycledItemStatus", status_name)
        .with("Handler", handler)
}

/// Moves everything that the caller has deleted to the system's recycle bin, from which administrators may still restore it.
#[derive(Request)]
#[op("EmptyRecycleBin", group = "Recycle", ticket = "AuthenticationTicket")]
pub(crate) struct EmptyRecycleBin {}

impl Operation for EmptyRecycleBin {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.recycle_bin.empty(&caller).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Removes a deleted item for good. For administrators.
#[derive(Request)]
#[op("PurgeRecycleBinItem", group = "Recycle", ticket = "AuthenticationTicket")]
pub(crate) struct PurgeRecycleBinItem {
    /// The item as `GetRecycleBinContent` names it: `D{id}` or `F{id}`.
    #[wire("ItemHandler")]
    item: BinRef,
}

impl Operation for PurgeRecycleBinItem {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.recycle_bin.purge(&caller, self.item.0).await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        gone(failure)
    }
}

/// Puts a deleted item back. Who deleted it may do that as long as it is in their bin, and administrators always; the right to
/// create in the folder is needed.
#[derive(Request)]
#[op("RestoreRecycleBinItem", group = "Recycle", ticket = "AuthenticationTicket")]
pub(crate) struct RestoreRecycleBinItem {
    /// The item as `GetRecycleBinContent` names it: `D{id}` or `F{id}`.
    #[wire("ItemHandler")]
    item: BinRef,
    /// The folder to put it into: a path or `~F{id}`. Empty for the one it was deleted from.
    #[wire("RestorePath")]
    folder: MaybeFolder,
}

impl Operation for RestoreRecycleBinItem {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folder = self.folder.0.map(|folder| folder.0);
        call.services
            .recycle_bin
            .restore(&caller, self.item.0, folder.as_ref())
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::Destination(inner) => match **inner {
                Failure::NotFound(Thing::Item) => Some("The original location no longer exists."),
                Failure::NotFound(_) => Some("Target folder not found"),
                Failure::Denied => Some("Insufficient rights"),
                _ => None,
            },
            _ => gone(failure),
        }
    }
}

fn gone(failure: &Failure) -> Option<&'static str> {
    match failure {
        Failure::NotFound(Thing::Document) => Some("Document is no longer in the recycle bin."),
        Failure::NotFound(Thing::Folder) => Some("Folder is no longer in the recycle bin."),
        _ => None,
    }
}
