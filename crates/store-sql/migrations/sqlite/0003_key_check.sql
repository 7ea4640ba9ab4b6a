-- A value sealed with the newest key: a start with keys that open nothing is noticed by it.
CREATE TABLE key_check (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    sealed BLOB    NOT NULL
) STRICT;
