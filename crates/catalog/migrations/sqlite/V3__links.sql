INSERT INTO counters (name, value) VALUES ('links', 1);

-- Secrets that all nodes share.
CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Only the SHA-256 of a link's secret is stored. password_hash is empty and most_uses zero when there is none; addresses are networks
-- with spaces between them.
CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    secret_digest BLOB NOT NULL UNIQUE,
    download_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    most_uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    addresses TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_by_user ON links (user_id, id);
CREATE INDEX links_by_download ON links (download_id);

-- Who began to use a link when; visitor is the SHA-256 of address and agent.
CREATE TABLE link_uses (
    link_id INTEGER NOT NULL,
    visitor BLOB NOT NULL,
    began_at INTEGER NOT NULL,
    PRIMARY KEY (link_id, visitor)
) STRICT, WITHOUT ROWID;
