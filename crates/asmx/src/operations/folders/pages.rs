//! What lies in a folder, in short and a page at a time (CONTRACT section 4.4).

use super::short::without_stop;
use super::written::{Form, Whole, Writer, short_root};
use crate::protocol::{Answer, Call, Element, FolderRef, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::{Caller, Failure, FolderView, ListingWanted, NameFilter};

/// Lines on a page, where no setting says otherwise.
const PAGE_SIZE: u64 = 20;

/// A page that is asked for, with everything else that was asked.
struct Asked<'a> {
    folder: &'a ItemRef,
    wanted: ListingWanted,
    /// The page, from 1 on; -1 for all lines at once.
    number: i64,
    size: u64,
    /// Whether `itemcount` stands before the page and not behind it.
    count_first: bool,
}

impl Asked<'_> {
    /// The answer; `root` writes its first attributes, the filters among them.
    async fn answer(
        self,
        call: &Call,
        caller: Caller,
        root: impl FnOnce(&FolderView) -> Element,
    ) -> Result<Answer, Trouble> {
        if self.number == -1 {
            let listing = Whole {
                folder: self.folder,
                wanted: self.wanted,
                form: Form::Short,
            };
            return listing.answer(call, caller, root).await;
        }
        let number = u64::try_from(self.number).ok().filter(|number| *number > 0);
        let number = number
            .ok_or_else(|| Trouble::invalid("PageNumber", "1 or more is expected, or -1 for all pages"))?;
        let start = (number - 1)
            .saturating_mul(self.size)
            .min(i64::MAX.unsigned_abs());
        let folders = &call.services.folders;
        let page = folders
            .page(&caller, self.folder, self.wanted, (start, self.size))
            .await?;
        let writer = Writer {
            form: Form::Short,
            call: call.clone(),
            caller,
        };
        let items = writer.write(&page.lines).await?;
        let place = |root: Element| {
            root.with_number("page", &number)
                .with_number("pageSize", &self.size)
        };
        let count = |root: Element| root.with_number("itemcount", &page.total);
        let root = root(&page.folder);
        let root = if self.count_first {
            place(count(root))
        } else {
            count(place(root))
        };
        Ok(root.containing_written(items).into())
    }
}

/// Lists a page of the folders directly in a folder, 20 a page, by name.
#[derive(Request)]
#[op("GetFoldersByPage", group = "Tree")]
pub(crate) struct GetFoldersByPage {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// Parts of names separated by `;`, one of which must occur, in any case. A part with `*` or `?` is a mask for the whole name.
    #[wire("FolderFilter")]
    folder_filter: String,
    /// The page, from 1 on; -1 for all pages at once.
    #[wire("PageNumber")]
    page: i64,
}

impl Operation for GetFoldersByPage {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let asked = Asked {
            folder: &self.folder.0,
            wanted: ListingWanted {
                folders: Some(NameFilter::parse("folder_filter", &self.folder_filter)?),
                ..ListingWanted::default()
            },
            number: self.page,
            size: PAGE_SIZE,
            count_first: false,
        };
        let filter = self.folder_filter.clone();
        let root = |folder: &_| short_root(folder).with("folderfilter", filter);
        asked.answer(call, caller, root).await
    }
}

/// Lists a page of the documents directly in a folder by name, as many a page as the search page size says.
#[derive(Request)]
#[op("GetDocumentsByPage", group = "Tree", ticket = "AuthenticationTicket")]
pub(crate) struct GetDocumentsByPage {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// Parts of names separated by `;`, one of which must occur, in any case. A part with `*` or `?` is a mask for the whole name.
    #[wire("DocumentFilter")]
    document_filter: String,
    /// The page, from 1 on; -1 for all pages at once.
    #[wire("PageNumber")]
    page: i64,
}

impl Operation for GetDocumentsByPage {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let asked = Asked {
            folder: &self.folder.0,
            wanted: ListingWanted {
                documents: Some(NameFilter::parse("document_filter", &self.document_filter)?),
                ..ListingWanted::default()
            },
            number: self.page,
            size: call.services.settings.general(&caller).await?.search_page_size,
            count_first: true,
        };
        let filter = self.document_filter.clone();
        let root = |folder: &_| short_root(folder).with("documentfilter", filter);
        asked.answer(call, caller, root).await
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        without_stop(failure)
    }
}

/// Lists a page of what lies directly in a folder, 20 a page: folders by name, then documents by name.
#[derive(Request)]
#[op("GetFoldersAndDocumentsByPage", group = "Tree")]
pub(crate) struct GetFoldersAndDocumentsByPage {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// Which folders: parts of names separated by `;`, one of which must occur, in any case. A part with `*` or `?` is a mask for
    /// the whole name.
    #[wire("FolderFilter")]
    folder_filter: String,
    /// Which documents, in the same way.
    #[wire("DocumentFilter")]
    document_filter: String,
    /// The page, from 1 on; -1 for all pages at once.
    #[wire("PageNumber")]
    page: i64,
}

impl Operation for GetFoldersAndDocumentsByPage {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let asked = Asked {
            folder: &self.folder.0,
            wanted: ListingWanted {
                folders: Some(NameFilter::parse("folder_filter", &self.folder_filter)?),
                documents: Some(NameFilter::parse("document_filter", &self.document_filter)?),
                readable_only: false,
            },
            number: self.page,
            size: PAGE_SIZE,
            count_first: false,
        };
        let (folders, documents) = (self.folder_filter.clone(), self.document_filter.clone());
        let root = |folder: &_| {
            short_root(folder)
                .with("folderfilter", folders)
                .with("documentfilter", documents)
        };
        asked.answer(call, caller, root).await
    }
}
