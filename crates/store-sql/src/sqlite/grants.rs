//! Codes, grants and tokens in SQLite.

use async_trait::async_trait;
use snappy_domain::clock::before;
use snappy_domain::{AccountId, GrantId, Timestamp, TokenHash};
use snappy_store::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, AccessView, Applied, AuthorizationCode, CodeState,
    Grant, GrantStore, KEY_SETS_KEPT, NewGrant, RefreshToken, RefreshView, RevocationReason,
    Rotation, StoreResult,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, SqliteConnection};

use super::{SqliteStore, applied};
use crate::rows::{
    AccessRow, CodeRow, GrantRow, RefreshRow, code_columns, grant_columns, limits_json, millis,
};
use crate::unavailable;

/// Keeps a refresh token that is current.
async fn insert_refresh(db: &mut SqliteConnection, token: &RefreshToken) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO refresh_tokens (hash, grant_id, expires_at) VALUES (?, ?, ?)")
        .bind(token.hash.as_bytes().as_slice())
        .bind(token.grant.to_string())
        .bind(millis(token.expires_at))
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps an access token, if its grant is active, and drops those that are too many. In a transaction.
async fn insert_access(db: &mut SqliteConnection, token: &AccessToken) -> sqlx::Result<Applied> {
    let result = sqlx::query(
        "INSERT INTO access_tokens (hash, grant_id, scopes, expires_at)
         SELECT ?, id, ?, ? FROM grants WHERE id = ? AND revoked_at IS NULL",
    )
    .bind(token.hash.as_bytes().as_slice())
    .bind(token.scopes.to_string())
    .bind(millis(token.expires_at))
    .bind(token.grant.to_string())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "DELETE FROM access_tokens WHERE hash IN (
             SELECT hash FROM access_tokens WHERE grant_id = ? AND hash <> ?
             ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
    )
    .bind(token.grant.to_string())
    .bind(token.hash.as_bytes().as_slice())
    .bind(ACCESS_TOKENS_OF_A_GRANT as i64 - 1)
    .execute(db)
    .await?;
    Ok(applied(&result))
}

async fn insert_grant(db: &mut SqliteConnection, grant: &Grant, limits: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO grants (id, client_id, account_id, resource, scopes, limits, created_at,
                             expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(grant.id.to_string())
    .bind(grant.client.as_str())
    .bind(grant.account.to_string())
    .bind(&grant.resource)
    .bind(grant.scopes.to_string())
    .bind(limits)
    .bind(millis(grant.created_at))
    .bind(millis(grant.expires_at))
    .execute(db)
    .await?;
    Ok(())
}

impl SqliteStore {
    /// The row under the first of these hashes that has one. There is one hash for each configured
    /// key, so it is nearly always the first.
    async fn first<R>(&self, sql: &'static str, hashes: &[TokenHash]) -> StoreResult<Option<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        for hash in hashes {
            let query = sqlx::query_as::<_, R>(sql).bind(hash.as_bytes().as_slice());
            let row = query.fetch_optional(&self.readers).await.map_err(unavailable)?;
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }

    async fn redeem_in_tx(
        &self,
        code: &TokenHash,
        new: &NewGrant,
        limits: &str,
    ) -> sqlx::Result<Applied> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        insert_grant(&mut tx, &new.grant, limits).await?;
        let marked =
            sqlx::query("UPDATE codes SET grant_id = ? WHERE hash = ? AND grant_id IS NULL")
                .bind(new.grant.id.to_string())
                .bind(code.as_bytes().as_slice())
                .execute(&mut *tx)
                .await?;
        if applied(&marked) == Applied::No {
            tx.rollback().await?;
            return Ok(Applied::No);
        }
        insert_refresh(&mut tx, &new.refresh).await?;
        let added = insert_access(&mut tx, &new.access).await?;
        tx.commit().await?;
        Ok(added)
    }

    async fn rotate_in_tx(&self, rotation: &Rotation) -> sqlx::Result<Applied> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let rotated = sqlx::query(
            "UPDATE refresh_tokens SET rotated_at = ?, successor_hash = ?, sealed_successor = ?
             WHERE hash = ? AND rotated_at IS NULL",
        )
        .bind(millis(rotation.at))
        .bind(rotation.successor.hash.as_bytes().as_slice())
        .bind(&rotation.sealed_successor)
        .bind(rotation.presented.as_bytes().as_slice())
        .execute(&mut *tx)
        .await?;
        if applied(&rotated) == Applied::No
            || insert_access(&mut tx, &rotation.access).await? == Applied::No
        {
            tx.rollback().await?;
            return Ok(Applied::No);
        }
        insert_refresh(&mut tx, &rotation.successor).await?;
        tx.commit().await?;
        Ok(Applied::Yes)
    }

    async fn reuse_in_tx(
        &self,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> sqlx::Result<Applied> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let sql = "UPDATE refresh_tokens SET reused_at = ?, expires_at = ? WHERE hash = ?";
        let marked = sqlx::query(sql)
            .bind(millis(at))
            .bind(millis(reused.expires_at))
            .bind(reused.hash.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        if applied(&marked) == Applied::No || insert_access(&mut tx, access).await? == Applied::No {
            tx.rollback().await?;
            return Ok(Applied::No);
        }
        tx.commit().await?;
        Ok(Applied::Yes)
    }

    async fn purge_in_tx(&self, now: Timestamp) -> sqlx::Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut removed = 0;
        // The tokens of an expired grant go before it, so that they are counted; the cascade of the
        // schema would remove them too.
        for statement in [
            "DELETE FROM access_tokens WHERE expires_at < ?1
                 OR grant_id IN (SELECT id FROM grants WHERE expires_at < ?1)",
            // A successor stays as long as its predecessor, whose fate it decides.
            "DELETE FROM refresh_tokens
                 WHERE grant_id IN (SELECT id FROM grants WHERE expires_at < ?1)
                 OR (expires_at < ?1 AND NOT EXISTS (
                     SELECT 1 FROM refresh_tokens p
                     WHERE p.grant_id = refresh_tokens.grant_id
                         AND p.successor_hash = refresh_tokens.hash AND p.expires_at >= ?1))",
            "DELETE FROM codes WHERE (grant_id IS NULL AND expires_at < ?1)
                 OR grant_id IN (SELECT id FROM grants WHERE expires_at < ?1)",
        ] {
            removed +=
                sqlx::query(statement).bind(millis(now)).execute(&mut *tx).await?.rows_affected();
        }
        sqlx::query("DELETE FROM grants WHERE expires_at < ?")
            .bind(millis(now))
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM key_sets WHERE asked_at < ?")
            .bind(millis(before(now, KEY_SETS_KEPT)))
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM assertions WHERE expires_at < ?")
            .bind(millis(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(removed)
    }
}

#[async_trait]
impl GrantStore for SqliteStore {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        let grant = match code.state {
            CodeState::Issued => None,
            CodeState::Redeemed(grant) => Some(grant.to_string()),
        };
        sqlx::query(
            "INSERT INTO codes (hash, client_id, redirect_uri, code_challenge, resource, scopes,
                                limits, account_id, expires_at, grant_id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(code.hash.as_bytes().as_slice())
        .bind(code.client.as_str())
        .bind(&code.redirect_uri)
        .bind(&code.code_challenge)
        .bind(&code.resource)
        .bind(code.scopes.to_string())
        .bind(limits_json(&code.limits)?)
        .bind(code.account.to_string())
        .bind(millis(code.expires_at))
        .bind(grant)
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(())
    }

    async fn code(&self, hashes: &[TokenHash]) -> StoreResult<Option<AuthorizationCode>> {
        let sql = concat!("SELECT ", code_columns!(), " FROM codes WHERE hash = ?");
        self.first::<CodeRow>(sql, hashes).await?.map(CodeRow::decode).transpose()
    }

    async fn redeem(&self, code: &TokenHash, new: &NewGrant) -> StoreResult<Applied> {
        let limits = limits_json(&new.grant.limits)?;
        self.redeem_in_tx(code, new, &limits).await.map_err(unavailable)
    }

    async fn grant(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        let sql = concat!("SELECT ", grant_columns!(), " FROM grants g WHERE g.id = ?");
        sqlx::query_as::<_, GrantRow>(sql)
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?
            .map(GrantRow::decode)
            .transpose()
    }

    async fn grants_of(&self, account: AccountId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        let sql = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants g WHERE g.account_id = ? AND g.revoked_at IS NULL AND g.expires_at > ?
              ORDER BY g.created_at DESC, g.id DESC"
        );
        let query = sqlx::query_as::<_, GrantRow>(sql).bind(account.to_string()).bind(millis(now));
        let rows = query.fetch_all(&self.readers).await.map_err(unavailable)?;
        rows.into_iter().map(GrantRow::decode).collect()
    }

    async fn touch_grant(&self, id: GrantId, at: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE grants SET used_at = ? WHERE id = ?")
            .bind(millis(at))
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn refresh_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<RefreshView>> {
        let sql = concat!(
            "SELECT t.hash, t.expires_at, t.rotated_at, t.reused_at, t.successor_hash, t.sealed_successor,
                    s.rotated_at AS successor_used_at, a.sign_in_required_since, ",
            grant_columns!(),
            " FROM refresh_tokens t
              JOIN grants g ON g.id = t.grant_id
              JOIN accounts a ON a.id = g.account_id
              LEFT JOIN refresh_tokens s ON s.hash = t.successor_hash
              WHERE t.hash = ?"
        );
        self.first::<RefreshRow>(sql, hashes).await?.map(RefreshRow::decode).transpose()
    }

    async fn rotate(&self, rotation: &Rotation) -> StoreResult<Applied> {
        self.rotate_in_tx(rotation).await.map_err(unavailable)
    }

    async fn machine_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        let limits = limits_json(&grant.limits)?;
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?;
        let client = sqlx::query("SELECT 1 FROM clients WHERE id = ?")
            .bind(grant.client.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(unavailable)?;
        if client.is_none() {
            return Ok(None);
        }
        let sql = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants g WHERE g.account_id = ? AND g.client_id = ? AND g.resource = ?
                  AND g.scopes = ? AND g.limits = ? AND g.revoked_at IS NULL AND g.expires_at > ?
              ORDER BY g.created_at, g.id LIMIT 1"
        );
        let known = sqlx::query_as::<_, GrantRow>(sql)
            .bind(grant.account.to_string())
            .bind(grant.client.as_str())
            .bind(&grant.resource)
            .bind(grant.scopes.to_string())
            .bind(&limits)
            .bind(millis(until))
            .fetch_optional(&mut *tx)
            .await
            .map_err(unavailable)?;
        if let Some(known) = known {
            return known.decode().map(Some);
        }
        insert_grant(&mut tx, grant, &limits).await.map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        Ok(Some(grant.clone()))
    }

    async fn add_access_token(&self, token: &AccessToken) -> StoreResult<Applied> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?;
        let added = insert_access(&mut tx, token).await.map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        Ok(added)
    }

    async fn reuse(
        &self,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied> {
        self.reuse_in_tx(reused, at, access).await.map_err(unavailable)
    }

    async fn access_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<AccessView>> {
        let sql = concat!(
            "SELECT t.hash, t.scopes, t.expires_at, a.sign_in_required_since, ",
            grant_columns!(),
            " FROM access_tokens t
              JOIN grants g ON g.id = t.grant_id
              JOIN accounts a ON a.id = g.account_id
              WHERE t.hash = ?"
        );
        self.first::<AccessRow>(sql, hashes).await?.map(AccessRow::decode).transpose()
    }

    async fn limit_access_life(&self, token: &TokenHash, until: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE access_tokens SET expires_at = min(expires_at, ?) WHERE hash = ?")
            .bind(millis(until))
            .bind(token.as_bytes().as_slice())
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn remove_access_token(&self, token: &TokenHash) -> StoreResult<()> {
        sqlx::query("DELETE FROM access_tokens WHERE hash = ?")
            .bind(token.as_bytes().as_slice())
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn revoke_grant(
        &self,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "UPDATE grants SET revoked_at = ?, revocation_reason = ?
             WHERE id = ? AND revoked_at IS NULL",
        )
        .bind(millis(at))
        .bind(reason.as_str())
        .bind(id.to_string())
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn revoke_all_grants(&self, reason: RevocationReason, at: Timestamp) -> StoreResult<u64> {
        let result = sqlx::query(
            "UPDATE grants SET revoked_at = ?, revocation_reason = ? WHERE revoked_at IS NULL",
        )
        .bind(millis(at))
        .bind(reason.as_str())
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(result.rows_affected())
    }

    async fn purge_expired(&self, now: Timestamp) -> StoreResult<u64> {
        self.purge_in_tx(now).await.map_err(unavailable)
    }
}
