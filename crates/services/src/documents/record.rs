//! Recording content that the blob store holds.

use crate::Failure;
use holdall_blobs::{Method, StoredBlob};
use holdall_catalog::blobs::{self, BlobRow, NewBlob};
use holdall_catalog::documents::{self, Content};
use holdall_catalog::{Tx, packs};
use holdall_model::{Digest, Timestamp};

/// Gives each content its row. Equal content that is known already keeps its place, unless it is damaged there; a copy that is
/// not used is for upkeep to drop.
pub(crate) fn record_contents(
    tx: &mut Tx<'_>,
    stored: &[StoredBlob],
    now: Timestamp,
) -> Result<Vec<Content>, Failure> {
    let first_new = packs::next_blob(tx)?;
    let new: Vec<NewBlob> = stored.iter().map(new_blob).collect();
    blobs::insert(tx, &new, now)?;
    let digests: Vec<Digest> = stored.iter().map(|blob| blob.digest).collect();
    let mut contents = Vec::with_capacity(stored.len());
    let mut fresh_packs = Vec::new();
    for (row, new) in blobs::by_digests(tx, &digests)?.into_iter().zip(&new) {
        let row = row.ok_or_else(|| Failure::internal("a blob that was just recorded is not there"))?;
        let mut content = content_of(&row);
        if row.quarantined {
            content = Content {
                stored_len: new.stored_len,
                method: new.method,
                ..content
            };
            content = Content {
                pack: new.pack,
                pack_offset: new.pack_offset,
                ..content
            };
            documents::restore(tx, &content)?;
        }
        if row.quarantined || row.id >= first_new {
            fresh_packs.push(content.pack);
        }
        contents.push(content);
    }
    fresh_packs.sort_unstable();
    fresh_packs.dedup();
    packs::record(tx, &fresh_packs, now)?;
    Ok(contents)
}

fn new_blob(blob: &StoredBlob) -> NewBlob {
    NewBlob {
        digest: blob.digest,
        raw_len: blob.raw_len,
        stored_len: blob.stored_len,
        crc32: blob.crc32,
        method: match blob.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        },
        pack: blob.pack,
        pack_offset: blob.offset,
    }
}

fn content_of(row: &BlobRow) -> Content {
    Content {
        blob: row.id,
        raw_len: row.raw_len,
        stored_len: row.stored_len,
        crc32: row.crc32,
        method: row.method,
        pack: row.pack,
        pack_offset: row.pack_offset,
    }
}
