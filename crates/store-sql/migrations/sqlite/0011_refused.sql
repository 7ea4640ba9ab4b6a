-- Credentials that the service refused are asked about once more, the latest first.
CREATE INDEX accounts_by_refusal ON accounts (kind, sign_in_required_since)
    WHERE sign_in_required_since IS NOT NULL;
