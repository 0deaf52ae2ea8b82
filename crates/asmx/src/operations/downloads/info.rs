//! What a download of a document would be, without staging anything (CONTRACT section 7).

use crate::protocol::{Answer, Call, Dates, DocumentRef, Element, Operation, Trouble, VersionOrNone};
use crate::views::hex_crc;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, DocumentView};

/// Describes the content that the caller would download.
#[derive(Request)]
#[op("GetDownloadInfo", group = "Download", ticket = "AuthenticationTicket")]
pub(crate) struct GetDownloadInfo {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for GetDownloadInfo {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        describe(&self.document, &caller, call, VersionOrNone(None)).await
    }
}

/// Describes the content of one of a document's versions.
#[derive(Request)]
#[op(
    "GetDownloadInfoByVersion",
    group = "Download",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetDownloadInfoByVersion {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    /// The version, such as 1000000 for 1.0.0; 0 is the latest.
    #[wire("VersionNumber")]
    version: VersionOrNone,
}

impl Operation for GetDownloadInfoByVersion {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        describe(&self.document, &caller, call, self.version).await
    }
}

async fn describe(
    document: &DocumentRef,
    caller: &Caller,
    call: &Call,
    version: VersionOrNone,
) -> Result<Answer, Trouble> {
    let facts = call
        .services
        .documents
        .content_facts(caller, &document.0, version.0)
        .await?;
    let info = download_info(
        &facts.document,
        (facts.raw_len, facts.crc32),
        version,
        &call.dates,
    );
    Ok(info.into())
}

/// The attributes that all answers about the download of a document have.
pub(super) fn download_info(
    view: &DocumentView,
    (raw_len, crc32): (u64, u32),
    shown: VersionOrNone,
    dates: &Dates,
) -> Element {
    Element::success()
        .with_number("Size", &raw_len)
        .with("ContentType", view.media_type)
        .with("ModificationDate", dates.local(view.modified))
        .with_number("VersionNumber", &shown.0.map_or(0, |version| version.0))
        .with("AlterDocumentName", view.name.clone())
        .with("RenderedContent", "false")
        .with("CRC32", hex_crc(crc32))
}
