//! Credentials.

use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::clock::after;
use snappy_domain::{CredentialId, PersonId, Timestamp};
use snappy_store::codec::{self, number};
use snappy_store::sealing::lost_secret;
use snappy_store::{
    Applied, Credential, CredentialSecret, CredentialState, CredentialStore, LEASE_SLACK, Lease,
    NewCredential, StoreError, StoreResult, credential_columns,
};

use crate::SqlStore;
use crate::db::{Tx, Value, args};

impl SqlStore {
    /// Makes a change of a credential that other processes may be waiting for.
    async fn change(
        &self,
        id: CredentialId,
        sql: &'static str,
        args: Vec<Value>,
    ) -> StoreResult<Applied> {
        let mut tx = self.db.begin().await?;
        let applied = tx.apply(sql, args).await?;
        if applied == Applied::Yes {
            tx.notify(id).await?;
            tx.commit().await?;
        }
        Ok(applied)
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        person: PersonId,
        id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<()> {
        tx.write(
            "INSERT INTO accounts (id, person_id, kind, authority, user_id, sealed_profile,
                                   sealed_credential, key_expires_at, coverage, renewable, version,
                                   refreshed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)",
            args![
                id,
                person,
                new.secret.kind().stored_name(),
                &*new.authority,
                // Earlier versions want it to be unique, and to begin with the subject.
                format!("{}/{id}", new.profile.subject),
                self.sealer.seal_profile(id, &new.profile)?,
                self.sealer.seal_secret(id, &new.secret)?,
                new.secret.expires_at(),
                codec::coverage_json(&new.secret)?,
                i64::from(new.secret.is_renewable()),
                new.at,
            ],
        )
        .await?;
        Ok(())
    }

    async fn renew(&self, tx: &mut Tx, id: CredentialId, new: &NewCredential) -> StoreResult<()> {
        tx.write(
            "UPDATE accounts SET sealed_profile = $1, sealed_credential = $2, key_expires_at = $3,
                                 coverage = $4, renewable = $5, version = version + 1,
                                 lease_fence = lease_fence + 1, lease_until = NULL,
                                 sign_in_required_since = NULL, refreshed_at = $6
             WHERE id = $7",
            args![
                self.sealer.seal_profile(id, &new.profile)?,
                self.sealer.seal_secret(id, &new.secret)?,
                new.secret.expires_at(),
                codec::coverage_json(&new.secret)?,
                i64::from(new.secret.is_renewable()),
                new.at,
                id,
            ],
        )
        .await?;
        Ok(())
    }
}

const BY_ID: &str = concat!("SELECT ", credential_columns!(), " FROM accounts a WHERE a.id = $1");

/// A person's credentials, removed ones among them.
pub(crate) const BY_PERSON: &str = concat!(
    "SELECT ",
    credential_columns!(),
    " FROM accounts a WHERE a.person_id = $1 OR (a.person_id IS NULL AND a.id = $1) ORDER BY a.id"
);

#[async_trait]
impl CredentialStore for SqlStore {
    async fn sign_in(
        &self,
        person: PersonId,
        new_id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<Credential> {
        let mut tx = self.db.begin().await?;
        // One sign-in of a person at a time: what is there decides what is kept.
        tx.lock(&person.to_string()).await?;
        let own = tx.read(BY_PERSON, args![person]).await?;
        let own = own.iter().map(|row| codec::credential(row, &self.sealer));
        let own = own.collect::<StoreResult<Vec<_>>>()?;
        let id = match new.renews(&own) {
            Some(known) => {
                self.renew(&mut tx, known.id, new).await?;
                known.id
            }
            None => {
                self.insert(&mut tx, person, new_id, new).await?;
                new_id
            }
        };
        tx.notify(id).await?;
        let row = tx.read_one(BY_ID, args![id]).await?;
        let row = row.ok_or_else(|| StoreError::corrupt("credential", "it is gone"))?;
        let kept = codec::credential(&row, &self.sealer)?;
        tx.commit().await?;
        Ok(kept)
    }

    async fn credentials_of(&self, person: PersonId) -> StoreResult<Vec<Credential>> {
        let rows = self.db.read(BY_PERSON, args![person]).await?;
        let own = rows.iter().map(|row| codec::credential(row, &self.sealer));
        let mut own = own.collect::<StoreResult<Vec<_>>>()?;
        own.retain(|one| !matches!(one.state, CredentialState::Removed { .. }));
        Ok(own)
    }

    async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let Some(known) = self.credential(person, id).await? else { return Ok(Applied::No) };
        if matches!(known.state, CredentialState::Removed { .. }) {
            return Ok(Applied::Yes);
        }
        let gone = lost_secret(known.secret.kind(), None);
        self.change(
            id,
            "UPDATE accounts SET sealed_credential = $1, removed_at = $2, version = version + 1,
                                 sign_in_required_since = $2, lease_fence = lease_fence + 1,
                                 lease_until = NULL
             WHERE id = $3 AND version = $4",
            args![self.sealer.seal_secret(id, &gone)?, at, id, number(seen)?],
        )
        .await
    }

    async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        let row = self.db.read_one(BY_ID, args![id]).await?;
        let found = row.map(|row| codec::credential(&row, &self.sealer)).transpose()?;
        Ok(found.filter(|credential| credential.person == person))
    }

    async fn lease_refresh(
        &self,
        _: PersonId,
        id: CredentialId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        let seen = number(seen)?;
        let mut tx = self.db.begin().await?;
        let taken = tx
            .read_one(
                "UPDATE accounts SET lease_fence = lease_fence + 1, lease_until = $1,
                                     lease_abandoned = lease_until
                 WHERE id = $2 AND version = $3 AND sign_in_required_since IS NULL
                     AND (lease_until IS NULL OR lease_until <= $4 OR lease_until > $5)
                 RETURNING lease_fence, lease_abandoned",
                args![until, id, seen, now, after(until, LEASE_SLACK)],
            )
            .await?;
        if let Some(taken) = taken {
            tx.commit().await?;
            return codec::taken_lease(&taken);
        }
        let held = tx
            .read_one(
                "SELECT lease_until FROM accounts
                 WHERE id = $1 AND version = $2 AND sign_in_required_since IS NULL",
                args![id, seen],
            )
            .await?;
        codec::held_lease(held.as_ref(), now)
    }

    async fn extend_lease(
        &self,
        _: PersonId,
        id: CredentialId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        self.db
            .apply(
                "UPDATE accounts SET lease_until = $1
                 WHERE id = $2 AND lease_fence = $3 AND lease_until IS NOT NULL",
                args![until, id, number(fence)?],
            )
            .await
    }

    async fn release_lease(&self, _: PersonId, id: CredentialId, fence: u64) -> StoreResult<()> {
        let sql = "UPDATE accounts SET lease_until = NULL WHERE id = $1 AND lease_fence = $2";
        let _ = self.change(id, sql, args![id, number(fence)?]).await?;
        Ok(())
    }

    async fn replace_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: Option<u64>,
        secret: &CredentialSecret,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let replaced = self
            .change(
                id,
                "UPDATE accounts SET sealed_credential = $1, key_expires_at = $2, renewable = $3,
                                     version = version + 1, sign_in_required_since = NULL,
                                     refreshed_at = $4, lease_until = NULL
                 WHERE id = $5 AND version = $6 AND ($7 IS NULL OR lease_fence = $7)",
                args![
                    self.sealer.seal_secret(id, secret)?,
                    secret.expires_at(),
                    i64::from(secret.is_renewable()),
                    at,
                    id,
                    number(seen)?,
                    fence.map(number).transpose()?,
                ],
            )
            .await?;
        if replaced == Applied::Yes {
            return Ok(Applied::Yes);
        }
        // Nobody else can have brought the same secrets: then it was this call, repeated.
        let is = self.credential(person, id).await?;
        let same = |is: &Credential| is.version == seen + 1 && is.secret == *secret;
        Ok(Applied::when(is.as_ref().is_some_and(same)))
    }

    async fn require_sign_in(
        &self,
        _: PersonId,
        id: CredentialId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.change(
            id,
            "UPDATE accounts SET sign_in_required_since = $1, lease_until = NULL
             WHERE id = $2 AND version = $3 AND lease_fence = $4",
            args![at, id, number(seen)?, number(fence)?],
        )
        .await
    }

    async fn wait_for_credential(
        &self,
        _: PersonId,
        id: CredentialId,
        at_most: Duration,
    ) -> StoreResult<()> {
        self.db.wait_for(id, at_most).await;
        Ok(())
    }

    async fn limit_credential_life(
        &self,
        _: PersonId,
        id: CredentialId,
        until: Timestamp,
    ) -> StoreResult<()> {
        self.db
            .write(
                "UPDATE accounts SET key_expires_at =
                     CASE WHEN key_expires_at < $1 THEN key_expires_at ELSE $1 END
                 WHERE id = $2",
                args![until, id],
            )
            .await?;
        Ok(())
    }
}
