-- Who presented a refresh token, and when two parties last used one of a grant, as JSON.
ALTER TABLE refresh_tokens ADD COLUMN rotated_by TEXT;
ALTER TABLE grants ADD COLUMN fork TEXT;
