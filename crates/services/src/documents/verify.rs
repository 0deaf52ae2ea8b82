//! Proving that stored content is still what was stored.

use super::Documents;
use super::content::{quarantine, reads_unpublished};
use crate::access::{self, Standing};
use crate::folders::resolve::resolve_content;
use crate::house::House;
use crate::{Caller, Failure, Thing};
use holdall_blobs::{BlobError, Locator};
use holdall_catalog::{Tx, blobs, versions};
use holdall_model::{Digest, ItemRef, Right, VersionNumber};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read as _};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many bytes are read at a time.
const STEP_LEN: usize = 256 << 10;

/// Each verification reads a whole document, so only so many run at a time.
static RUNNING: Semaphore = Semaphore::const_new(2);

/// What the content was when it was stored.
struct Known {
    digest: Digest,
    raw_len: u64,
    locator: Locator,
}

impl Documents {
    /// Reads all stored bytes of a version again, without a number of the one that readers get, and tells whether they have the
    /// SHA-256 that they had when they were stored. Damaged content is kept from being served. The right to read is needed.
    pub async fn verify(
        &self,
        caller: &Caller,
        item: &ItemRef,
        number: Option<VersionNumber>,
    ) -> Result<bool, Failure> {
        let item = item.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            access::require(found.right, Right::Read)?;
            if standing.is_archived(found.row.library) {
                return Err(Failure::Offline);
            }
            let number = number.unwrap_or_else(|| found.row.served());
            let version = versions::version(tx, found.row.id, number)?;
            let version = version.ok_or(Failure::NotFound(Thing::Version))?;
            let is_draft = version.published.is_none() && number != found.row.served();
            if is_draft && !reads_unpublished(tx, standing.user(), &found)? {
                return Err(Failure::Denied);
            }
            known(tx, &version)
        };
        let known = self.house.read_as(caller, find).await?;
        let permit = RUNNING.acquire().await.map_err(Failure::internal)?;
        let house = Arc::clone(&self.house);
        let verify = move || {
            let outcome = is_intact(&house, &known);
            drop(permit);
            outcome
        };
        tokio::task::spawn_blocking(verify)
            .await
            .map_err(Failure::internal)?
    }
}

fn known(tx: &mut Tx<'_>, version: &versions::VersionRow) -> Result<Known, Failure> {
    let blob = blobs::blob(tx, version.content.blob)?.ok_or(Failure::NotFound(Thing::Version))?;
    Ok(Known {
        digest: blob.digest,
        raw_len: blob.raw_len,
        locator: Locator {
            pack: blob.pack,
            offset: blob.pack_offset,
        },
    })
}

/// Waits for the disk.
fn is_intact(house: &House, known: &Known) -> Result<bool, Failure> {
    let is_intact = match digest(house, known) {
        Ok(digest) => digest == known.digest,
        Err(error) if is_damage(&error) => false,
        Err(error) => return Err(Failure::internal(error)),
    };
    if !is_intact {
        quarantine(house, known.locator);
    }
    Ok(is_intact)
}

fn digest(house: &House, known: &Known) -> io::Result<Digest> {
    let mut raw = house
        .blobs
        .read_raw(known.locator, 0..known.raw_len)
        .map_err(io::Error::other)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; STEP_LEN];
    loop {
        let count = raw.read(&mut buffer)?;
        if count == 0 {
            return Ok(Digest(hasher.finalize().into()));
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Whether the stored bytes are to blame, not the reading of them.
pub(super) fn is_damage(error: &io::Error) -> bool {
    let cause = error
        .get_ref()
        .and_then(|cause| cause.downcast_ref::<BlobError>());
    matches!(cause, Some(BlobError::Corrupt { .. } | BlobError::Missing { .. }))
}
