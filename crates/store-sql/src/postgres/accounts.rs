//! Accounts in PostgreSQL.

use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::clock::after;
use snappy_domain::{AccountId, Timestamp};
use snappy_store::{
    Account, AccountKind, AccountStore, Applied, Credential, LEASE_SLACK, Lease, NewAccount,
    StoreResult,
};

use super::changes::CHANNEL;
use super::{PostgresStore, applied};
use crate::rows::{self, AccountRow, account_columns, millis, number};
use crate::unavailable;

/// How soon an account is looked at again when no message came. Only one task of a process waits.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

#[async_trait]
impl AccountStore for PostgresStore {
    async fn sign_in(&self, new_id: AccountId, new: &NewAccount) -> StoreResult<Account> {
        let mut tx = self.pool.begin().await.map_err(unavailable)?;
        // One sign-in of a person at a time: what is there decides what is kept.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("{}\n{}\n{}", new.kind.as_str(), new.authority, new.profile.user_id))
            .execute(&mut *tx)
            .await
            .map_err(unavailable)?;
        // A person's second and later accounts stand under `user id/account id`.
        let own = sqlx::query_as::<_, AccountRow>(concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts WHERE kind = $1 AND authority = $2
                 AND (user_id = $3 OR starts_with(user_id, $3 || '/'))
             ORDER BY id"
        ))
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
        let row = sqlx::query_as::<_, AccountRow>(concat!(
            "INSERT INTO accounts (id, kind, authority, user_id, sealed_profile, sealed_credential,
                                   key_expires_at, version, refreshed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
             ON CONFLICT (id) DO UPDATE SET
                 sealed_profile = excluded.sealed_profile,
                 sealed_credential = excluded.sealed_credential,
                 key_expires_at = excluded.key_expires_at,
                 version = accounts.version + 1,
                 lease_fence = accounts.lease_fence + 1,
                 lease_until = NULL,
                 sign_in_required_since = NULL,
                 refreshed_at = excluded.refreshed_at
             RETURNING ",
            account_columns!()
        ))
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
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        row.decode(&self.sealer)
    }

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        let sql = concat!("SELECT ", account_columns!(), " FROM accounts WHERE id = $1");
        sqlx::query_as::<_, AccountRow>(sql)
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(unavailable)?
            .map(|row| row.decode(&self.sealer))
            .transpose()
    }

    async fn lease_refresh(
        &self,
        id: AccountId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        // One statement: taken, or how it stands. A second look is needed only for the latter.
        let taken: Option<(i64,)> = sqlx::query_as(
            "UPDATE accounts SET lease_fence = lease_fence + 1, lease_until = $1
             WHERE id = $2 AND version = $3 AND sign_in_required_since IS NULL
                 AND (lease_until IS NULL OR lease_until <= $4 OR lease_until > $5)
             RETURNING lease_fence",
        )
        .bind(millis(until))
        .bind(id.to_string())
        .bind(number(seen)?)
        .bind(millis(now))
        .bind(millis(after(until, LEASE_SLACK)))
        .fetch_optional(&self.pool)
        .await
        .map_err(unavailable)?;
        if let Some((fence,)) = taken {
            return Ok(Lease::Taken { fence: rows::fence(fence)? });
        }
        let held: Option<(Option<i64>,)> = sqlx::query_as(
            "SELECT lease_until FROM accounts
             WHERE id = $1 AND version = $2 AND sign_in_required_since IS NULL",
        )
        .bind(id.to_string())
        .bind(number(seen)?)
        .fetch_optional(&self.pool)
        .await
        .map_err(unavailable)?;
        rows::lease(held, now)
    }

    async fn extend_lease(
        &self,
        id: AccountId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "UPDATE accounts SET lease_until = $1
             WHERE id = $2 AND lease_fence = $3 AND lease_until IS NOT NULL",
        )
        .bind(millis(until))
        .bind(id.to_string())
        .bind(number(fence)?)
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn release_lease(&self, id: AccountId, fence: u64) -> StoreResult<()> {
        sqlx::query(
            "WITH changed AS (
                 UPDATE accounts SET lease_until = NULL WHERE id = $1 AND lease_fence = $2
                 RETURNING id)
             SELECT pg_notify($3, id) FROM changed",
        )
        .bind(id.to_string())
        .bind(number(fence)?)
        .bind(CHANNEL)
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(())
    }

    async fn replace_credential(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        credential: &Credential,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "WITH changed AS (
                 UPDATE accounts SET sealed_credential = $1, key_expires_at = $2,
                                     version = version + 1, sign_in_required_since = NULL,
                                     refreshed_at = $3, lease_until = NULL
                 WHERE id = $4 AND version = $5 AND lease_fence = $6
                 RETURNING id)
             SELECT pg_notify($7, id) FROM changed",
        )
        .bind(self.sealer.seal_credential(id, credential)?)
        .bind(credential.key_expires_at.map(millis))
        .bind(millis(at))
        .bind(id.to_string())
        .bind(number(seen)?)
        .bind(number(fence)?)
        .bind(CHANNEL)
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn require_sign_in(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "WITH changed AS (
                 UPDATE accounts SET sign_in_required_since = $1, lease_until = NULL
                 WHERE id = $2 AND version = $3 AND lease_fence = $4
                 RETURNING id)
             SELECT pg_notify($5, id) FROM changed",
        )
        .bind(millis(at))
        .bind(id.to_string())
        .bind(number(seen)?)
        .bind(number(fence)?)
        .bind(CHANNEL)
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn wait_for_account(&self, id: AccountId, at_most: Duration) -> StoreResult<()> {
        // Notified, or soon enough: a message may be missed while the listener connects anew.
        self.changes.of(&id.to_string(), at_most.min(LOOK_AGAIN)).await;
        Ok(())
    }

    async fn ending_keys(
        &self,
        from: Timestamp,
        before: Timestamp,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(AccountId, u64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT a.id, a.version FROM accounts a
             WHERE a.kind = $1 AND a.sign_in_required_since IS NULL AND a.key_expires_at >= $2
                 AND a.key_expires_at < $3
                 AND EXISTS (SELECT 1 FROM grants g WHERE g.account_id = a.id
                             AND g.revoked_at IS NULL AND g.used_at >= $4)
             ORDER BY a.key_expires_at LIMIT $5",
        )
        .bind(AccountKind::Profile.as_str())
        .bind(millis(from))
        .bind(millis(before))
        .bind(millis(since))
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .map_err(unavailable)?;
        rows.into_iter().map(|(id, version)| rows::account_version(&id, version)).collect()
    }

    async fn limit_key_life(&self, id: AccountId, until: Timestamp) -> StoreResult<()> {
        sqlx::query(
            "UPDATE accounts SET key_expires_at = least(key_expires_at, $1)
             WHERE id = $2",
        )
        .bind(millis(until))
        .bind(id.to_string())
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(())
    }
}
