//! Who is who.

use async_trait::async_trait;
use snappy_domain::{PersonId, Timestamp};
use snappy_store::codec::Columns as _;
use snappy_store::{CredentialKind, Directory, Identity, StoreError, StoreResult};

use crate::SqlStore;
use crate::db::{Tx, args};

#[async_trait]
impl Directory for SqlStore {
    async fn person(
        &self,
        identity: &Identity,
        proposed: PersonId,
        at: Timestamp,
    ) -> StoreResult<PersonId> {
        let Identity { upstream, subject } = identity;
        let known = "SELECT id FROM people WHERE upstream = $1 AND subject = $2";
        if let Some(row) = self.db.read_one(known, args![&**upstream, &**subject]).await? {
            return person_id(row.text("id")?);
        }
        let mut tx = self.db.begin().await?;
        tx.lock(&format!("{upstream}\n{subject}")).await?;
        if let Some(row) = tx.read_one(known, args![&**upstream, &**subject]).await? {
            return person_id(row.text("id")?);
        }
        let id = adopt(&mut tx, identity).await?.unwrap_or(proposed);
        tx.write(
            "INSERT INTO people (id, upstream, subject, created_at) VALUES ($1, $2, $3, $4)",
            args![id, &**upstream, &**subject, at],
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Gives the accounts that earlier versions wrote for an identity to one person, whose id is that of the
/// first of them, so that the person finds all of their grants again.
async fn adopt(tx: &mut Tx, identity: &Identity) -> StoreResult<Option<PersonId>> {
    // They kept the origin alone, and the kind: a session came from the sign-in API below it.
    let (kind, authority) = match identity.upstream.strip_suffix("/auth") {
        Some(authority) => (CredentialKind::Session, authority),
        None => (CredentialKind::Token, identity.upstream.as_str()),
    };
    let kind = kind.stored_name();
    let subject = &*identity.subject;
    let first = tx
        .read_one(
            "SELECT id FROM accounts WHERE kind = $1 AND authority = $2 AND user_id = $3
                 AND person_id IS NULL",
            args![kind, authority, subject],
        )
        .await?;
    let Some(first) = first else { return Ok(None) };
    let id = person_id(first.text("id")?)?;
    // A subject's second and later accounts are stored under `subject/account id`.
    tx.write(
        "UPDATE accounts SET person_id = $1 WHERE kind = $2 AND authority = $3
             AND (user_id = $4 OR substr(user_id, 1, length($5)) = $5) AND person_id IS NULL",
        args![id, kind, authority, subject, format!("{subject}/")],
    )
    .await?;
    Ok(Some(id))
}

fn person_id(stored: Option<String>) -> StoreResult<PersonId> {
    let id = stored.and_then(|id| id.parse().ok());
    id.ok_or_else(|| StoreError::corrupt("person", "its id has another form"))
}
