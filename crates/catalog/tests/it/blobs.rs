use crate::count;
use holdall_catalog::blobs::{self, NewBlob};
use holdall_catalog::{CatalogError, audit, testing};
use holdall_model::{BlobId, Digest, PackId, Timestamp, UserId};

fn blob(seed: u8, pack_offset: u64) -> NewBlob {
    NewBlob {
        digest: Digest([seed; 32]),
        raw_len: 1 << 40,
        stored_len: 77,
        crc32: u32::MAX,
        method: 8,
        pack: PackId(1),
        pack_offset,
    }
}

const NOW: Timestamp = Timestamp(1_700_000_000_000);

#[test]
fn equal_content_is_stored_once() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let ids = catalog.write_blocking(|tx| {
            blobs::insert_pack(tx, PackId(1), 1000, 3, NOW)?;
            let first = blobs::insert(tx, &[blob(1, 0), blob(2, 100), blob(1, 200)], NOW)?;
            let second = blobs::insert(tx, &[blob(3, 300), blob(2, 400)], NOW)?;
            Ok::<_, CatalogError>((first, second))
        });
        let (first, second) = ids.unwrap();
        assert_eq!(first, [BlobId(1), BlobId(2), BlobId(1)], "{engine}");
        assert_eq!(second.get(1), Some(&BlobId(2)), "{engine}");
        let found = catalog.read_blocking(|tx| {
            let rows = blobs::by_digests(tx, &[3, 9, 1, 3].map(|seed| Digest([seed; 32])))?;
            assert_eq!(count(tx, "SELECT COUNT(*) FROM blobs", &[])?, 3);
            Ok::<_, CatalogError>(rows)
        });
        let found = found.unwrap();
        let [Some(third), None, Some(first), Some(again)] = found.as_slice() else {
            panic!("{engine}: {found:?}");
        };
        assert_eq!(
            (third, third.pack_offset, first.id),
            (again, 300, BlobId(1)),
            "{engine}"
        );
        assert_eq!(
            (first.raw_len, first.crc32, first.quarantined),
            (1 << 40, u32::MAX, false),
            "{engine}"
        );
    }
}

#[test]
fn a_quarantined_blob_is_marked() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let marks = catalog.write_blocking(|tx| {
            let ids = blobs::insert(tx, &[blob(1, 0), blob(2, 100)], NOW)?;
            let marks = [
                blobs::quarantine(tx, PackId(1), 100)?,
                blobs::quarantine(tx, PackId(1), 101)?,
            ];
            let rows = ids
                .iter()
                .map(|id| blobs::blob(tx, *id))
                .collect::<Result<Vec<_>, _>>()?;
            Ok::<_, CatalogError>((
                marks,
                rows.into_iter()
                    .flatten()
                    .map(|row| row.quarantined)
                    .collect::<Vec<_>>(),
            ))
        });
        assert_eq!(marks.unwrap(), ([true, false], vec![false, true]), "{engine}");
    }
}

#[test]
fn deeds_are_recorded() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let kept = catalog.write_blocking(|tx| {
            let deed = audit::Deed {
                at: NOW,
                user: UserId(4),
                action: "created",
                subject: "/Lib",
                detail: "a library",
            };
            audit::record(tx, deed)?;
            audit::record(tx, deed)?;
            count(
                tx,
                "SELECT COUNT(*) FROM audit WHERE user_id = 4 AND action = 'created'",
                &[],
            )
        });
        assert_eq!(kept.unwrap(), 2, "{engine}");
    }
}
