-- Answers that are given again when the same call comes with the same key. call_digest is the SHA-256 of user, call and key; status
-- is zero while the call runs, then answer is encrypted with a key that is made of the caller's and not kept.
CREATE TABLE given_answers (
    call_digest BYTEA PRIMARY KEY,
    body_digest BYTEA NOT NULL,
    holder BYTEA NOT NULL,
    status BIGINT NOT NULL,
    answer BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX given_answers_by_expiry ON given_answers (expires_at);
