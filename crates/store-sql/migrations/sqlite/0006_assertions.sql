-- The ids of the assertions that clients proved themselves with, until they could not be used anyway.
CREATE TABLE assertions (
    hash       BLOB    PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX assertions_by_expiry ON assertions (expires_at);
