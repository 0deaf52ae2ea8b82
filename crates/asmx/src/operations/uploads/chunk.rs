//! A document, chunk by chunk, before it has a name.

use crate::protocol::{Answer, Call, Content, Element, HexCrc, Operation, Trouble};
use crate::views::hex_crc;
use holdall_asmx_derive::Request;
use holdall_model::Guid;
use holdall_services::{Caller, Failure, ReceivedChunk};

/// Begins an upload in chunks and answers its handler.
#[derive(Request)]
#[op("CreateUploadHandler", group = "Upload")]
pub(crate) struct CreateUploadHandler {
    /// The wished chunk length in bytes; the answer's is from 262144 to 33554432. 0 is the server's default.
    #[wire("PreferedChunkSize", alias = "ChunkSize")]
    chunk_len: i64,
}

impl Operation for CreateUploadHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let started = call
            .services
            .uploads
            .create(&caller, Some(self.chunk_len))
            .await?;
        Ok(Element::success()
            .with("error", "")
            .with("UploadHandler", started.handle.reveal())
            .with_number("ChunkSize", &started.chunk_len)
            .into())
    }
}

/// Appends a chunk to an upload. A chunk whose CRC32 differs is not appended and may be sent again; the last one is answered
/// with the CRC32 of the whole.
#[derive(Request)]
#[op("UploadFileChunk", group = "Upload", root = "root")]
pub(crate) struct UploadFileChunk {
    /// The handler of the upload.
    #[wire("uploadHandler", malformed = "Invalid upload handler.")]
    handle: Guid,
    /// The bytes: a file part, or base64.
    #[wire("fileChunk")]
    chunk: Content,
    /// The CRC32 of the chunk's bytes, 1 to 8 hex digits.
    #[wire("chunkHEXCRC")]
    crc32: HexCrc,
    /// Whether this is the last chunk.
    #[wire("lastChunk")]
    last: bool,
}

impl Operation for UploadFileChunk {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let chunk = ReceivedChunk {
            bytes: self.chunk.0,
            crc32: Some(self.crc32.0),
            last: self.last,
        };
        let appended = match call.services.uploads.append(&caller, &self.handle, chunk).await {
            Err(Failure::ChunkMismatch) => {
                let root = Element::failure("The CRC32 of the chunk differs.").with("tryagain", "true");
                return Ok(root.into());
            }
            other => other?,
        };
        let root = Element::success().with("tryagain", "false");
        Ok(match appended.crc32_of_all {
            Some(crc32) => root.with("filehexcrc", hex_crc(crc32)).into(),
            None => root.into(),
        })
    }
}

/// Gives an upload up. One that is gone already is as good as given up.
#[derive(Request)]
#[op("DeleteUploadHandler", group = "Upload", format_first)]
pub(crate) struct DeleteUploadHandler {
    /// The handler of the upload.
    #[wire("UploadHandler", malformed = "bad Request")]
    handle: Guid,
}

impl Operation for DeleteUploadHandler {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.uploads.drop(&caller, &self.handle).await?;
        Ok(Element::success().with("error", "").into())
    }
}
