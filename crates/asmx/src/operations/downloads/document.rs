//! Single documents (CONTRACT sections 5 and 7).

use super::info::download_info;
use crate::protocol::{Answer, Call, DocumentRef, Element, File, Operation, Trouble, VersionOrNone};
use crate::views::chunk_len;
use axum::body::Body;
use holdall_asmx_derive::Request;
use holdall_model::VersionNumber;
use holdall_services::{Caller, Failure, StagedDocument};

/// Stages the document's content and answers the handler to download it with.
#[derive(Request)]
#[op("GetDownloadHandler", group = "Download", ticket = "AuthenticationTicket")]
pub(crate) struct GetDownloadHandler {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    /// The wished chunk length in bytes; the answer's is from 262144 to 33554432. 0 is the server's default.
    #[wire("PreferedChunkSize", alias = "ChunkSize")]
    chunk_len: i64,
}

impl Operation for GetDownloadHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let staged = call
            .services
            .staging
            .stage_document(&caller, &self.document.0, None)
            .await?;
        Ok(
            staged_document(call, &caller, &staged, (VersionOrNone(None), self.chunk_len))
                .await?
                .into(),
        )
    }
}

/// Stages the content of one of the document's versions and answers the handler to download it with.
#[derive(Request)]
#[op(
    "GetDownloadHandlerByVersion",
    group = "Download",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetDownloadHandlerByVersion {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    /// The wished chunk length in bytes; the answer's is from 262144 to 33554432. 0 is the server's default.
    #[wire("PreferedChunkSize", alias = "ChunkSize")]
    chunk_len: i64,
    /// The version, such as 1000000 for 1.0.0; 0 is the latest.
    #[wire("VersionNumber")]
    version: VersionOrNone,
}

impl Operation for GetDownloadHandlerByVersion {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let staged = call
            .services
            .staging
            .stage_document(&caller, &self.document.0, self.version.0)
            .await?;
        Ok(
            staged_document(call, &caller, &staged, (self.version, self.chunk_len))
                .await?
                .into(),
        )
    }
}

/// `shown` is what the answer says, `wished` the chunk length that was asked for.
async fn staged_document(
    call: &Call,
    caller: &Caller,
    staged: &StagedDocument,
    (shown, wished): (VersionOrNone, i64),
) -> Result<Element, Failure> {
    let default = call.services.settings.general(caller).await?.upload_chunk_len;
    let content = (staged.content_len, staged.crc32);
    Ok(download_info(&staged.view, content, shown, &call.dates)
        .with_number("ChunkSize", &chunk_len(wished, default))
        .with("downloadhandler", staged.handle.reveal()))
}

/// Answers the document's content. Any trouble is answered with no bytes.
#[derive(Request)]
#[op("DownloadDocument", group = "Download", bytes)]
pub(crate) struct DownloadDocument {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
}

impl Operation for DownloadDocument {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        file(&self.document, &caller, call, None).await
    }
}

/// Answers the content of one of the document's versions. Any trouble is answered with no bytes.
#[derive(Request)]
#[op("DownloadDocumentVersion", group = "Download", bytes)]
pub(crate) struct DownloadDocumentVersion {
    /// The document: a path or `~D{id}`.
    #[wire("Path")]
    document: DocumentRef,
    /// The version, such as 1000000 or 1 for 1.0.0; 0 is the latest.
    #[wire("VersionNumber")]
    version: i64,
}

impl Operation for DownloadDocumentVersion {
    /// Numbers below 1000000 count major versions, as they once did (CONTRACT section 5).
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let is_major = (1..VersionNumber::FIRST.0).contains(&self.version);
        let factor = if is_major { VersionNumber::FIRST.0 } else { 1 };
        let number = VersionNumber(self.version.saturating_mul(factor));
        let wanted = (number.0 != 0).then_some(number);
        file(&self.document, &caller, call, wanted).await
    }
}

async fn file(
    document: &DocumentRef,
    caller: &Caller,
    call: &Call,
    version: Option<VersionNumber>,
) -> Result<Answer, Trouble> {
    let content = call
        .services
        .documents
        .content(caller, &document.0, version)
        .await?;
    let name = Some(content.document.name);
    Ok(Answer::File(File {
        content_len: content.raw_len,
        body: Body::new(content.body),
        name,
    }))
}
