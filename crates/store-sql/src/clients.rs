//! OAuth clients.

use async_trait::async_trait;
use serde_json::Value as Json;
use snappy_domain::{ClientId, PersonId, Timestamp, TokenHash};
use snappy_store::codec::{self, Columns as _, client_json, secret_hash};
use snappy_store::{
    Applied, Client, ClientStore, KeySet, Registration, RevocationReason, ServiceAccount,
    StoreResult, client_columns,
};

use crate::SqlStore;
use crate::db::{Value, args};

fn values(client: &Client) -> StoreResult<Vec<Value>> {
    Ok(args![
        &client.id,
        client_json(client)?,
        secret_hash(client),
        client.registration != Registration::PreRegistered,
        client.created_at,
        client.used_at,
    ])
}

#[async_trait]
impl ClientStore for SqlStore {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        self.db
            .write(
                "INSERT INTO clients (id, record, secret_hash, dynamic, created_at, used_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
                values(client)?,
            )
            .await?;
        Ok(())
    }

    async fn put_client(&self, client: &Client) -> StoreResult<()> {
        self.db
            .write(
                "INSERT INTO clients (id, record, secret_hash, dynamic, created_at, used_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (id) DO UPDATE SET
                     record = excluded.record, secret_hash = excluded.secret_hash",
                values(client)?,
            )
            .await?;
        Ok(())
    }

    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        // PostgreSQL refuses a text with this character.
        if id.as_str().contains('\0') {
            return Ok(None);
        }
        let sql = concat!("SELECT ", client_columns!(), " FROM clients WHERE id = $1");
        self.db.read_one(sql, args![id]).await?.map(|row| codec::client(&row)).transpose()
    }

    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        tx.lock(id.as_str()).await?;
        let removed = tx.apply("DELETE FROM clients WHERE id = $1", args![id]).await?;
        tx.write(
            "UPDATE grants SET revoked_at = $1, revocation_reason = $2
             WHERE client_id = $3 AND revoked_at IS NULL",
            args![at, RevocationReason::ClientRemoved.as_str(), id],
        )
        .await?;
        tx.commit().await?;
        Ok(removed)
    }

    async fn note_client_use(
        &self,
        id: &ClientId,
        _: PersonId,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let sql = "SELECT used_at FROM clients WHERE id = $1";
        match self.db.read_one(sql, args![id]).await? {
            None => Ok(Applied::No),
            Some(row) if row.integer("used_at")?.is_some() => Ok(Applied::Yes),
            Some(_) => {
                let sql = "UPDATE clients SET used_at = coalesce(used_at, $1) WHERE id = $2";
                self.db.apply(sql, args![at, id]).await
            }
        }
    }

    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        let sql = "UPDATE clients SET secret_hash = $1 WHERE id = $2 AND secret_hash IN ($1, $3)";
        self.db.apply(sql, args![hash, id, seen]).await
    }

    async fn replace_service_account(
        &self,
        id: &ClientId,
        seen: &ServiceAccount,
        new: &ServiceAccount,
    ) -> StoreResult<Applied> {
        let Some(client) = self.client(id).await? else { return Ok(Applied::No) };
        match &client.service_account {
            Some(is) if is == new => return Ok(Applied::Yes),
            Some(is) if is == seen => {}
            _ => return Ok(Applied::No),
        }
        let older = client_json(&client)?;
        let newer = client_json(&Client { service_account: Some(new.clone()), ..client })?;
        let sql = "UPDATE clients SET record = $1 WHERE id = $2 AND record = $3";
        self.db.apply(sql, args![newer, id, older]).await
    }

    async fn key_set(&self, _: &ClientId, uri: &str) -> StoreResult<KeySet> {
        let sql = "SELECT keys, read_at, asked_at FROM key_sets WHERE uri = $1";
        let row = self.db.read_one(sql, args![uri]).await?;
        row.map(|row| codec::key_set(&row)).transpose().map(Option::unwrap_or_default)
    }

    async fn ask_key_set(
        &self,
        _: &ClientId,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.db
            .apply(
                "INSERT INTO key_sets (uri, asked_at) VALUES ($1, $2)
                 ON CONFLICT (uri) DO UPDATE SET asked_at = excluded.asked_at
                 WHERE key_sets.asked_at <= $3",
                args![uri, at, since],
            )
            .await
    }

    async fn put_key_set(
        &self,
        _: &ClientId,
        uri: &str,
        set: Option<&Json>,
        at: Timestamp,
    ) -> StoreResult<()> {
        self.db
            .write(
                "INSERT INTO key_sets (uri, keys, read_at, asked_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (uri) DO UPDATE SET
                     keys = excluded.keys, read_at = excluded.read_at, asked_at = excluded.asked_at",
                args![uri, set.map(Json::to_string), set.map(|_| at), at],
            )
            .await?;
        Ok(())
    }

    async fn use_assertion(
        &self,
        _: &ClientId,
        assertion: &TokenHash,
        request: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        let inserted = self
            .db
            .apply(
                "INSERT INTO assertions (hash, expires_at, request_hash) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
                args![assertion, until, request],
            )
            .await?;
        if inserted == Applied::Yes {
            return Ok(Applied::Yes);
        }
        let sql = "SELECT 1 FROM assertions WHERE hash = $1 AND request_hash = $2";
        Ok(Applied::when(self.db.read_one(sql, args![assertion, request]).await?.is_some()))
    }
}
