-- Uploads whose length and target are known from the start. document_id and version are zero until the document is stored; modified_at
-- counts when modified_given is 1; note is what the sender wants back.
CREATE TABLE announced_uploads (
    upload_id BIGINT PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    total_len BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    comment TEXT NOT NULL,
    modified_given BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    document_id BIGINT NOT NULL,
    version BIGINT NOT NULL
);
