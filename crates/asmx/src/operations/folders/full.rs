//! What lies in a folder, in full (CONTRACT sections 4.1 to 4.3).

use super::short::without_stop;
use super::written::{Form, Whole};
use crate::protocol::{Answer, Call, Element, FolderRef, Operation, Trouble};
use crate::views::{Details, DocumentWishes, FolderWishes, ItemWishes};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, ListingWanted, NameFilter};

/// Lists what lies directly in a folder: folders first, then documents, by name.
#[derive(Request)]
#[op("GetFoldersAndDocuments", group = "Tree", root = "root")]
pub(crate) struct GetFoldersAndDocuments {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    #[group]
    wishes: ItemWishes,
}

impl Operation for GetFoldersAndDocuments {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let details = Details::from(self.wishes);
        let listing = Whole {
            folder: &self.folder.0,
            wanted: ListingWanted::all(),
            form: Form::Full(details),
        };
        listing.answer(call, caller, |_| Element::success()).await
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        without_stop(failure)
    }
}

/// Lists the folders directly in a folder, by name.
#[derive(Request)]
#[op("GetFolders", group = "Tree")]
pub(crate) struct GetFolders {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    #[group]
    wishes: FolderWishes,
}

impl Operation for GetFolders {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let details = Details::from(self.wishes);
        let listing = Whole {
            folder: &self.folder.0,
            wanted: ListingWanted {
                folders: Some(NameFilter::all()),
                ..ListingWanted::default()
            },
            form: Form::Full(details),
        };
        let root = |_: &_| Element::success().with("error", "");
        listing.answer(call, caller, root).await
    }
}

/// Lists the documents directly in a folder that the caller may read, by name.
#[derive(Request)]
#[op("GetDocuments", group = "Tree", ticket = "AuthenticationTicket")]
pub(crate) struct GetDocuments {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    #[group]
    wishes: DocumentWishes,
}

impl Operation for GetDocuments {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let details = Details::from(self.wishes);
        let listing = Whole {
            folder: &self.folder.0,
            wanted: ListingWanted {
                documents: Some(NameFilter::all()),
                readable_only: true,
                ..ListingWanted::default()
            },
            form: Form::Full(details),
        };
        let root = |_: &_| Element::success().with("error", "");
        listing.answer(call, caller, root).await
    }
}
