-- The right to refresh an account's credential: how often it was taken, and until when it is held.
ALTER TABLE accounts ADD COLUMN lease_fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN lease_until INTEGER;
