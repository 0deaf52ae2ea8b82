//! Digests of contents by where they lie, many at a time.

use crate::{CatalogError, Tx};
use holdall_model::{Digest, DocumentId, PackId};

/// Bits of a place's number that are the offset. Packs are far shorter, but for those of one long document, which starts early.
const OFFSET_BITS: u32 = 33;

/// Pack ids above this have no number.
const MOST_PACK: i64 = (1 << 30) - 1;

/// 8,589,934,592 is two to the power of [`OFFSET_BITS`].
const AT: &str = "SELECT w.x, b.digest FROM {wanted} w JOIN blobs b ON b.pack_id = w.x / 8589934592 \
     AND b.pack_offset = w.x % 8589934592";

const OF_DOCUMENTS: &str = "SELECT v.document_id, b.raw_len, b.crc32, b.digest FROM {wanted} w \
     JOIN versions v ON v.document_id = w.x JOIN blobs b ON b.id = v.blob_id";

pub(crate) const STATEMENTS: &[&str] = &[AT, OF_DOCUMENTS];

/// What is known of some content besides where it lay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The document that has it in one of its versions.
    pub document: DocumentId,
    /// Bytes before compression.
    pub raw_len: u64,
    /// CRC-32 of the raw bytes.
    pub crc32: u32,
}

/// The SHA-256 of what starts at each place, in the given order; `None` where nothing is known to start.
pub fn digests_at(tx: &mut Tx<'_>, places: &[(PackId, u64)]) -> Result<Vec<Option<Digest>>, CatalogError> {
    let mut wanted: Vec<i64> = places.iter().filter_map(|place| number(*place)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = vec![None; wanted.len()];
    let mut next = 0_usize;
    tx.for_each_of(AT, &[], &wanted, |row| {
        let number = row.integer(0)?;
        // Mostly the rows come in the order of the list.
        let slot = match wanted.get(next) {
            Some(expected) if *expected == number => Ok(next),
            _ => wanted.binary_search(&number),
        };
        if let Ok(slot) = slot
            && let Some(found) = found.get_mut(slot)
        {
            *found = Some(row.digest(1)?);
            next = slot.saturating_add(1);
        }
        Ok::<(), CatalogError>(())
    })?;
    let digest = |place: &(PackId, u64)| {
        let slot = wanted.binary_search(&number(*place)?).ok()?;
        found.get(slot).copied().flatten()
    };
    Ok(places.iter().map(digest).collect())
}

/// The SHA-256 of those of the documents' versions that have the length and checksum of their likeness, in the given order. For
/// content that no longer lies where it lay.
pub fn digests_like(tx: &mut Tx<'_>, likenesses: &[Likeness]) -> Result<Vec<Option<Digest>>, CatalogError> {
    let mut documents: Vec<DocumentId> = likenesses.iter().map(|likeness| likeness.document).collect();
    documents.sort_unstable();
    documents.dedup();
    let found = tx.query_each_of(OF_DOCUMENTS, &[], &documents, |row| {
        let likeness = Likeness {
            document: DocumentId(row.integer(0)?),
            raw_len: row.length(1)?,
            crc32: row.crc32(2)?,
        };
        Ok((likeness, row.digest(3)?))
    })?;
    let like = |wanted: &Likeness| {
        let found = found.iter().find(|(likeness, _)| likeness == wanted);
        found.map(|(_, digest)| *digest)
    };
    Ok(likenesses.iter().map(like).collect())
}

/// A place as one number; `None` out of bounds.
fn number((pack, offset): (PackId, u64)) -> Option<i64> {
    let offset = i64::try_from(offset)
        .ok()
        .filter(|offset| offset >> OFFSET_BITS == 0)?;
    (0..=MOST_PACK)
        .contains(&pack.0)
        .then_some(pack.0 << OFFSET_BITS | offset)
}
