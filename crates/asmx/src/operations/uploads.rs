//! Taking documents in: whole, or in chunks (CONTRACT section 9).

mod chunk;
mod document;

pub(crate) use chunk::{CreateUploadHandler, DeleteUploadHandler, UploadFileChunk};
pub(crate) use document::{UploadDocument, UploadDocumentWithHandler};
