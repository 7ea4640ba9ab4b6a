-- When a superseded refresh token was last answered with an access token.
ALTER TABLE refresh_tokens ADD COLUMN reused_at INTEGER;
