//! What a plan says of each entry's content: which document it is of, and where its stored bytes start.

use holdall_archive::ContentKey;
use holdall_blobs::Locator;
use holdall_model::{DocumentId, PackId};

/// Document id, pack id and offset in the pack, 8 bytes each, little-endian.
pub(crate) fn encode(document: DocumentId, pack: PackId, pack_offset: u64) -> ContentKey {
    let mut key = [0; 24];
    // Ids are positive.
    let words = [document.0.unsigned_abs(), pack.0.unsigned_abs(), pack_offset];
    for (slot, word) in key.chunks_exact_mut(8).zip(words) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    ContentKey(key)
}

/// The document.
pub(crate) fn document(key: &ContentKey) -> DocumentId {
    DocumentId(signed(word(key, 0)))
}

/// Where the stored bytes start.
pub(crate) fn locator(key: &ContentKey) -> Locator {
    Locator {
        pack: PackId(signed(word(key, 1))),
        offset: word(key, 2),
    }
}

fn word(key: &ContentKey, number: usize) -> u64 {
    let (words, _) = key.0.as_chunks::<8>();
    words.get(number).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn signed(word: u64) -> i64 {
    i64::try_from(word).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{document, encode, locator};
    use holdall_blobs::Locator;
    use holdall_model::{DocumentId, PackId};

    #[test]
    fn a_key_gives_back_what_it_was_made_of() {
        let key = encode(DocumentId(7), PackId(i64::MAX), 1 << 40);
        assert_eq!(document(&key), DocumentId(7));
        assert_eq!(
            locator(&key),
            Locator {
                pack: PackId(i64::MAX),
                offset: 1 << 40
            }
        );
    }
}
