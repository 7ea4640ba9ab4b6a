//! OAuth clients in PostgreSQL.

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{ClientId, Timestamp, TokenHash};
use snappy_store::{
    Applied, Client, ClientStore, KeySet, Machine, Registration, RevocationReason, StoreResult,
};

use super::{PostgresStore, applied};
use crate::rows::{ClientRow, KeySetRow, client_json, millis};
use crate::unavailable;

impl PostgresStore {
    /// Runs an insert of a client.
    async fn insert_client(&self, client: &Client, sql: &'static str) -> StoreResult<()> {
        let record = client_json(client)?;
        sqlx::query(sql)
            .bind(client.id.as_str())
            .bind(record)
            .bind(client.secret.as_ref().map(|hash| hash.as_bytes().as_slice()))
            .bind(client.registration != Registration::PreRegistered)
            .bind(millis(client.created_at))
            .bind(client.used_at.map(millis))
            .execute(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn remove_client_in_tx(&self, id: &ClientId, at: Timestamp) -> sqlx::Result<Applied> {
        let mut tx = self.pool.begin().await?;
        let removed = sqlx::query("DELETE FROM clients WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE grants SET revoked_at = $1, revocation_reason = $2
             WHERE client_id = $3 AND revoked_at IS NULL",
        )
        .bind(millis(at))
        .bind(RevocationReason::ClientRemoved.as_str())
        .bind(id.as_str())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(applied(&removed))
    }
}

#[async_trait]
impl ClientStore for PostgresStore {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        let sql = "INSERT INTO clients (id, record, secret_hash, dynamic, created_at, used_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        self.insert_client(client, sql).await
    }

    async fn put_client(&self, client: &Client) -> StoreResult<()> {
        let sql = "INSERT INTO clients (id, record, secret_hash, dynamic, created_at, used_at)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (id) DO UPDATE SET
                       record = excluded.record, secret_hash = excluded.secret_hash";
        self.insert_client(client, sql).await
    }

    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        sqlx::query_as::<_, ClientRow>(
            "SELECT record, secret_hash, used_at FROM clients WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(unavailable)?
        .map(ClientRow::decode)
        .transpose()
    }

    async fn clients(&self) -> StoreResult<Vec<Client>> {
        let sql = "SELECT record, secret_hash, used_at FROM clients ORDER BY created_at, id";
        let rows = sqlx::query_as::<_, ClientRow>(sql).fetch_all(&self.pool).await;
        rows.map_err(unavailable)?.into_iter().map(ClientRow::decode).collect()
    }

    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied> {
        self.remove_client_in_tx(id, at).await.map_err(unavailable)
    }

    async fn mark_client_used(&self, id: &ClientId, at: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE clients SET used_at = $1 WHERE id = $2 AND used_at IS NULL")
            .bind(millis(at))
            .bind(id.as_str())
            .execute(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn purge_unused_clients(&self, before: Timestamp) -> StoreResult<u64> {
        let result = sqlx::query(
            "DELETE FROM clients WHERE dynamic AND used_at IS NULL AND created_at < $1",
        )
        .bind(millis(before))
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(result.rows_affected())
    }
    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        let sql = "UPDATE clients SET secret_hash = $1 WHERE id = $2 AND secret_hash = $3";
        let result = sqlx::query(sql)
            .bind(hash.as_bytes().as_slice())
            .bind(id.as_str())
            .bind(seen.as_bytes().as_slice())
            .execute(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn replace_machine(
        &self,
        id: &ClientId,
        seen: &Machine,
        machine: &Machine,
    ) -> StoreResult<Applied> {
        let mut tx = self.pool.begin().await.map_err(unavailable)?;
        let row = sqlx::query_as::<_, ClientRow>(
            "SELECT record, secret_hash, used_at FROM clients WHERE id = $1 FOR UPDATE",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(unavailable)?;
        let client = row.map(ClientRow::decode).transpose()?;
        let Some(client) = client.filter(|client| client.machine.as_ref() == Some(seen)) else {
            return Ok(Applied::No);
        };
        let client = Client { machine: Some(machine.clone()), ..client };
        sqlx::query("UPDATE clients SET record = $1 WHERE id = $2")
            .bind(client_json(&client)?)
            .bind(id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        Ok(Applied::Yes)
    }

    async fn key_set(&self, uri: &str) -> StoreResult<KeySet> {
        let row = sqlx::query_as::<_, KeySetRow>(
            "SELECT keys, read_at, asked_at FROM key_sets WHERE uri = $1",
        )
        .bind(uri)
        .fetch_optional(&self.pool)
        .await
        .map_err(unavailable)?;
        row.map(KeySetRow::decode).transpose().map(Option::unwrap_or_default)
    }

    async fn ask_key_set(
        &self,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let result = sqlx::query(
            "INSERT INTO key_sets (uri, asked_at) VALUES ($1, $2)
             ON CONFLICT (uri) DO UPDATE SET asked_at = excluded.asked_at
             WHERE key_sets.asked_at <= $3",
        )
        .bind(uri)
        .bind(millis(at))
        .bind(millis(since))
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }

    async fn put_key_set(&self, uri: &str, set: Option<&Value>, at: Timestamp) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO key_sets (uri, keys, read_at, asked_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (uri) DO UPDATE SET
                 keys = excluded.keys, read_at = excluded.read_at, asked_at = excluded.asked_at",
        )
        .bind(uri)
        .bind(set.map(Value::to_string))
        .bind(set.map(|_| millis(at)))
        .bind(millis(at))
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(())
    }

    async fn use_assertion(&self, id: &TokenHash, until: Timestamp) -> StoreResult<Applied> {
        let result = sqlx::query(
            "INSERT INTO assertions (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(id.as_bytes().as_slice())
        .bind(millis(until))
        .execute(&self.pool)
        .await
        .map_err(unavailable)?;
        Ok(applied(&result))
    }
}
