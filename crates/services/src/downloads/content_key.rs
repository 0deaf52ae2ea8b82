//! What a plan says of each entry's content: which version of which document it is, and where its stored bytes start.

use holdall_archive::ContentKey;
use holdall_blobs::Locator;
use holdall_model::{DocumentId, PackId, VersionNumber};

/// The first word has the version too. Plans of earlier builds, and documents with ids or versions out of these bounds, lack it.
const HAS_VERSION: u64 = 1 << 63;

/// Bits of the document's id.
const DOCUMENT_BITS: u32 = 32;

/// The highest version that fits beside it.
const MOST_VERSION: u64 = (1 << 31) - 1;

/// Document id and version, pack id and offset in the pack, 8 bytes each, little-endian.
pub(crate) fn encode(
    document: DocumentId,
    version: VersionNumber,
    (pack, pack_offset): (PackId, u64),
) -> ContentKey {
    let mut key = [0; 24];
    // Ids are positive.
    let words = [first_word(document, version), pack.0.unsigned_abs(), pack_offset];
    for (slot, word) in key.chunks_exact_mut(8).zip(words) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    ContentKey(key)
}

fn first_word(document: DocumentId, version: VersionNumber) -> u64 {
    let (document, version) = (document.0.unsigned_abs(), version.0.unsigned_abs());
    if document >> DOCUMENT_BITS == 0 && (1..=MOST_VERSION).contains(&version) {
        HAS_VERSION | version << DOCUMENT_BITS | document
    } else {
        document
    }
}

/// The document.
pub(crate) fn document(key: &ContentKey) -> DocumentId {
    let word = word(key, 0);
    if word & HAS_VERSION == 0 {
        return DocumentId(signed(word));
    }
    DocumentId(signed(word & ((1 << DOCUMENT_BITS) - 1)))
}

/// The version, if the key has it.
pub(crate) fn version(key: &ContentKey) -> Option<VersionNumber> {
    let word = word(key, 0);
    let version = (word & !HAS_VERSION) >> DOCUMENT_BITS;
    (word & HAS_VERSION != 0).then(|| VersionNumber(signed(version)))
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
    use super::{document, encode, locator, version};
    use holdall_blobs::Locator;
    use holdall_model::{DocumentId, PackId, VersionNumber};

    #[test]
    fn a_key_gives_back_what_it_was_made_of() {
        let most = (1 << 31) - 1;
        for (id, number, known) in [
            (7, 1, true),
            ((1 << 32) - 1, most, true),
            (7, 0, false),
            (7, most + 1, false),
            (1 << 32, 1, false),
            (i64::MAX, 1, false),
        ] {
            let key = encode(DocumentId(id), VersionNumber(number), (PackId(i64::MAX), 1 << 40));
            assert_eq!(document(&key), DocumentId(id));
            assert_eq!(
                version(&key),
                known.then_some(VersionNumber(number)),
                "{id} {number}"
            );
            let place = Locator {
                pack: PackId(i64::MAX),
                offset: 1 << 40,
            };
            assert_eq!(locator(&key), place);
        }
    }
}
