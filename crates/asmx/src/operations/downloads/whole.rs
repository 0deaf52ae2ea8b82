//! A staged download as one stream that forgets its handle when it ends, so that calls without handlers leave none behind.

use crate::protocol::{Call, File};
use axum::body::Body;
use bytes::Bytes;
use holdall_model::Guid;
use holdall_services::{Caller, DownloadBody, Downloads, Failure};
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::Handle;

/// All bytes of the download behind `handle`.
pub(super) async fn whole(call: &Call, caller: Caller, handle: Guid) -> Result<File, Failure> {
    let downloads = call.services.downloads.clone();
    let opened = downloads.open(&caller, &handle).await?;
    let content_len = opened.content_len();
    let name = opened.file_name().to_owned();
    let body = opened.read(0..content_len)?;
    let passing = Passing {
        body,
        _guard: Guard {
            downloads,
            caller,
            handle,
        },
    };
    Ok(File {
        content_len,
        body: Body::new(passing),
        name: Some(name),
    })
}

/// The stream and what happens behind it.
struct Passing {
    body: DownloadBody,
    _guard: Guard,
}

struct Guard {
    downloads: Downloads,
    caller: Caller,
    handle: Guid,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let (downloads, caller, handle) = (self.downloads.clone(), self.caller.clone(), self.handle);
        runtime.spawn(async move {
            if let Err(failure) = downloads.forget(&caller, &handle).await {
                tracing::warn!(%failure, "a download that was handed out whole stays until it expires");
            }
        });
    }
}

impl HttpBody for Passing {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
