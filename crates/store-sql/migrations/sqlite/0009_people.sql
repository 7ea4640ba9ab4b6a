-- People have ids of their own. `upstream` is the system that signed a person in, `subject` its id of
-- them. An account without a person is that of an earlier version: it stands for one under its own id.
CREATE TABLE people (
    id         TEXT    PRIMARY KEY,
    upstream   TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (upstream, subject)
) STRICT, WITHOUT ROWID;

ALTER TABLE accounts ADD COLUMN person_id TEXT;
CREATE INDEX accounts_by_person ON accounts (person_id);
CREATE INDEX accounts_by_expiry ON accounts (key_expires_at);

-- 1 when the grant's client opens URLs for the person (URL mode elicitation).
ALTER TABLE grants ADD COLUMN elicits_urls INTEGER;
CREATE INDEX grants_by_client ON grants (client_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- The request that used an assertion.
ALTER TABLE assertions ADD COLUMN request_hash BLOB;
