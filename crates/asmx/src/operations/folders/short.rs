//! What lies in a folder, in short (CONTRACT section 4.4).

use super::written::{Form, Whole, Writer, short_root};
use crate::protocol::{Answer, Call, Element, FolderRef, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, ListingWanted, NameFilter, Thing};

/// The most folders that [`GetFolders2`] lists.
const MOST_FOLDERS_DISPLAYED: u64 = 1_000;

fn folders_only() -> ListingWanted {
    ListingWanted {
        folders: Some(NameFilter::all()),
        ..ListingWanted::default()
    }
}

/// The folder is not there, in the spelling without a full stop.
pub(super) fn without_stop(failure: &Failure) -> Option<&'static str> {
    matches!(failure, Failure::NotFound(Thing::Folder | Thing::Item)).then_some("Folder not found")
}

async fn all(
    folder: FolderRef,
    wanted: ListingWanted,
    (caller, call): (Caller, &Call),
) -> Result<Answer, Trouble> {
    let listing = Whole {
        folder: &folder.0,
        wanted,
        form: Form::Short,
    };
    let root = |folder: &_| {
        short_root(folder)
            .with("folderfilter", "")
            .with("documentfilter", "")
    };
    listing.answer(call, caller, root).await
}

/// Lists the folders directly in a folder by name, with id and name.
#[derive(Request)]
#[op("GetFolders1", group = "Tree")]
pub(crate) struct GetFolders1 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetFolders1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        all(self.folder, folders_only(), (caller, call)).await
    }
}

/// Lists the first 1,000 folders directly in a folder by name, with id and name. `itemcount` counts the others too.
#[derive(Request)]
#[op("GetFolders2", group = "Tree")]
pub(crate) struct GetFolders2 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetFolders2 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folders = &call.services.folders;
        let span = (0, MOST_FOLDERS_DISPLAYED);
        let page = folders
            .page(&caller, &self.folder.0, folders_only(), span)
            .await?;
        let writer = Writer {
            form: Form::Short,
            call: call.clone(),
            caller,
        };
        let root = short_root(&page.folder)
            .with("folderfilter", "")
            .with("documentfilter", "")
            .with_number("itemcount", &page.total);
        Ok(root.containing_written(writer.write(&page.lines).await?).into())
    }
}

/// Lists the documents directly in a folder by name, in short.
#[derive(Request)]
#[op("GetDocuments1", group = "Tree", ticket = "AuthenticationTicket")]
pub(crate) struct GetDocuments1 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetDocuments1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let wanted = ListingWanted {
            documents: Some(NameFilter::all()),
            ..ListingWanted::default()
        };
        all(self.folder, wanted, (caller, call)).await
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        without_stop(failure)
    }
}

/// Lists what lies directly in a folder in short: folders by name, then documents by name.
#[derive(Request)]
#[op("GetFoldersAndDocuments1", group = "Tree")]
pub(crate) struct GetFoldersAndDocuments1 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetFoldersAndDocuments1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        all(self.folder, ListingWanted::all(), (caller, call)).await
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        without_stop(failure)
    }
}

/// Lists what lies directly in a folder with id and name, documents with the number of their newest version too.
#[derive(Request)]
#[op("GetFoldersAndDocuments2", group = "Tree")]
pub(crate) struct GetFoldersAndDocuments2 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetFoldersAndDocuments2 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let listing = Whole {
            folder: &self.folder.0,
            wanted: ListingWanted::all(),
            form: Form::Named,
        };
        listing.answer(call, caller, |_| Element::success()).await
    }
}
