-- By what lies where in which pack, a manifest finds the digests of an archive's contents.
DROP INDEX blobs_by_pack;
CREATE INDEX blobs_by_place ON blobs (pack_id, pack_offset);

-- version: of a download of kind 1; zero when it is not known.
ALTER TABLE downloads ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE downloads ADD COLUMN document_count INTEGER NOT NULL DEFAULT 0;

-- Downloads that ended a short while ago, so that their owners are told so. lost: documents that may no longer be read, if that ended it.
CREATE TABLE ended_downloads (
    handle_digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_downloads_by_time ON ended_downloads (ended_at);

-- What was sent of a download, kept when the download has ended. finished_at is zero until every byte was sent.
-- door: 0 a session, 1 a link, 2 chunks. spans: the bytes that were sent, as pairs of lengths (gap, span) in LEB128.
CREATE TABLE deliveries (
    download_id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    content_len INTEGER NOT NULL,
    document_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    door INTEGER NOT NULL,
    sent_len INTEGER NOT NULL,
    delivered_count INTEGER NOT NULL,
    spans BLOB NOT NULL
) STRICT;
CREATE INDEX deliveries_by_user ON deliveries (user_id, download_id);
CREATE INDEX deliveries_by_time ON deliveries (last_at);
