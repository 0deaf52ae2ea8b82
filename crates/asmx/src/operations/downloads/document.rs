//! Single documents (CONTRACT sections 5 and 7).

use crate::protocol::{Answer, Call, DocumentRef, Element, File, Operation, Trouble};
use crate::views::{chunk_len, hex_crc};
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
        Ok(staged_document(call, &caller, &staged, (0, self.chunk_len))
            .await?
            .into())
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
    version: i64,
}

impl Operation for GetDownloadHandlerByVersion {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        if self.version < 0 || (1..VersionNumber::FIRST.0).contains(&self.version) {
            return Err(Trouble::Fixed("Invalid version number."));
        }
        let version = (self.version != 0).then_some(VersionNumber(self.version));
        let staged = call
            .services
            .staging
            .stage_document(&caller, &self.document.0, version)
            .await?;
        Ok(
            staged_document(call, &caller, &staged, (self.version, self.chunk_len))
                .await?
                .into(),
        )
    }
}

/// `shown_version` is what the answer says, `wished` the chunk length that was asked for.
async fn staged_document(
    call: &Call,
    caller: &Caller,
    staged: &StagedDocument,
    (shown_version, wished): (i64, i64),
) -> Result<Element, Failure> {
    let default = call.services.settings.general(caller).await?.upload_chunk_len;
    Ok(Element::success()
        .with_number("Size", &staged.content_len)
        .with("ContentType", staged.view.media_type)
        .with("ModificationDate", call.dates.local(staged.view.modified))
        .with_number("VersionNumber", &shown_version)
        .with("AlterDocumentName", staged.view.name.clone())
        .with("RenderedContent", "false")
        .with("CRC32", hex_crc(staged.crc32))
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
        let content = call
            .services
            .documents
            .content(&caller, &self.document.0, None)
            .await?;
        let name = Some(content.document.name);
        Ok(Answer::File(File {
            content_len: content.raw_len,
            body: Body::new(content.body),
            name,
        }))
    }
}
