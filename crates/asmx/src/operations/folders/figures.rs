//! Folders in numbers, and whole trees.

use crate::protocol::{
    Answer, Call, Dates, Element, FolderRef, Given, Operation, OptionalXml, Sink, Streamed, Trouble,
};
use crate::views::{self, item_filter};
use holdall_asmx_derive::Request;
use holdall_model::FolderId;
use holdall_services::{Caller, ListingWanted, NameFilter, TreeStep, TreeWalk};

/// Counts the folders directly in a folder.
#[derive(Request)]
#[op("GetSubFoldersCount", group = "Tree")]
pub(crate) struct GetSubFoldersCount {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for GetSubFoldersCount {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let wanted = ListingWanted {
            folders: Some(NameFilter::all()),
            ..ListingWanted::default()
        };
        let count = call
            .services
            .folders
            .count(&caller, &self.folder.0, wanted)
            .await?;
        Ok(Element::success().with_number("SubFolderCount", &count).into())
    }
}

/// Answers the ids of the folders above a folder and its own, from the library's root folder down, separated by `/`.
#[derive(Request)]
#[op("GetParentFolderIDs", group = "Tree")]
pub(crate) struct GetParentFolderIDs {
    /// The id of the folder.
    #[wire("FolderID")]
    folder: i64,
}

impl Operation for GetParentFolderIDs {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let ids = call
            .services
            .folders
            .ids_above(&caller, FolderId(self.folder))
            .await?;
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        Ok(Element::success().with("idpath", ids.join("/")).into())
    }
}

/// Answers what a folder and all below it add up to. `SubFolderCount` counts the folders directly in it; documents registered in the
/// last 30 days are among those of the last 60 and 90.
#[derive(Request)]
#[op("GetFolderStatistics", group = "Tree")]
pub(crate) struct GetFolderStatistics {
    /// The folder: a path or `~F{id}`.
    #[wire("folderPath")]
    folder: FolderRef,
}

impl Operation for GetFolderStatistics {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let sum = call.services.folders.statistics(&caller, &self.folder.0).await?;
        let [month, two_months, three_months] = sum.registered;
        let statistics = Element::named("statistics")
            .with_number("SubFolderCount", &sum.folders)
            .with_number("TotalDocumentCount", &sum.documents)
            .with_number("CheckedOutCount", &sum.locked)
            .with_number("TotalSize", &sum.raw_len)
            .with_number("RegisteredDocumentsIn30Days", &month)
            .with_number("RegisteredDocumentsIn60Days", &two_months)
            .with_number("RegisteredDocumentsIn90Days", &three_months)
            .with_number("FolderID", &sum.folder)
            .with("Name", sum.name);
        Ok(Element::success().containing(vec![statistics]).into())
    }
}

/// Answers everything below a folder as nested `folder` elements: in each its folders by name, then its documents by name, with size
/// and CRC32 (`chksum`).
#[derive(Request)]
#[op("GetFolderCatalog", group = "Tree")]
pub(crate) struct GetFolderCatalog {
    /// The folder: a path or `~F{id}`.
    #[wire("folderPath")]
    folder: FolderRef,
}

impl Operation for GetFolderCatalog {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let walk = call.services.folders.walk(&caller, &self.folder.0).await?;
        let (steps, rest) = walk.next().await?;
        let root = Element::success();
        let first = views::tree(&steps, &call.dates);
        let Some(rest) = rest else {
            return Ok(root.containing_written(first).into());
        };
        let dates = call.dates.clone();
        let streamed = Streamed::start(|sink| async move { stream(&sink, &dates, (first, rest)).await });
        Ok(Answer::Streamed(root, streamed))
    }
}

/// Sends the end of the root's start tag and all steps. Each part is read while the one before is written and sent.
async fn stream(sink: &Sink, dates: &Dates, (first, walk): (Vec<u8>, TreeWalk)) -> Result<(), Trouble> {
    let mut reading = Some(tokio::spawn(walk.next()));
    let mut is_read = sink.send(b">".to_vec()).await && sink.send(first).await;
    while let Some(part) = reading.take().filter(|_| is_read) {
        let (steps, rest): (Vec<TreeStep>, _) = part.await.map_err(holdall_services::Failure::internal)??;
        reading = rest.map(|rest| tokio::spawn(rest.next()));
        is_read = sink.send(views::tree(&steps, dates)).await;
    }
    Ok(())
}

/// Counts what lies directly in a folder and matches. Pages of the items themselves are for `GetFoldersAndDocumentsByPage`.
#[derive(Request)]
#[op("GetFoldersAndDocumentsByPage2", group = "Tree")]
pub(crate) struct GetFoldersAndDocumentsByPage2 {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// Nothing, or `<filters>` with `<item NAME="…" VALUE="…"/>` in it: `NAME` is `FolderName`, `DocumentName` or `Name` for both, and
    /// `VALUE` is like the filters of `GetFoldersAndDocumentsByPage`.
    #[wire("filterXml")]
    filter: OptionalXml,
    /// By which attribute the items are ordered, such as `DocumentName` or `ModificationDate`. A count is the same in any order.
    #[wire("SortBy")]
    sort_by: Given,
    /// Whether the order is ascending.
    #[wire("AscendingOrder")]
    ascending: bool,
}

impl Operation for GetFoldersAndDocumentsByPage2 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let (Given(_), _) = (self.sort_by, self.ascending);
        let wanted = item_filter(&self.filter.0)?;
        let count = call
            .services
            .folders
            .count(&caller, &self.folder.0, wanted)
            .await?;
        Ok(Element::success()
            .with("error", "")
            .with_number("count", &count)
            .with("ranksorted", "false")
            .into())
    }
}
