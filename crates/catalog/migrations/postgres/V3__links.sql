INSERT INTO counters (name, value) VALUES ('links', 1);

-- Secrets that all nodes share.
CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Only the SHA-256 of a link's secret is stored. password_hash is empty and most_uses zero when there is none; addresses are networks
-- with spaces between them.
CREATE TABLE links (
    id BIGINT PRIMARY KEY,
    secret_digest BYTEA NOT NULL UNIQUE,
    download_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    most_uses BIGINT NOT NULL,
    used BIGINT NOT NULL,
    addresses TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_by_user ON links (user_id, id);
CREATE INDEX links_by_download ON links (download_id);

-- Who began to use a link when; visitor is the SHA-256 of address and agent.
CREATE TABLE link_uses (
    link_id BIGINT NOT NULL,
    visitor BYTEA NOT NULL,
    began_at BIGINT NOT NULL,
    PRIMARY KEY (link_id, visitor)
);
