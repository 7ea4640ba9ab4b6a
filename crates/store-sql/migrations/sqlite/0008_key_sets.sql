-- The key sets that stand at addresses of clients. `keys` is what was read at `read_at`.
CREATE TABLE key_sets (
    uri      TEXT    PRIMARY KEY,
    keys     TEXT,
    read_at  INTEGER,
    asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
