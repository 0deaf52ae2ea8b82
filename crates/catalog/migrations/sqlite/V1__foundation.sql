-- Ids, sizes and booleans are integers; times are milliseconds since 1970 UTC; zero stands for "none" in id columns without a foreign key.
-- STRICT tables refuse values of another type, as PostgreSQL does.
-- Rows that staging walks are clustered by (folder, name key): WITHOUT ROWID scans three times faster than a rowid table.

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The next number of each kind. The first 99 users and groups are kept for those that come with the house.
INSERT INTO counters (name, value) VALUES
    ('authz_epoch', 1), ('users', 100), ('groups', 100), ('libraries', 1), ('scopes', 1), ('folders', 1), ('documents', 1),
    ('blobs', 1), ('packs', 1), ('uploads', 1), ('downloads', 1), ('audit', 1), ('viewings', 1),
    ('deletions', 1);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    library_id INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    read_only INTEGER NOT NULL,
    authentication_source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_logon_at INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- notification: 0 none, 1 at once, 2 once a day. A user without a row has the defaults.
CREATE TABLE user_preferences (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    default_portal TEXT NOT NULL,
    show_archived INTEGER NOT NULL,
    show_hidden INTEGER NOT NULL,
    notification INTEGER NOT NULL,
    plain_text_email INTEGER NOT NULL,
    attach_documents INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    library_id INTEGER NOT NULL,
    public INTEGER NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (library_id, name_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE libraries (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    root_folder_id INTEGER NOT NULL,
    anonymous INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    hidden INTEGER NOT NULL,
    welcome_message TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One of user_id and group_id is zero.
CREATE TABLE library_members (
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    manager INTEGER NOT NULL,
    PRIMARY KEY (library_id, user_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX library_members_by_user ON library_members (user_id);

-- Access lists are interned: one scope for each distinct list of a library. fingerprint is the SHA-256 of library and entries.
CREATE TABLE scopes (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL,
    fingerprint BLOB NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- kind: 0 anonymous, 1 library members, 2 group, 3 user. principal_id is zero for the first two.
CREATE TABLE scope_entries (
    scope_id INTEGER NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    kind INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    PRIMARY KEY (scope_id, kind, principal_id)
) STRICT, WITHOUT ROWID;

-- A library's root folder has parent 0 and the library's name. scope_id is the list in force, own_list says whether it was set here.
-- rules_switched has a bit for each rule that is the other way round than in a new library; file_types is empty or a list with commas.
CREATE TABLE folders (
    parent_id INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    library_id INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,
    own_list INTEGER NOT NULL,
    list_applied_by INTEGER NOT NULL,
    list_applied_at INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    rules_switched INTEGER NOT NULL,
    file_types TEXT NOT NULL,
    PRIMARY KEY (parent_id, name_key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX folders_by_id ON folders (id);
CREATE INDEX folders_by_scope ON folders (scope_id);

CREATE TABLE blobs (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    raw_len INTEGER NOT NULL,
    stored_len INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    method INTEGER NOT NULL,
    pack_id INTEGER NOT NULL,
    pack_offset INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    condemned_at INTEGER NOT NULL,
    quarantined INTEGER NOT NULL
) STRICT;
CREATE INDEX blobs_by_pack ON blobs (pack_id);

CREATE TABLE packs (
    id INTEGER PRIMARY KEY,
    stored_len INTEGER NOT NULL,
    blob_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The columns from raw_len to pack_offset repeat the blob of the version that readers get, so that staging is one scan without a join.
-- withdrawn: the published version no longer counts as published; readers keep it until another one is published.
-- kind: 0 a file, 1 a shortcut, 2 a web address. A shortcut has no versions and no content; target_id names the document it stands for,
-- which may be gone.
CREATE TABLE documents (
    folder_id INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    scope_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    raw_len INTEGER NOT NULL,
    stored_len INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    method INTEGER NOT NULL,
    pack_id INTEGER NOT NULL,
    pack_offset INTEGER NOT NULL,
    blob_id INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    latest_version INTEGER NOT NULL,
    published_version INTEGER NOT NULL,
    version_count INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    library_id INTEGER NOT NULL,
    own_list INTEGER NOT NULL,
    list_applied_by INTEGER NOT NULL,
    list_applied_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    registered_by INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    locked_by INTEGER NOT NULL,
    locked_at INTEGER NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,
    withdrawn INTEGER NOT NULL,
    update_instructions TEXT NOT NULL,
    author TEXT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL,
    described_by INTEGER NOT NULL,
    described_at INTEGER NOT NULL,
    PRIMARY KEY (folder_id, name_key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_id ON documents (id);
CREATE INDEX documents_by_blob ON documents (blob_id);
CREATE INDEX documents_by_scope ON documents (scope_id);
-- Few documents are locked at a time.
CREATE INDEX documents_locked ON documents (locked_by) WHERE locked_by <> 0;

CREATE TABLE versions (
    document_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blobs (id),
    author_id INTEGER NOT NULL,
    comment TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_blob ON versions (blob_id);

-- Who was given the content of a document, in the order of ids.
CREATE TABLE viewings (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    viewed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX viewings_by_document ON viewings (document_id, id);
CREATE INDEX viewings_by_user ON viewings (user_id, id);

-- What was deleted, by whom and from where. The item itself stays in its table, below the folder whose id is minus the deleted item's id.
CREATE TABLE recycled (
    kind INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    library_id INTEGER NOT NULL,
    original_folder_id INTEGER NOT NULL,
    original_path TEXT NOT NULL,
    total_len INTEGER NOT NULL,
    deleted_by INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    status_at INTEGER NOT NULL,
    PRIMARY KEY (kind, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recycled_by_user ON recycled (deleted_by, deleted_at);
CREATE INDEX recycled_by_status ON recycled (status, status_at);

-- What decided the right to read documents that are gone for good, for the downloads that were staged before.
CREATE TABLE purged (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    purged_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX purged_by_time ON purged (purged_at);

-- The record of deletions. action: 0 recycled, 1 purged, 2 bin emptied, 3 restored. path_key and folder_key are the keys of the
-- names of the path the item had and of the one it lay in, each after a slash.
CREATE TABLE deletions (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    action INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    path_key TEXT NOT NULL,
    folder_key TEXT NOT NULL,
    library_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deletions_by_time ON deletions (at);
CREATE INDEX deletions_by_path ON deletions (path_key);
CREATE INDEX deletions_by_folder ON deletions (folder_key);

-- Only the SHA-256 of a ticket is stored.
CREATE TABLE sessions (
    ticket_digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE login_failures (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    id INTEGER PRIMARY KEY,
    handle_digest BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL,
    chunk_len INTEGER NOT NULL,
    received_len INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- kind: 0 a plan (zip), 1 one document's version. plan_digest is empty for kind 1; the pack columns are zero for kind 0.
CREATE TABLE downloads (
    id INTEGER PRIMARY KEY,
    handle_digest BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    content_len INTEGER NOT NULL,
    entry_count INTEGER NOT NULL,
    plan_digest BLOB NOT NULL,
    document_id INTEGER NOT NULL,
    blob_id INTEGER NOT NULL,
    pack_id INTEGER NOT NULL,
    pack_offset INTEGER NOT NULL,
    authz_epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX downloads_by_user ON downloads (user_id);
CREATE INDEX downloads_by_expiry ON downloads (expires_at);
CREATE INDEX downloads_by_plan ON downloads (plan_digest);

-- list: 0 the download queue, 1 the favourites. kind: 0 document, 1 folder.
CREATE TABLE kept_items (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    list INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, list, kind, item_id)
) STRICT, WITHOUT ROWID;

-- What each user stored or opened last, a hundred documents at most.
CREATE TABLE recent_documents (
    user_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
