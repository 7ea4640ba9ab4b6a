//! Accounts in SQLite.

use async_trait::async_trait;
use snappy_domain::{AccountId, Timestamp};
use snappy_store::{
    Account, AccountStore, Applied, Credential, NewAccount, StoreError, StoreResult,
};

use super::{SqliteStore, applied};
use crate::rows::{AccountRow, millis};
use crate::unavailable;

/// A version as it is stored. It grows by one at a time from 1, so it always fits.
fn version(version: u64) -> StoreResult<i64> {
    i64::try_from(version).map_err(|error| StoreError::corrupt("account", error))
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn sign_in(&self, new_id: AccountId, new: &NewAccount) -> StoreResult<Account> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?;
        // A person's second and later accounts stand under `user id/account id`; in the order of
        // characters `0` comes right after `/`.
        let own = sqlx::query_as::<_, AccountRow>(
            "SELECT * FROM accounts WHERE kind = ?1 AND authority = ?2
                 AND (user_id = ?3 OR (user_id >= ?3 || '/' AND user_id < ?3 || '0'))
             ORDER BY id",
        )
        .bind(new.kind.as_str())
        .bind(&new.authority)
        .bind(&new.profile.user_id)
        .fetch_all(&mut *tx)
        .await
        .map_err(unavailable)?;
        let own = own.into_iter().map(|row| row.decode(&self.sealer));
        let own = own.collect::<StoreResult<Vec<Account>>>()?;
        let id = new.renews(&own).map_or(new_id, |known| known.id);
        let user_id = &new.profile.user_id;
        let user_id = if own.is_empty() { user_id.clone() } else { format!("{user_id}/{new_id}") };
        let row = sqlx::query_as::<_, AccountRow>(
            "INSERT INTO accounts (id, kind, authority, user_id, sealed_profile, sealed_credential,
                                   key_expires_at, version, refreshed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)
             ON CONFLICT (id) DO UPDATE SET
                 sealed_profile = excluded.sealed_profile,
                 sealed_credential = excluded.sealed_credential,
                 key_expires_at = excluded.key_expires_at,
                 version = accounts.version + 1,
                 sign_in_required_since = NULL,
                 refreshed_at = excluded.refreshed_at
             RETURNING *",
        )
        .bind(id.to_string())
        .bind(new.kind.as_str())
        .bind(&new.authority)
        .bind(user_id)
        .bind(self.sealer.seal_profile(id, &new.profile)?)
        .bind(self.sealer.seal_credential(id, &new.credential)?)
        .bind(new.credential.key_expires_at.map(millis))
        .bind(millis(new.at))
        .fetch_one(&mut *tx)
        .await
        .map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        row.decode(&self.sealer)
    }

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        sqlx::query_as::<_, AccountRow>("SELECT * FROM accounts WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?
            .map(|row| row.decode(&self.sealer))
            .transpose()
    }

    async fn replace_credential(
        &self,
        id: AccountId,
        seen: u64,
        credential: &Credential,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "UPDATE accounts SET sealed_credential = ?, key_expires_at = ?, version = version + 1,
                                 sign_in_required_since = NULL, refreshed_at = ?
             WHERE id = ? AND version = ?",
        )
        .bind(self.sealer.seal_credential(id, credential)?)
        .bind(credential.key_expires_at.map(millis))
        .bind(millis(at))
        .bind(id.to_string())
        .bind(version(seen)?)
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn require_sign_in(
        &self,
        id: AccountId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "UPDATE accounts SET sign_in_required_since = ? WHERE id = ? AND version = ?",
        )
        .bind(millis(at))
        .bind(id.to_string())
        .bind(version(seen)?)
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn limit_key_life(&self, id: AccountId, until: Timestamp) -> StoreResult<()> {
        sqlx::query(
            "UPDATE accounts SET key_expires_at = min(coalesce(key_expires_at, ?1), ?1)
             WHERE id = ?2",
        )
        .bind(millis(until))
        .bind(id.to_string())
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(())
    }
}
