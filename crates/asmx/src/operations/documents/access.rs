//! Whether something may be done, without doing it (CONTRACT section 11.3).

use crate::protocol::{Answer, Call, DocumentRef, Element, FolderRef, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, DocumentAction, FolderAction};

/// Tells whether the caller has the right to do something with a document. Locks and folder rules do not count.
#[derive(Request)]
#[op("DocumentAccessAllowed", group = "Documents")]
pub(crate) struct DocumentAccessAllowed {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    /// 4 check out, 5 and 6 change metadata, 8 change properties, 10 change the owner, 11 change the access list, 23 read, 26 see
    /// the access list, 46 read versions that were never published.
    #[wire("ActionId")]
    action: i64,
}

impl Operation for DocumentAccessAllowed {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let action = match self.action {
            4..=6 | 8 => DocumentAction::Change,
            10 | 11 => DocumentAction::Control,
            23 => DocumentAction::Read,
            26 => DocumentAction::SeeAccessList,
            46 => DocumentAction::ReadUnpublished,
            _ => {
                return Err(Trouble::Fixed(
                    "Invalid ActionId. Valid are 4, 5, 6, 8, 10, 11, 23, 26 and 46.",
                ));
            }
        };
        call.services
            .access
            .check_document(&caller, &self.document.0, action)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Tells whether the caller has the right to do something with a folder. Folder rules do not count.
#[derive(Request)]
#[op("FolderAccessAllowed", group = "Documents")]
pub(crate) struct FolderAccessAllowed {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// 2 delete, 5 and 6 change metadata, 7 change the rules, 10 change the owner, 11 change the access list, 17 change
    /// properties, 26 see the access list, 33 and 34 move inside and outside of the library, 37 create documents, 38 create
    /// folders, 41 list.
    #[wire("ActionId")]
    action: i64,
}

impl Operation for FolderAccessAllowed {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let action = match self.action {
            2 | 7 | 10 | 11 | 33 | 34 => FolderAction::Control,
            5 | 6 | 17 => FolderAction::Change,
            26 => FolderAction::SeeAccessList,
            37 | 38 => FolderAction::Create,
            41 => FolderAction::List,
            _ => {
                return Err(Trouble::Fixed(
                    "Invalid ActionId. Valid are 2, 5, 6, 7, 10, 11, 17, 26, 33, 34, 37, 38 and 41.",
                ));
            }
        };
        call.services
            .access
            .check_folder(&caller, &self.folder.0, action)
            .await?;
        Ok(Element::success().with("error", "").into())
    }
}
