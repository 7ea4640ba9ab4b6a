-- Times are epoch milliseconds. `*_hash` columns hold HMAC-SHA-256 of tokens, `sealed_*` columns
-- hold XChaCha20-Poly1305 boxes.

CREATE TABLE clients (
    id          TEXT    PRIMARY KEY,
    record      TEXT    NOT NULL,
    secret_hash BLOB,
    dynamic     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id                     TEXT    PRIMARY KEY,
    kind                   TEXT    NOT NULL,
    authority              TEXT    NOT NULL,
    user_id                TEXT    NOT NULL,
    sealed_profile         BLOB    NOT NULL,
    sealed_credential      BLOB    NOT NULL,
    key_expires_at         INTEGER,
    version                INTEGER NOT NULL,
    sign_in_required_since INTEGER,
    refreshed_at           INTEGER NOT NULL,
    UNIQUE (kind, authority, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    id                TEXT    PRIMARY KEY,
    client_id         TEXT    NOT NULL,
    account_id        TEXT    NOT NULL REFERENCES accounts (id),
    resource          TEXT    NOT NULL,
    scopes            TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    revoked_at        INTEGER,
    revocation_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_expiry ON grants (expires_at);

CREATE TABLE codes (
    hash           BLOB    PRIMARY KEY,
    client_id      TEXT    NOT NULL,
    redirect_uri   TEXT    NOT NULL,
    code_challenge TEXT    NOT NULL,
    resource       TEXT    NOT NULL,
    scopes         TEXT    NOT NULL,
    account_id     TEXT    NOT NULL,
    expires_at     INTEGER NOT NULL,
    grant_id       TEXT    REFERENCES grants (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX codes_by_grant ON codes (grant_id);

CREATE TABLE refresh_tokens (
    hash             BLOB    PRIMARY KEY,
    grant_id         TEXT    NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    expires_at       INTEGER NOT NULL,
    rotated_at       INTEGER,
    successor_hash   BLOB,
    sealed_successor BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);

CREATE TABLE access_tokens (
    hash       BLOB    PRIMARY KEY,
    grant_id   TEXT    NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    scopes     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);
