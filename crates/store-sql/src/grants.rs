//! Codes, grants and tokens.

use async_trait::async_trait;
use snappy_domain::{CredentialId, GrantId, PersonId, Timestamp, TokenHash};
use snappy_store::codec::{self, limits_json, more_credentials};
use snappy_store::{
    AccessToken, Admitted, Applied, AuthorizationCode, CodeState, Credential, CredentialState,
    Fork, Grant, GrantStore, MAX_ACCESS_TOKENS_PER_GRANT, NewGrant, RefreshToken, RefreshView,
    RevocationReason, Rotation, StoreError, StoreResult, TokenRef, code_columns,
    credential_columns, grant_columns,
};

use crate::SqlStore;
use crate::credentials::BY_PERSON;
use crate::db::{Row, Tx, args};

/// Keeps a refresh token that is current.
async fn insert_refresh(tx: &mut Tx, token: &RefreshToken) -> StoreResult<()> {
    let sql = "INSERT INTO refresh_tokens (hash, grant_id, expires_at) VALUES ($1, $2, $3)";
    tx.write(sql, args![&token.hash, token.grant, token.expires_at]).await?;
    Ok(())
}

/// Keeps an access token, if its grant is valid, and drops those that are too many.
async fn insert_access(tx: &mut Tx, token: &AccessToken) -> StoreResult<Applied> {
    let added = tx
        .apply(
            "INSERT INTO access_tokens (hash, grant_id, scopes, expires_at)
             SELECT $1, id, $2, $3 FROM grants WHERE id = $4 AND revoked_at IS NULL
             ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at",
            args![&token.hash, token.scopes.to_string(), token.expires_at, token.grant],
        )
        .await?;
    // SQLite wants a limit before an offset.
    tx.write(
        "DELETE FROM access_tokens WHERE hash IN (
             SELECT hash FROM access_tokens WHERE grant_id = $1 AND hash <> $2
             ORDER BY expires_at DESC LIMIT 1000 OFFSET $3)",
        args![token.grant, &token.hash, MAX_ACCESS_TOKENS_PER_GRANT as i64 - 1],
    )
    .await?;
    Ok(added)
}

/// The first of a grant's or a code's credentials, which has a column of its own.
fn first(credentials: &[CredentialId]) -> StoreResult<CredentialId> {
    let first = credentials.first().copied();
    first.ok_or_else(|| StoreError::corrupt("grant", "it has no credential"))
}

async fn insert_grant(tx: &mut Tx, grant: &Grant) -> StoreResult<()> {
    tx.write(
        "INSERT INTO grants (id, client_id, account_id, more_credentials, resource, scopes, limits,
                             created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO NOTHING",
        args![
            grant.id,
            &grant.client,
            first(&grant.credentials)?,
            more_credentials(&grant.credentials),
            &*grant.resource,
            grant.scopes.to_string(),
            limits_json(&grant.limits)?,
            grant.created_at,
            grant.expires_at,
        ],
    )
    .await?;
    Ok(())
}

impl SqlStore {
    /// The credentials of a grant, in its order.
    async fn credentials(&self, grant: &Grant) -> StoreResult<Vec<Credential>> {
        let rows = self.db.read(BY_PERSON, args![grant.person]).await?;
        let own = rows.iter().map(|row| codec::credential(row, &self.sealer));
        let own = own.collect::<StoreResult<Vec<_>>>()?;
        let named = grant.credentials.iter();
        Ok(named.filter_map(|id| own.iter().find(|one| one.id == *id).cloned()).collect())
    }

    /// The row under the first of these hashes that has one. There is one hash for each configured
    /// key, so it is nearly always the first.
    async fn first(&self, sql: &'static str, token: &TokenRef) -> StoreResult<Option<Row>> {
        for hash in &token.hashes {
            let row = self.db.read_one(sql, args![hash]).await?;
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }
}

#[async_trait]
impl GrantStore for SqlStore {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        let grant = match code.state {
            CodeState::Issued => None,
            CodeState::Redeemed(grant) => Some(grant.to_string()),
        };
        self.db
            .write(
                "INSERT INTO codes (hash, client_id, redirect_uri, code_challenge, resource, scopes,
                                    limits, account_id, more_credentials, expires_at, grant_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                args![
                    &code.hash,
                    &code.client,
                    &*code.redirect_uri,
                    &*code.code_challenge,
                    &*code.resource,
                    code.scopes.to_string(),
                    limits_json(&code.limits)?,
                    first(&code.credentials)?,
                    more_credentials(&code.credentials),
                    code.expires_at,
                    grant,
                ],
            )
            .await?;
        Ok(())
    }

    async fn code(&self, code: &TokenRef) -> StoreResult<Option<AuthorizationCode>> {
        let sql = concat!(
            "SELECT ",
            code_columns!(),
            " FROM codes c LEFT JOIN accounts a ON a.id = c.account_id WHERE c.hash = $1"
        );
        self.first(sql, code).await?.map(|row| codec::code(&row)).transpose()
    }

    async fn redeem(&self, code: &TokenHash, new: &NewGrant) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        insert_grant(&mut tx, &new.grant).await?;
        let sql = "UPDATE codes SET grant_id = $1 WHERE hash = $2 AND grant_id IS NULL";
        if tx.apply(sql, args![new.grant.id, code]).await? == Applied::No {
            let sql = "SELECT 1 FROM codes WHERE hash = $1 AND grant_id = $2";
            let own = tx.read_one(sql, args![code, new.grant.id]).await?;
            return Ok(Applied::when(own.is_some()));
        }
        insert_refresh(&mut tx, &new.refresh).await?;
        let added = insert_access(&mut tx, &new.access).await?;
        tx.commit().await?;
        Ok(added)
    }

    async fn grant(&self, person: PersonId, id: GrantId) -> StoreResult<Option<Grant>> {
        let sql = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants g JOIN accounts a ON a.id = g.account_id WHERE g.id = $1"
        );
        let row = self.db.read_one(sql, args![id]).await?;
        let found = row.map(|row| codec::grant(&row)).transpose()?;
        Ok(found.filter(|grant| grant.person == person))
    }

    async fn grants_of(&self, person: PersonId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        let rows = self
            .db
            .read(
                concat!(
                    "SELECT ",
                    grant_columns!(),
                    " FROM accounts a JOIN grants g ON g.account_id = a.id
                      WHERE (a.person_id = $1 OR (a.person_id IS NULL AND a.id = $1))
                          AND g.revoked_at IS NULL AND g.expires_at > $2
                      ORDER BY g.created_at DESC, g.id DESC"
                ),
                args![person, now],
            )
            .await?;
        rows.iter().map(codec::grant).collect()
    }

    async fn set_grant_credentials(
        &self,
        person: PersonId,
        id: GrantId,
        credentials: &[CredentialId],
    ) -> StoreResult<Applied> {
        self.db
            .apply(
                "UPDATE grants SET account_id = $1, more_credentials = $2
                 WHERE id = $3 AND revoked_at IS NULL
                     AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = grants.account_id
                                 AND (a.person_id = $4 OR (a.person_id IS NULL AND a.id = $4)))",
                args![first(credentials)?, more_credentials(credentials), id, person],
            )
            .await
    }

    async fn touch_grant(&self, _: PersonId, id: GrantId, at: Timestamp) -> StoreResult<()> {
        self.db.write("UPDATE grants SET used_at = $1 WHERE id = $2", args![at, id]).await?;
        Ok(())
    }

    async fn note_elicitation(
        &self,
        _: PersonId,
        id: GrantId,
        elicits_urls: bool,
    ) -> StoreResult<()> {
        let sql = "UPDATE grants SET elicits_urls = $1 WHERE id = $2";
        self.db.write(sql, args![i64::from(elicits_urls), id]).await?;
        Ok(())
    }

    async fn refresh_token(&self, token: &TokenRef) -> StoreResult<Option<RefreshView>> {
        let sql = concat!(
            "SELECT t.hash, t.expires_at, t.rotated_at, t.reused_at, t.successor_hash,
                    t.sealed_successor, t.rotated_by, s.rotated_at AS successor_used_at,
                    a.sign_in_required_since, a.removed_at, ",
            grant_columns!(),
            " FROM refresh_tokens t
              JOIN grants g ON g.id = t.grant_id
              JOIN accounts a ON a.id = g.account_id
              LEFT JOIN refresh_tokens s ON s.hash = t.successor_hash
              WHERE t.hash = $1"
        );
        let Some(row) = self.first(sql, token).await? else { return Ok(None) };
        let mut view = codec::refresh_token(&row)?;
        if view.needs_sign_in && view.grant.credentials.len() > 1 {
            let own = self.credentials(&view.grant).await?;
            view.needs_sign_in = own.iter().all(|one| one.state != CredentialState::Usable);
        }
        Ok(Some(view))
    }

    async fn note_fork(&self, _: PersonId, id: GrantId, fork: &Fork) -> StoreResult<()> {
        let sql = "UPDATE grants SET fork = $1 WHERE id = $2";
        self.db.write(sql, args![codec::json(fork)?, id]).await?;
        Ok(())
    }

    async fn rotate(&self, _: PersonId, rotation: &Rotation) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        let rotated = tx
            .apply(
                "UPDATE refresh_tokens SET rotated_at = $1, successor_hash = $2,
                                           sealed_successor = $3, rotated_by = $4
                 WHERE hash = $5 AND rotated_at IS NULL",
                args![
                    rotation.at,
                    &rotation.successor.hash,
                    rotation.sealed_successor.clone(),
                    codec::json(&rotation.by)?,
                    &rotation.presented,
                ],
            )
            .await?;
        if rotated == Applied::No {
            let sql = "SELECT 1 FROM refresh_tokens WHERE hash = $1 AND successor_hash = $2";
            let own = args![&rotation.presented, &rotation.successor.hash];
            return Ok(Applied::when(tx.read_one(sql, own).await?.is_some()));
        }
        if insert_access(&mut tx, &rotation.access).await? == Applied::No {
            return Ok(Applied::No);
        }
        insert_refresh(&mut tx, &rotation.successor).await?;
        tx.commit().await?;
        Ok(Applied::Yes)
    }

    async fn service_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        let mut tx = self.db.begin().await?;
        // Neither a second grant of the client nor its removal comes in between.
        tx.lock(grant.client.as_str()).await?;
        let client = tx.read_one("SELECT 1 FROM clients WHERE id = $1", args![&grant.client]);
        if client.await?.is_none() {
            return Ok(None);
        }
        let known = tx
            .read_one(
                concat!(
                    "SELECT ",
                    grant_columns!(),
                    " FROM grants g JOIN accounts a ON a.id = g.account_id
                      WHERE g.account_id = $1 AND g.more_credentials IS NULL
                          AND g.client_id = $2 AND g.resource = $3 AND g.scopes = $4
                          AND g.limits = $5 AND g.revoked_at IS NULL AND g.expires_at > $6
                      ORDER BY g.created_at, g.id LIMIT 1"
                ),
                args![
                    first(&grant.credentials)?,
                    &grant.client,
                    &*grant.resource,
                    grant.scopes.to_string(),
                    limits_json(&grant.limits)?,
                    until,
                ],
            )
            .await?;
        if let Some(known) = known {
            return codec::grant(&known).map(Some);
        }
        insert_grant(&mut tx, grant).await?;
        tx.commit().await?;
        Ok(Some(grant.clone()))
    }

    async fn add_access_token(&self, _: PersonId, token: &AccessToken) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        let added = insert_access(&mut tx, token).await?;
        tx.commit().await?;
        Ok(added)
    }

    async fn reuse(
        &self,
        _: PersonId,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE refresh_tokens SET reused_at = $1, expires_at = $2 WHERE hash = $3";
        let marked = tx.apply(sql, args![at, reused.expires_at, &reused.hash]).await?;
        if marked == Applied::No || insert_access(&mut tx, access).await? == Applied::No {
            return Ok(Applied::No);
        }
        tx.commit().await?;
        Ok(Applied::Yes)
    }

    async fn admit(&self, token: &TokenRef) -> StoreResult<Option<Admitted>> {
        let sql = concat!(
            "SELECT t.hash, t.scopes, t.expires_at, ",
            grant_columns!(),
            ", ",
            credential_columns!(),
            " FROM access_tokens t
              JOIN grants g ON g.id = t.grant_id
              JOIN accounts a ON a.id = g.account_id
              WHERE t.hash = $1"
        );
        let Some(row) = self.first(sql, token).await? else { return Ok(None) };
        let mut admitted = codec::admitted(&row, &self.sealer)?;
        if admitted.grant.credentials.len() > 1 {
            admitted.credentials = self.credentials(&admitted.grant).await?;
        }
        Ok(Some(admitted))
    }

    async fn limit_access_life(
        &self,
        _: PersonId,
        token: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<()> {
        let sql = "UPDATE access_tokens SET expires_at = $1 WHERE hash = $2 AND expires_at > $1";
        self.db.write(sql, args![until, token]).await?;
        Ok(())
    }

    async fn remove_access_token(&self, _: PersonId, token: &TokenHash) -> StoreResult<()> {
        self.db.write("DELETE FROM access_tokens WHERE hash = $1", args![token]).await?;
        Ok(())
    }

    async fn revoke_grant(
        &self,
        _: PersonId,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.db
            .apply(
                "UPDATE grants SET revoked_at = $1, revocation_reason = $2
                 WHERE id = $3 AND revoked_at IS NULL",
                args![at, reason.as_str(), id],
            )
            .await
    }
}
