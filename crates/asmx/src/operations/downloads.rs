//! Handing documents out: whole archives, chunks, single documents, and the queue.

mod chunk;
mod document;
mod queue;
mod stage;
mod whole;

pub(crate) use chunk::{DeleteDownloadHandler, DownloadFileChunk};
pub(crate) use document::{DownloadDocument, GetDownloadHandler, GetDownloadHandlerByVersion};
pub(crate) use queue::{AddToDownloadQueue, GetDownloadQue, RemoveFromDownloadQueue};
pub(crate) use stage::{DownloadZip, DownloadZipWithHandler};
