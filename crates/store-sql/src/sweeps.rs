//! Work over the whole database, in parts.

use async_trait::async_trait;
use snappy_domain::clock::before;
use snappy_domain::{CredentialId, GrantId, PersonId, Timestamp};
use snappy_store::codec::{self, Columns as _};
use snappy_store::sealing::Opened;
use snappy_store::{
    Applied, Client, CredentialKind, Expiring, KEY_SETS_KEPT, REMOVED_KEPT, Resealed,
    RevocationReason, StoreError, StoreResult, Sweeps, client_columns, grant_columns,
};

use crate::SqlStore;
use crate::db::{Row, args};

/// What is removed when it has expired, in the order in which rows refer to each other. The rows of an
/// expired grant go before it, so that removing it removes no more than itself.
const EXPIRED: [&str; 8] = [
    "DELETE FROM access_tokens WHERE hash IN (
         SELECT hash FROM access_tokens WHERE expires_at < $1 LIMIT $2)",
    "DELETE FROM access_tokens WHERE hash IN (
         SELECT t.hash FROM grants g JOIN access_tokens t ON t.grant_id = g.id
         WHERE g.expires_at < $1 LIMIT $2)",
    // A successor stays as long as its predecessor, whose decision depends on it.
    "DELETE FROM refresh_tokens WHERE hash IN (
         SELECT t.hash FROM refresh_tokens t
         WHERE t.expires_at < $1 AND NOT EXISTS (
             SELECT 1 FROM refresh_tokens p
             WHERE p.grant_id = t.grant_id AND p.successor_hash = t.hash AND p.expires_at >= $1)
         LIMIT $2)",
    "DELETE FROM refresh_tokens WHERE hash IN (
         SELECT t.hash FROM grants g JOIN refresh_tokens t ON t.grant_id = g.id
         WHERE g.expires_at < $1 LIMIT $2)",
    "DELETE FROM codes WHERE hash IN (
         SELECT hash FROM codes WHERE grant_id IS NULL AND expires_at < $1 LIMIT $2)",
    "DELETE FROM codes WHERE hash IN (
         SELECT c.hash FROM grants g JOIN codes c ON c.grant_id = g.id
         WHERE g.expires_at < $1 LIMIT $2)",
    "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at < $1 LIMIT $2)",
    "DELETE FROM assertions WHERE hash IN (
         SELECT hash FROM assertions WHERE expires_at < $1 LIMIT $2)",
];

#[async_trait]
impl Sweeps for SqlStore {
    async fn clients(&self) -> StoreResult<Vec<Client>> {
        let sql = concat!("SELECT ", client_columns!(), " FROM clients ORDER BY created_at, id");
        self.db.read(sql, args![]).await?.iter().map(codec::client).collect()
    }

    async fn owner_of_grant(&self, id: GrantId) -> StoreResult<Option<PersonId>> {
        let sql = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants g JOIN accounts a ON a.id = g.account_id WHERE g.id = $1"
        );
        let row = self.db.read_one(sql, args![id]).await?;
        Ok(row.map(|row| codec::grant(&row)).transpose()?.map(|grant| grant.person))
    }

    async fn expiring_credentials(
        &self,
        which: &Expiring,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        let rows = self
            .db
            .read(
                "SELECT a.id AS credential_id, a.person_id, a.version FROM accounts a
                 WHERE a.kind = $1 AND (a.renewable IS NULL OR a.renewable = 1)
                     AND a.sign_in_required_since IS NULL
                     AND a.key_expires_at >= $2 AND a.key_expires_at < $3
                     AND EXISTS (SELECT 1 FROM accounts o JOIN grants g ON g.account_id = o.id
                                 WHERE (o.id = a.id OR o.person_id = a.person_id)
                                     AND g.revoked_at IS NULL AND g.used_at >= $4)
                 ORDER BY a.key_expires_at LIMIT $5",
                args![which.kind.stored_name(), which.from, which.before, which.used_since, most,],
            )
            .await?;
        rows.iter().map(codec::expiring).collect()
    }

    async fn refused_credentials(
        &self,
        kind: CredentialKind,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        let rows = self
            .db
            .read(
                "SELECT a.id AS credential_id, a.person_id, a.version FROM accounts a
                 WHERE a.kind = $1 AND a.sign_in_required_since > $2 AND a.removed_at IS NULL
                 ORDER BY a.sign_in_required_since DESC LIMIT $3",
                args![kind.stored_name(), since, most],
            )
            .await?;
        rows.iter().map(codec::expiring).collect()
    }

    async fn purge_unused_clients(&self, before: Timestamp, most: u32) -> StoreResult<u64> {
        self.db
            .write(
                "DELETE FROM clients WHERE id IN (
                     SELECT id FROM clients
                     WHERE dynamic AND used_at IS NULL AND created_at < $1 LIMIT $2)",
                args![before, most],
            )
            .await
    }

    async fn purge_expired(&self, now: Timestamp, most: u32) -> StoreResult<u64> {
        let mut removed = 0;
        for sql in EXPIRED {
            removed += self.db.write(sql, args![now, most]).await?;
            if removed >= u64::from(most) {
                return Ok(removed);
            }
        }
        let sql = "DELETE FROM key_sets WHERE uri IN (
                       SELECT uri FROM key_sets WHERE asked_at < $1 LIMIT $2)";
        removed += self.db.write(sql, args![before(now, KEY_SETS_KEPT), most]).await?;
        let sql = "DELETE FROM accounts WHERE id IN (
                       SELECT a.id FROM accounts a
                       WHERE a.removed_at < $1
                           AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.account_id = a.id)
                       LIMIT $2)";
        Ok(removed + self.db.write(sql, args![before(now, REMOVED_KEPT), most]).await?)
    }

    async fn revoke_grants(
        &self,
        reason: RevocationReason,
        at: Timestamp,
        most: u32,
    ) -> StoreResult<u64> {
        self.db
            .write(
                "UPDATE grants SET revoked_at = $1, revocation_reason = $2
                 WHERE id IN (SELECT id FROM grants WHERE revoked_at IS NULL LIMIT $3)",
                args![at, reason.as_str(), most],
            )
            .await
    }

    async fn reseal(&self, after: Option<CredentialId>, most: u32) -> StoreResult<Resealed> {
        let rows = self
            .db
            .read(
                "SELECT id, sealed_profile, sealed_credential FROM accounts
                 WHERE id > $1 ORDER BY id LIMIT $2",
                args![after.map(|id| id.to_string()).unwrap_or_default(), most],
            )
            .await?;
        let mut done = Resealed::default();
        for row in rows {
            self.reseal_one(&row, &mut done).await?;
        }
        Ok(done)
    }
}

impl SqlStore {
    async fn reseal_one(&self, row: &Row, done: &mut Resealed) -> StoreResult<()> {
        let corrupt = || StoreError::corrupt("credential", "a column is missing");
        let id = row.text("id")?.and_then(|id| id.parse::<CredentialId>().ok());
        let id = id.ok_or_else(corrupt)?;
        done.last = Some(id);
        let old_profile = row.bytes("sealed_profile")?.ok_or_else(corrupt)?;
        let old_secret = row.bytes("sealed_credential")?.ok_or_else(corrupt)?;
        let profile = self.sealer.reseal(id, "profile", &old_profile)?;
        let secret = self.sealer.reseal(id, "credential", &old_secret)?;
        let (profile, secret) = match (profile, secret) {
            (Opened::Value(None), Opened::Value(None)) => {
                done.already += 1;
                return Ok(());
            }
            (Opened::Value(profile), Opened::Value(secret)) => (profile, secret),
            _ => {
                done.lost += 1;
                return Ok(());
            }
        };
        let changed = self
            .db
            .apply(
                "UPDATE accounts SET sealed_profile = $1, sealed_credential = $2
                 WHERE id = $3 AND sealed_profile = $4 AND sealed_credential = $5",
                args![
                    profile.unwrap_or_else(|| old_profile.clone()),
                    secret.unwrap_or_else(|| old_secret.clone()),
                    id,
                    old_profile,
                    old_secret,
                ],
            )
            .await?;
        // What was changed in the meantime was sealed by whoever changed it.
        if changed == Applied::Yes {
            done.renewed += 1;
        }
        Ok(())
    }
}
