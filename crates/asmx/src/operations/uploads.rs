//! Taking documents in: whole, or in chunks (CONTRACT section 9).

mod archive;
mod chunk;
mod document;
mod finish;
mod parameters;

pub(crate) use archive::{UploadZip, UploadZipWithHandler};
pub(crate) use chunk::{CreateUploadHandler, DeleteUploadHandler, UploadFileChunk};
pub(crate) use document::{
    UploadDocument, UploadDocument1, UploadDocument2, UploadDocument3, UploadDocument4,
};
pub(crate) use finish::{
    UploadDocumentWithHandler, UploadDocumentWithHandler1, UploadDocumentWithHandler2,
    UploadDocumentWithHandler3, UploadNewDocumentWidthHandler,
};
