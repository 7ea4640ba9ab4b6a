//! How the secret columns of an account are sealed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use snappy_domain::keys::{OpenError, Place};
use snappy_domain::{AccountId, Keyring, Random, Secret, Timestamp};
use snappy_store::{Credential, Profile, StoreError, StoreResult};

/// Seals and opens columns.
#[derive(Debug, Clone)]
pub(crate) struct Sealer {
    pub(crate) keys: Arc<Keyring>,
    pub(crate) random: Arc<dyn Random>,
}

#[derive(Serialize, Deserialize)]
struct SealedCredential {
    key: String,
    session: Option<String>,
}

/// What was found in a sealed column.
pub(crate) enum Opened<T> {
    /// The value.
    Value(T),
    /// It was sealed with a key that is gone.
    KeyGone,
}

fn place<'a>(id: &'a str, column: &'a str) -> Place<'a> {
    Place { table: "accounts", row: id.as_bytes(), column }
}

const CHECK: Place<'_> = Place { table: "key_check", row: b"1", column: "sealed" };

impl Sealer {
    /// The value that tells on the next start whether the keys are the right ones.
    pub(crate) fn seal_check(&self) -> Result<Vec<u8>, crate::OpenError> {
        let sealed = self.keys.seal(&*self.random, CHECK, b"snappy-mcp");
        sealed.map_err(|error| crate::OpenError::KeyCheck(error.to_string()))
    }

    /// Whether one of the keys opens that value.
    pub(crate) fn open_check(&self, sealed: &[u8]) -> Result<(), crate::OpenError> {
        match self.keys.open(CHECK, sealed) {
            Ok(_) => Ok(()),
            Err(OpenError::UnknownKey) => Err(crate::OpenError::Key),
            Err(error @ OpenError::Damaged) => Err(crate::OpenError::KeyCheck(error.to_string())),
        }
    }

    fn seal(&self, id: AccountId, column: &str, value: &impl Serialize) -> StoreResult<Vec<u8>> {
        let text =
            serde_json::to_string(value).map_err(|error| StoreError::corrupt("account", error))?;
        let text = Secret::new(text);
        self.keys
            .seal(&*self.random, place(&id.to_string(), column), text.expose().as_bytes())
            .map_err(|error| StoreError::corrupt("account", error))
    }

    fn open<T: for<'de> Deserialize<'de>>(
        &self,
        id: &str,
        column: &str,
        sealed: &[u8],
    ) -> StoreResult<Opened<T>> {
        match self.keys.open(place(id, column), sealed) {
            Ok(text) => serde_json::from_str(text.expose()).map(Opened::Value).map_err(|_| {
                StoreError::corrupt("account", format!("the {column} has another form"))
            }),
            Err(OpenError::UnknownKey) => Ok(Opened::KeyGone),
            Err(error @ OpenError::Damaged) => Err(StoreError::corrupt("account", error)),
        }
    }

    /// A column sealed with the newest key; `None` when it is already.
    pub(crate) fn seal_anew(
        &self,
        id: &str,
        column: &str,
        sealed: &[u8],
    ) -> StoreResult<Opened<Option<Vec<u8>>>> {
        let place = place(id, column);
        let text = match self.keys.open(place, sealed) {
            Ok(_) if self.keys.is_sealed_with_newest(sealed) => return Ok(Opened::Value(None)),
            Ok(text) => text,
            // Damaged ones too: they are of no use, and no reason to leave the others as they are.
            Err(OpenError::UnknownKey | OpenError::Damaged) => return Ok(Opened::KeyGone),
        };
        let anew = self.keys.seal(&*self.random, place, text.expose().as_bytes());
        anew.map(|anew| Opened::Value(Some(anew)))
            .map_err(|error| StoreError::corrupt("account", error))
    }

    pub(crate) fn seal_profile(&self, id: AccountId, profile: &Profile) -> StoreResult<Vec<u8>> {
        self.seal(id, "profile", profile)
    }

    pub(crate) fn open_profile(&self, id: &str, sealed: &[u8]) -> StoreResult<Opened<Profile>> {
        self.open(id, "profile", sealed)
    }

    pub(crate) fn seal_credential(
        &self,
        id: AccountId,
        credential: &Credential,
    ) -> StoreResult<Vec<u8>> {
        let sealed = SealedCredential {
            key: credential.key.expose().into(),
            session: credential.session.as_ref().map(|session| session.expose().into()),
        };
        self.seal(id, "credential", &sealed)
    }

    pub(crate) fn open_credential(
        &self,
        id: &str,
        sealed: &[u8],
        key_expires_at: Option<Timestamp>,
    ) -> StoreResult<Opened<Credential>> {
        Ok(match self.open::<SealedCredential>(id, "credential", sealed)? {
            Opened::Value(value) => Opened::Value(Credential {
                key: Secret::new(value.key),
                session: value.session.map(Secret::new),
                key_expires_at,
            }),
            Opened::KeyGone => Opened::KeyGone,
        })
    }
}
