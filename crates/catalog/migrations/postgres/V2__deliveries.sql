-- By what lies where in which pack, a manifest finds the digests of an archive's contents.
DROP INDEX blobs_by_pack;
CREATE INDEX blobs_by_place ON blobs (pack_id, pack_offset);

-- version: of a download of kind 1; zero when it is not known.
ALTER TABLE downloads ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE downloads ADD COLUMN document_count BIGINT NOT NULL DEFAULT 0;

-- Downloads that ended a short while ago, so that their owners are told so. lost: documents that may no longer be read, if that ended it.
CREATE TABLE ended_downloads (
    handle_digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL,
    lost BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX ended_downloads_by_time ON ended_downloads (ended_at);

-- What was sent of a download, kept when the download has ended. finished_at is zero until every byte was sent.
-- door: 0 a session, 1 a link, 2 chunks. spans: the bytes that were sent, as pairs of lengths (gap, span) in LEB128.
CREATE TABLE deliveries (
    download_id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    content_len BIGINT NOT NULL,
    document_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    door BIGINT NOT NULL,
    sent_len BIGINT NOT NULL,
    delivered_count BIGINT NOT NULL,
    spans BYTEA NOT NULL
);
CREATE INDEX deliveries_by_user ON deliveries (user_id, download_id);
CREATE INDEX deliveries_by_time ON deliveries (last_at);
