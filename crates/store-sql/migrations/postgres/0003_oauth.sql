-- The OAuth sign-in at the service: what a credential reaches, as JSON; whether it can be renewed (NULL: its
-- kind says so); when the person removed it; until when the lease lasted that was taken over from a process which
-- never gave it back.
ALTER TABLE accounts ADD COLUMN coverage TEXT;
ALTER TABLE accounts ADD COLUMN renewable BIGINT;
ALTER TABLE accounts ADD COLUMN removed_at BIGINT;
ALTER TABLE accounts ADD COLUMN lease_abandoned BIGINT;
CREATE INDEX accounts_by_removal ON accounts (removed_at) WHERE removed_at IS NOT NULL;

-- All credentials but the first (`account_id`), separated by spaces.
ALTER TABLE grants ADD COLUMN more_credentials TEXT;
ALTER TABLE codes ADD COLUMN more_credentials TEXT;

-- The clients that this deployment is at authorization servers of upstreams. `sealed` is JSON.
CREATE TABLE upstream_clients (
    issuer       TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    sealed       BYTEA NOT NULL,
    PRIMARY KEY (issuer, redirect_uri)
);
