//! A version's content that may be read from anywhere in it.

use super::content::{self, ContentBody, Readable};
use super::{DocumentView, Documents};
use crate::access::Standing;
use crate::folders::resolve::resolve_content;
use crate::house::House;
use crate::{Caller, Failure, Thing};
use holdall_blobs::Locator;
use holdall_catalog::{Tx, blobs};
use holdall_model::{Digest, ItemRef, UserId, VersionNumber};
use std::ops::Range;
use std::sync::Arc;

/// A version's content, looked up for a caller who may read it.
#[derive(Debug)]
pub struct OpenContent {
    /// The document.
    pub document: DocumentView,
    /// The version.
    pub version: VersionNumber,
    /// The length of the content in bytes.
    pub raw_len: u64,
    /// Its CRC32.
    pub crc32: u32,
    /// Its SHA-256.
    pub digest: Digest,
    house: Arc<House>,
    locator: Locator,
    reader: UserId,
}

impl Documents {
    /// A version's content, without a number that of the version which readers get, whoever asks. The right to read is needed.
    /// Follows shortcuts.
    pub async fn open(
        &self,
        caller: &Caller,
        item: &ItemRef,
        version: Option<VersionNumber>,
    ) -> Result<OpenContent, Failure> {
        let item = item.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let served = resolve_content(tx, standing, &item)?.row.served();
            let found = content::find(tx, standing, &item, Some(version.unwrap_or(served)))?;
            let blob = blobs::digests_of(tx, &[found.content.blob])?;
            let digest = blob.get(&found.content.blob).copied();
            Ok((found, digest.ok_or(Failure::NotFound(Thing::Version))?))
        };
        let (found, digest) = self.house.read_as(caller, find).await?;
        let Readable {
            document,
            version,
            content,
        } = found;
        Ok(OpenContent {
            document,
            version,
            raw_len: content.raw_len,
            crc32: content.crc32,
            digest,
            house: Arc::clone(&self.house),
            locator: Locator {
                pack: content.pack,
                offset: content.pack_offset,
            },
            reader: caller.user(),
        })
    }
}

impl OpenContent {
    /// The bytes of a range, which is cut to the content; each verified before it is given out. Reading from the beginning on
    /// counts as a viewing.
    pub async fn read(&self, range: Range<u64>) -> Result<ContentBody, Failure> {
        let end = range.end.min(self.raw_len);
        let body = content::body(&self.house, self.locator, range.start.min(end)..end).await?;
        if range.start == 0 {
            self.house
                .note_viewing(self.reader, self.document.id, self.version);
        }
        Ok(body)
    }
}
