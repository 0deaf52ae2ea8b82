//! Taking a whole content into the store, once for equal contents.

use crate::Failure;
use crate::house::House;
use holdall_blobs::{BlobError, Method, StoredBlob};
use holdall_catalog::CatalogError;
use holdall_catalog::blobs::{self, BlobRow};
use holdall_model::Digest;
use std::io::{self, Read};
use std::sync::Arc;

/// A reader that fails instead of giving more bytes than allowed.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let len = u64::try_from(read).map_err(io::Error::other)?;
        self.left = self.left.checked_sub(len).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// Stores what `content` gives, durable on return, unless equal content is stored already.
pub(super) async fn receive(
    house: &Arc<House>,
    content: impl Read + Send + 'static,
    max_len: u64,
) -> Result<StoredBlob, Failure> {
    let house = Arc::clone(house);
    let storing = tokio::task::spawn_blocking(move || {
        let content = Limited {
            inner: content,
            left: max_len,
        };
        house.blobs.put(content, &|digest| known(&house, *digest))
    });
    match storing.await.map_err(Failure::internal)? {
        Ok(put) => Ok(put.blob),
        Err(BlobError::Source(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(Failure::TooLarge { max_len })
        }
        Err(BlobError::Source(error)) => Err(Failure::invalid("content", error)),
        Err(other) => Err(other.into()),
    }
}

/// Where equal content lies. A catalog that fails to tell costs a second copy, which upkeep drops.
fn known(house: &House, digest: Digest) -> Option<StoredBlob> {
    let found = house
        .catalog
        .read_blocking(move |tx| Ok::<_, CatalogError>(blobs::by_digests(tx, &[digest])?.pop()));
    found
        .ok()
        .flatten()
        .flatten()
        .filter(|row| !row.quarantined)
        .map(|row| stored_blob(&row))
}

fn stored_blob(row: &BlobRow) -> StoredBlob {
    StoredBlob {
        digest: row.digest,
        raw_len: row.raw_len,
        crc32: row.crc32,
        stored_len: row.stored_len,
        method: if row.method == 0 {
            Method::Stored
        } else {
            Method::Deflated
        },
        pack: row.pack,
        offset: row.pack_offset,
    }
}
