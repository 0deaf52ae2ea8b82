-- Ids, sizes and booleans are integers; times are milliseconds since 1970 UTC; zero stands for "none" in id columns without a foreign key.
-- name_key columns compare by byte, as they do on SQLite.

CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

-- The next number of each kind. The first 99 users and groups are kept for those that come with the house.
INSERT INTO counters (name, value) VALUES
    ('authz_epoch', 1), ('users', 100), ('groups', 100), ('libraries', 1), ('scopes', 1), ('folders', 1), ('documents', 1),
    ('blobs', 1), ('packs', 1), ('uploads', 1), ('downloads', 1), ('audit', 1), ('viewings', 1),
    ('deletions', 1);

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    login TEXT NOT NULL,
    login_key TEXT COLLATE "C" NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    library_id BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    read_only BIGINT NOT NULL,
    authentication_source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_logon_at BIGINT NOT NULL,
    password_changed_at BIGINT NOT NULL
);

-- notification: 0 none, 1 at once, 2 once a day. A user without a row has the defaults.
CREATE TABLE user_preferences (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    default_portal TEXT NOT NULL,
    show_archived BIGINT NOT NULL,
    show_hidden BIGINT NOT NULL,
    notification BIGINT NOT NULL,
    plain_text_email BIGINT NOT NULL,
    attach_documents BIGINT NOT NULL
);

CREATE TABLE groups (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    library_id BIGINT NOT NULL,
    public BIGINT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (library_id, name_key)
);

CREATE TABLE group_members (
    group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE libraries (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE,
    root_folder_id BIGINT NOT NULL,
    anonymous BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    hidden BIGINT NOT NULL,
    welcome_message TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- One of user_id and group_id is zero.
CREATE TABLE library_members (
    library_id BIGINT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    manager BIGINT NOT NULL,
    PRIMARY KEY (library_id, user_id, group_id)
);
CREATE INDEX library_members_by_user ON library_members (user_id);

-- Access lists are interned: one scope for each distinct list of a library. fingerprint is the SHA-256 of library and entries.
CREATE TABLE scopes (
    id BIGINT PRIMARY KEY,
    library_id BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL UNIQUE
);

-- kind: 0 anonymous, 1 library members, 2 group, 3 user. principal_id is zero for the first two.
CREATE TABLE scope_entries (
    scope_id BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    kind BIGINT NOT NULL,
    principal_id BIGINT NOT NULL,
    granted BIGINT NOT NULL,
    PRIMARY KEY (scope_id, kind, principal_id)
);

-- A library's root folder has parent 0 and the library's name. scope_id is the list in force, own_list says whether it was set here.
-- rules_switched has a bit for each rule that is the other way round than in a new library; file_types is empty or a list with commas.
CREATE TABLE folders (
    parent_id BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    library_id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    own_list BIGINT NOT NULL,
    list_applied_by BIGINT NOT NULL,
    list_applied_at BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    rules_switched BIGINT NOT NULL,
    file_types TEXT NOT NULL,
    PRIMARY KEY (parent_id, name_key)
);
CREATE UNIQUE INDEX folders_by_id ON folders (id);
CREATE INDEX folders_by_scope ON folders (scope_id);

CREATE TABLE blobs (
    id BIGINT PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    raw_len BIGINT NOT NULL,
    stored_len BIGINT NOT NULL,
    crc32 BIGINT NOT NULL,
    method BIGINT NOT NULL,
    pack_id BIGINT NOT NULL,
    pack_offset BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    condemned_at BIGINT NOT NULL,
    quarantined BIGINT NOT NULL
);
CREATE INDEX blobs_by_pack ON blobs (pack_id);

CREATE TABLE packs (
    id BIGINT PRIMARY KEY,
    stored_len BIGINT NOT NULL,
    blob_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The columns from raw_len to pack_offset repeat the blob of the version that readers get, so that staging is one scan without a join.
-- withdrawn: the published version no longer counts as published; readers keep it until another one is published.
-- kind: 0 a file, 1 a shortcut, 2 a web address. A shortcut has no versions and no content; target_id names the document it stands for,
-- which may be gone.
CREATE TABLE documents (
    folder_id BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    scope_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    raw_len BIGINT NOT NULL,
    stored_len BIGINT NOT NULL,
    crc32 BIGINT NOT NULL,
    method BIGINT NOT NULL,
    pack_id BIGINT NOT NULL,
    pack_offset BIGINT NOT NULL,
    blob_id BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    latest_version BIGINT NOT NULL,
    published_version BIGINT NOT NULL,
    version_count BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    library_id BIGINT NOT NULL,
    own_list BIGINT NOT NULL,
    list_applied_by BIGINT NOT NULL,
    list_applied_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    registered_by BIGINT NOT NULL,
    registered_at BIGINT NOT NULL,
    locked_by BIGINT NOT NULL,
    locked_at BIGINT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,
    withdrawn BIGINT NOT NULL,
    update_instructions TEXT NOT NULL,
    author TEXT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL,
    described_by BIGINT NOT NULL,
    described_at BIGINT NOT NULL,
    PRIMARY KEY (folder_id, name_key)
);
CREATE UNIQUE INDEX documents_by_id ON documents (id);
CREATE INDEX documents_by_blob ON documents (blob_id);
CREATE INDEX documents_by_scope ON documents (scope_id);
-- Few documents are locked at a time.
CREATE INDEX documents_locked ON documents (locked_by) WHERE locked_by <> 0;

CREATE TABLE versions (
    document_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    author_id BIGINT NOT NULL,
    comment TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (document_id, number)
);
CREATE INDEX versions_by_blob ON versions (blob_id);

-- Who was given the content of a document, in the order of ids.
CREATE TABLE viewings (
    id BIGINT PRIMARY KEY,
    document_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    viewed_at BIGINT NOT NULL
);
CREATE INDEX viewings_by_document ON viewings (document_id, id);
CREATE INDEX viewings_by_user ON viewings (user_id, id);

-- What was deleted, by whom and from where. The item itself stays in its table, below the folder whose id is minus the deleted item's id.
CREATE TABLE recycled (
    kind BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    library_id BIGINT NOT NULL,
    original_folder_id BIGINT NOT NULL,
    original_path TEXT NOT NULL,
    total_len BIGINT NOT NULL,
    deleted_by BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    status_at BIGINT NOT NULL,
    PRIMARY KEY (kind, item_id)
);
CREATE INDEX recycled_by_user ON recycled (deleted_by, deleted_at);
CREATE INDEX recycled_by_status ON recycled (status, status_at);

-- What decided the right to read documents that are gone for good, for the downloads that were staged before.
CREATE TABLE purged (
    id BIGINT PRIMARY KEY,
    library_id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    purged_at BIGINT NOT NULL
);
CREATE INDEX purged_by_time ON purged (purged_at);

-- The record of deletions. action: 0 recycled, 1 purged, 2 bin emptied, 3 restored. path_key and folder_key are the keys of the
-- names of the path the item had and of the one it lay in, each after a slash.
CREATE TABLE deletions (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    action BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    path_key TEXT COLLATE "C" NOT NULL,
    folder_key TEXT COLLATE "C" NOT NULL,
    library_id BIGINT NOT NULL
);
CREATE INDEX deletions_by_time ON deletions (at);
CREATE INDEX deletions_by_path ON deletions (path_key);
CREATE INDEX deletions_by_folder ON deletions (folder_key);

-- Only the SHA-256 of a ticket is stored.
CREATE TABLE sessions (
    ticket_digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE login_failures (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE TABLE uploads (
    id BIGINT PRIMARY KEY,
    handle_digest BYTEA NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    chunk_len BIGINT NOT NULL,
    received_len BIGINT NOT NULL,
    crc32 BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- kind: 0 a plan (zip), 1 one document's version. plan_digest is empty for kind 1; the pack columns are zero for kind 0.
CREATE TABLE downloads (
    id BIGINT PRIMARY KEY,
    handle_digest BYTEA NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    content_len BIGINT NOT NULL,
    entry_count BIGINT NOT NULL,
    plan_digest BYTEA NOT NULL,
    document_id BIGINT NOT NULL,
    blob_id BIGINT NOT NULL,
    pack_id BIGINT NOT NULL,
    pack_offset BIGINT NOT NULL,
    authz_epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX downloads_by_user ON downloads (user_id);
CREATE INDEX downloads_by_expiry ON downloads (expires_at);
CREATE INDEX downloads_by_plan ON downloads (plan_digest);

-- list: 0 the download queue, 1 the favourites. kind: 0 document, 1 folder.
CREATE TABLE kept_items (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    list BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, list, kind, item_id)
);

-- What each user stored or opened last, a hundred documents at most.
CREATE TABLE recent_documents (
    user_id BIGINT NOT NULL,
    document_id BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, document_id)
);

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);
