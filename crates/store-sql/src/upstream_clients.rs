//! The clients that this deployment is at authorization servers of upstreams.

use async_trait::async_trait;
use snappy_store::codec::Columns as _;
use snappy_store::sealing::Opened;
use snappy_store::{Applied, StoreError, StoreResult, UpstreamClient, UpstreamClientStore};

use crate::SqlStore;
use crate::db::{Row, args};

const BY_KEY: &str = "SELECT sealed FROM upstream_clients WHERE issuer = $1 AND redirect_uri = $2";

impl SqlStore {
    /// A client; `None` also when it was sealed with a key that is gone, as another registration replaces it.
    fn open_client(&self, row: Option<&Row>) -> StoreResult<Option<UpstreamClient>> {
        let Some(row) = row else { return Ok(None) };
        let sealed = row.bytes("sealed")?;
        let sealed = sealed.ok_or_else(|| StoreError::corrupt("upstream client", "it is empty"))?;
        Ok(match self.sealer.open_upstream_client(&sealed)? {
            Opened::Value(client) => Some(client),
            Opened::KeyGone => None,
        })
    }
}

#[async_trait]
impl UpstreamClientStore for SqlStore {
    async fn upstream_client(
        &self,
        issuer: &str,
        redirect_uri: &str,
    ) -> StoreResult<Option<UpstreamClient>> {
        let row = self.db.read_one(BY_KEY, args![issuer, redirect_uri]).await?;
        self.open_client(row.as_ref())
    }

    async fn replace_upstream_client(
        &self,
        seen: Option<&str>,
        new: &UpstreamClient,
    ) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        tx.lock("upstream client").await?;
        let row = tx.read_one(BY_KEY, args![&*new.issuer, &*new.redirect_uri]).await?;
        let is = self.open_client(row.as_ref())?.map(|is| is.client_id);
        if is.as_ref() == Some(&new.client_id) {
            return Ok(Applied::Yes);
        }
        if is.as_deref() != seen {
            return Ok(Applied::No);
        }
        tx.write(
            "INSERT INTO upstream_clients (issuer, redirect_uri, sealed) VALUES ($1, $2, $3)
             ON CONFLICT (issuer, redirect_uri) DO UPDATE SET sealed = excluded.sealed",
            args![&*new.issuer, &*new.redirect_uri, self.sealer.seal_upstream_client(new)?],
        )
        .await?;
        tx.commit().await?;
        Ok(Applied::Yes)
    }

    async fn forget_upstream_client(&self, issuer: &str, client_id: &str) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        tx.lock("upstream client").await?;
        let rows = tx.read("SELECT sealed FROM upstream_clients WHERE issuer = $1", args![issuer]);
        let mut forgotten = Applied::No;
        for row in rows.await? {
            let Some(known) = self.open_client(Some(&row))? else { continue };
            if known.client_id == client_id {
                let sql = "DELETE FROM upstream_clients WHERE issuer = $1 AND redirect_uri = $2";
                forgotten = tx.apply(sql, args![issuer, known.redirect_uri]).await?;
            }
        }
        tx.commit().await?;
        Ok(forgotten)
    }
}
