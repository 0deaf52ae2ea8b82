-- Uploads whose length and target are known from the start. document_id and version are zero until the document is stored; modified_at
-- counts when modified_given is 1; note is what the sender wants back.
CREATE TABLE announced_uploads (
    upload_id INTEGER PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    total_len INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    comment TEXT NOT NULL,
    modified_given INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    document_id INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
