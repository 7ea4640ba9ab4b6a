-- What a person narrowed a grant to besides its scopes, as JSON; an empty object is no limit.
ALTER TABLE codes ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
ALTER TABLE grants ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
