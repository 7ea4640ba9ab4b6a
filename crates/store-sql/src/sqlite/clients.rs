//! OAuth clients in SQLite.

use async_trait::async_trait;
use snappy_domain::{ClientId, Timestamp};
use snappy_store::{Client, ClientStore, Registration, StoreError, StoreResult};

use super::SqliteStore;
use crate::rows::{ClientRow, millis};
use crate::unavailable;

#[async_trait]
impl ClientStore for SqliteStore {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        let record =
            serde_json::to_string(client).map_err(|error| StoreError::corrupt("client", error))?;
        sqlx::query(
            "INSERT INTO clients (id, record, secret_hash, dynamic, created_at, used_at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(client.id.as_str())
        .bind(record)
        .bind(client.secret.as_ref().map(|hash| hash.as_bytes().as_slice()))
        .bind(client.registration == Registration::Dynamic)
        .bind(millis(client.created_at))
        .bind(client.used_at.map(millis))
        .execute(&self.writer)
        .await
        .map_err(unavailable)?;
        Ok(())
    }

    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        sqlx::query_as::<_, ClientRow>(
            "SELECT record, secret_hash, used_at FROM clients WHERE id = ?",
        )
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(unavailable)?
        .map(ClientRow::decode)
        .transpose()
    }

    async fn mark_client_used(&self, id: &ClientId, at: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE clients SET used_at = ? WHERE id = ? AND used_at IS NULL")
            .bind(millis(at))
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn purge_unused_clients(&self, before: Timestamp) -> StoreResult<u64> {
        let result =
            sqlx::query("DELETE FROM clients WHERE dynamic AND used_at IS NULL AND created_at < ?")
                .bind(millis(before))
                .execute(&self.writer)
                .await
                .map_err(unavailable)?;
        Ok(result.rows_affected())
    }
}
