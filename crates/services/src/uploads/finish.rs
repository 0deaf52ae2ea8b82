//! Turning what was uploaded into a document.

use super::{Uploads, blocking, receive, rows, to_its_end};
use crate::access::Standing;
use crate::documents::store::{self, Storing};
use crate::documents::{DocumentOptions, Stored};
use crate::{Caller, Conflict, Failure, settings};
use holdall_blobs::StoredBlob;
use holdall_catalog::Tx;
use holdall_catalog::uploads::UploadRow;
use holdall_model::{Guid, ItemPath};
use std::io::Read;

impl Uploads {
    /// Stores a completed upload as the document at `target` or its next version. The upload has ended afterwards, also on
    /// failure, unless it was not complete or the same call may work later: busy, full or read-only.
    pub async fn finish(
        &self,
        caller: &Caller,
        handle: &Guid,
        target: &ItemPath,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        let (uploads, caller, handle, target) = (self.clone(), caller.clone(), *handle, target.clone());
        let finish = async move { uploads.finish_in_turn(&caller, &handle, &target, options).await };
        to_its_end(finish).await
    }

    async fn finish_in_turn(
        &self,
        caller: &Caller,
        handle: &Guid,
        target: &ItemPath,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        let _turn = self.turn(handle).await;
        let (upload, _) = self.find(caller, handle).await?;
        if !upload.complete {
            return Err(Failure::Conflict(Conflict::UploadUnfinished));
        }
        let stored = self.store_upload(caller, upload, target, options).await;
        match &stored {
            Err(Failure::Busy | Failure::Full | Failure::ReadOnly) => {}
            Ok(_) => self.forget_spool(upload.id).await,
            Err(_) => self.end(upload.id).await?,
        }
        stored
    }

    /// Stores a whole document at once.
    pub async fn put(
        &self,
        caller: &Caller,
        target: &ItemPath,
        content: impl Read + Send + 'static,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        self.check_target(caller, target, &options).await?;
        let blob = receive::receive(&self.house, content, self.max_len().await?).await?;
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let target = target.clone();
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            let target = store::resolve_target(tx, standing, &target)?;
            store::store(tx, storing, target, (&blob, &options))
        };
        let stored = self.house.write_as(caller, write).await?;
        metrics::counter!("holdall_stored_total").increment(1);
        self.house.notes.note(storing.user, stored.document, storing.now);
        Ok(stored)
    }

    async fn store_upload(
        &self,
        caller: &Caller,
        upload: UploadRow,
        target: &ItemPath,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        self.check_target(caller, target, &options).await?;
        let blob = self.take_in(&upload).await?;
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let target = target.clone();
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            if !rows::remove(tx, upload.id)? {
                return Err(Failure::NoSuchUpload);
            }
            let target = store::resolve_target(tx, standing, &target)?;
            store::store(tx, storing, target, (&blob, &options))
        };
        let stored = self.house.write_as(caller, write).await?;
        metrics::counter!("holdall_stored_total").increment(1);
        self.house.notes.note(storing.user, stored.document, storing.now);
        Ok(stored)
    }

    /// Takes what an upload holds into the store.
    pub(super) async fn take_in(&self, upload: &UploadRow) -> Result<StoredBlob, Failure> {
        let (spools, id, len) = (self.spools.clone(), upload.id, upload.received_len);
        let content = blocking(move || spools.open(id, len)).await?;
        let blob = receive::receive(&self.house, content, len).await?;
        if blob.raw_len != len || blob.crc32 != upload.crc32 {
            return Err(Failure::internal("the spool of an upload was damaged"));
        }
        Ok(blob)
    }

    /// Fails early when the document could not be stored anyway.
    async fn check_target(
        &self,
        caller: &Caller,
        target: &ItemPath,
        options: &DocumentOptions,
    ) -> Result<(), Failure> {
        let (target, options, user) = (target.clone(), options.clone(), caller.user());
        let check = move |tx: &mut Tx<'_>, standing: &Standing| {
            store::resolve_target(tx, standing, &target)?.check(user, &options)
        };
        self.house.read_as(caller, check).await
    }

    pub(super) async fn max_len(&self) -> Result<u64, Failure> {
        let read = move |tx: &mut Tx<'_>| Ok::<_, Failure>(settings::current(tx)?.document_max_len);
        self.house.catalog.read(read).await
    }
}
