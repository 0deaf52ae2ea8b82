//! Turning an uploaded archive into folders and documents.

use super::{Uploads, blocking, to_its_end};
use crate::imports::Imports;
use crate::imports::unpack::{LeftOut, OnExisting, Packed};
use crate::{Caller, Conflict, Failure};
use bytes::Bytes;
use holdall_model::{FolderId, Guid, ItemRef};
use std::sync::Arc;

impl Uploads {
    /// Stores what a zip holds below a folder, in which the right to create is needed, and gives what was left out, by path.
    ///
    /// [`Failure::NotAnArchive`] when it is no zip, or more than 100,000 entries or 16 GiB. After any other failure, what was
    /// stored by then stays.
    pub async fn unpack(
        &self,
        caller: &Caller,
        folder: &ItemRef,
        content: Bytes,
        on_existing: OnExisting,
    ) -> Result<Vec<LeftOut>, Failure> {
        let target = self.imports().unpack_target(caller, folder).await?;
        self.unpack_into(caller, target, (Packed::Held(content), on_existing))
            .await
    }

    /// As [`Self::unpack`], for a completed upload, which stays until it is dropped or expires.
    pub async fn unpack_upload(
        &self,
        caller: &Caller,
        handle: &Guid,
        (folder, on_existing): (&ItemRef, OnExisting),
    ) -> Result<Vec<LeftOut>, Failure> {
        let target = self.imports().unpack_target(caller, folder).await?;
        let packed = {
            let _turn = self.turn(handle).await;
            let (upload, _) = self.find(caller, handle).await?;
            if !upload.complete {
                return Err(Failure::Conflict(Conflict::UploadUnfinished));
            }
            let (spools, len) = (self.spools.clone(), upload.received_len);
            let spool = blocking(move || spools.open(upload.id, len)).await?;
            Packed::Spooled(spool.into_inner(), len)
        };
        self.unpack_into(caller, target, (packed, on_existing)).await
    }

    fn imports(&self) -> Imports {
        Imports::new(Arc::clone(&self.house))
    }

    async fn unpack_into(
        &self,
        caller: &Caller,
        target: (FolderId, u64),
        what: (Packed, OnExisting),
    ) -> Result<Vec<LeftOut>, Failure> {
        let (imports, caller, turns) = (self.imports(), caller.clone(), Arc::clone(&self.unpacking));
        let work = async move {
            let _turn = turns.acquire_owned().await.map_err(Failure::internal)?;
            let unpacking = tokio::task::spawn_blocking(move || imports.unpack(&caller, target, what));
            unpacking.await.map_err(Failure::internal)?
        };
        to_its_end(work).await
    }
}
