-- Times are epoch milliseconds. `*_hash` columns hold hashes of tokens, `sealed_*` columns hold
-- XChaCha20-Poly1305 boxes, `record`, `limits` and `keys` hold JSON as the program writes it.

CREATE TABLE clients (
    id          TEXT    PRIMARY KEY,
    record      TEXT    NOT NULL,
    secret_hash BYTEA,
    dynamic     BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    used_at     BIGINT
);

CREATE TABLE accounts (
    id                     TEXT   PRIMARY KEY,
    kind                   TEXT   NOT NULL,
    authority              TEXT   NOT NULL,
    user_id                TEXT   NOT NULL,
    sealed_profile         BYTEA  NOT NULL,
    sealed_credential      BYTEA  NOT NULL,
    key_expires_at         BIGINT,
    version                BIGINT NOT NULL,
    sign_in_required_since BIGINT,
    refreshed_at           BIGINT NOT NULL,
    lease_fence            BIGINT NOT NULL DEFAULT 0,
    lease_until            BIGINT,
    UNIQUE (kind, authority, user_id)
);

CREATE TABLE grants (
    id                TEXT   PRIMARY KEY,
    client_id         TEXT   NOT NULL,
    account_id        TEXT   NOT NULL REFERENCES accounts (id),
    resource          TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    limits            TEXT   NOT NULL DEFAULT '{}',
    created_at        BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    used_at           BIGINT,
    revoked_at        BIGINT,
    revocation_reason TEXT
);

CREATE INDEX grants_by_expiry ON grants (expires_at);
CREATE INDEX grants_by_account ON grants (account_id);
CREATE INDEX grants_by_client ON grants (client_id);

CREATE TABLE codes (
    hash           BYTEA  PRIMARY KEY,
    client_id      TEXT   NOT NULL,
    redirect_uri   TEXT   NOT NULL,
    code_challenge TEXT   NOT NULL,
    resource       TEXT   NOT NULL,
    scopes         TEXT   NOT NULL,
    limits         TEXT   NOT NULL DEFAULT '{}',
    account_id     TEXT   NOT NULL,
    expires_at     BIGINT NOT NULL,
    grant_id       TEXT   REFERENCES grants (id) ON DELETE CASCADE
);

CREATE INDEX codes_by_grant ON codes (grant_id);

CREATE TABLE refresh_tokens (
    hash             BYTEA  PRIMARY KEY,
    grant_id         TEXT   NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    expires_at       BIGINT NOT NULL,
    rotated_at       BIGINT,
    reused_at        BIGINT,
    successor_hash   BYTEA,
    sealed_successor BYTEA
);

CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

CREATE TABLE access_tokens (
    hash       BYTEA  PRIMARY KEY,
    grant_id   TEXT   NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    scopes     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- The ids of the assertions that clients proved themselves with, until they could not be used anyway.
CREATE TABLE assertions (
    hash       BYTEA  PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX assertions_by_expiry ON assertions (expires_at);

-- The key sets that stand at addresses of clients. `keys` is what was read at `read_at`.
CREATE TABLE key_sets (
    uri      TEXT   PRIMARY KEY,
    keys     TEXT,
    read_at  BIGINT,
    asked_at BIGINT NOT NULL
);

-- A value sealed with the newest key: a start with keys that open nothing is noticed by it.
CREATE TABLE key_check (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    sealed BYTEA   NOT NULL
);
