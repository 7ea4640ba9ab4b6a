-- When a grant's access token was last used, to within some minutes.
ALTER TABLE grants ADD COLUMN used_at INTEGER;
CREATE INDEX grants_by_account ON grants (account_id);
