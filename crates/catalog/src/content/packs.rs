//! The packs that hold blobs: what is in them as the catalog knows it.

use crate::{CatalogError, Counter, Tx};
use holdall_model::{BlobId, PackId, Timestamp};

const RECORD: &str = "INSERT INTO packs (id, stored_len, blob_count, created_at) \
     SELECT b.pack_id, CAST(SUM(b.stored_len) AS BIGINT), COUNT(*), CAST($1 AS BIGINT) \
     FROM blobs b WHERE b.pack_id IN {wanted} GROUP BY b.pack_id \
     ON CONFLICT (id) DO UPDATE SET stored_len = excluded.stored_len, blob_count = excluded.blob_count";

pub(crate) const STATEMENTS: &[&str] = &[RECORD];

/// Records the packs, or corrects their row, from the blobs that are recorded as theirs.
pub fn record(tx: &mut Tx<'_>, packs: &[PackId], now: Timestamp) -> Result<(), CatalogError> {
    tx.execute_each_of(RECORD, &[now.into()], packs)
        .map(|_changed| ())
}

/// The lowest id that no blob has had so far in this transaction's view.
pub fn next_blob(tx: &mut Tx<'_>) -> Result<BlobId, CatalogError> {
    tx.next_ids(Counter::Blobs, 0).map(BlobId)
}
