//! Handing documents out: whole archives, chunks, single documents, and the queue.

mod chunk;
mod document;
mod info;
mod queue;
mod stage;
mod whole;

pub(crate) use chunk::{DeleteDownloadHandler, DownloadFileChunk};
pub(crate) use document::{
    DownloadDocument, DownloadDocumentVersion, GetDownloadHandler, GetDownloadHandlerByVersion,
};
pub(crate) use info::{GetDownloadInfo, GetDownloadInfoByVersion};
pub(crate) use queue::{AddToDownloadQueue, GetDownloadQue, RemoveFromDownloadQueue};
pub(crate) use stage::{DownloadZip, DownloadZipWithHandler};
