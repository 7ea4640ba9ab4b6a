//! How the secret columns of a credential are sealed. Backends that keep rows use it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use snappy_domain::keys::{OpenError, SealContext};
use snappy_domain::{CredentialId, Keyring, Random, Secret, Timestamp};

use crate::{
    Coverage, CredentialKind, CredentialSecret, OAuthTokens, Profile, StoreError, StoreResult,
    UpstreamClient,
};

/// Seals and opens columns.
#[derive(Debug, Clone)]
pub struct Sealer {
    pub keys: Arc<Keyring>,
    /// Randomness for nonces.
    pub random: Arc<dyn Random>,
}

/// The sealed JSON of a credential, by its kind.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    OAuth {
        access_token: String,
        refresh_token: Option<String>,
        refresh_expires_at: Option<Timestamp>,
        client_id: String,
    },
    // Earlier versions read this shape for every kind that they know.
    Key {
        key: String,
        session: Option<String>,
    },
}

/// What was found in a sealed column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened<T> {
    Value(T),
    /// It was sealed with a key that is no longer configured.
    KeyGone,
}

// The table's name is that of the first version: it is part of what was sealed.
const TABLE: &str = "accounts";

fn context<'a>(id: &'a str, column: &'a str) -> SealContext<'a> {
    SealContext { table: TABLE, row: id.as_bytes(), column }
}

const fn upstream_client_context() -> SealContext<'static> {
    SealContext { table: "upstream_clients", row: b"client", column: "sealed" }
}

const CHECK: SealContext<'_> = SealContext { table: "key_check", row: b"1", column: "sealed" };

fn corrupt(why: impl ToString) -> StoreError {
    StoreError::corrupt("credential", why)
}

impl Sealer {
    /// A sealed value by which the next start checks the keys.
    ///
    /// # Errors
    /// Practically never; see [`snappy_domain::keys::KeyError::Seal`].
    pub fn seal_check(&self) -> StoreResult<Vec<u8>> {
        self.keys.seal(&*self.random, CHECK, b"snappy-mcp").map_err(corrupt)
    }

    /// Whether one of the keys opens that value.
    ///
    /// # Errors
    /// When none does.
    pub fn open_check(&self, sealed: &[u8]) -> Result<(), OpenError> {
        self.keys.open(CHECK, sealed).map(drop)
    }

    fn seal(&self, id: CredentialId, column: &str, text: &Secret) -> StoreResult<Vec<u8>> {
        self.keys
            .seal(&*self.random, context(&id.to_string(), column), text.expose().as_bytes())
            .map_err(corrupt)
    }

    fn open<T: for<'de> Deserialize<'de>>(
        &self,
        id: CredentialId,
        column: &str,
        sealed: &[u8],
    ) -> StoreResult<Opened<T>> {
        match self.keys.open(context(&id.to_string(), column), sealed) {
            Ok(text) => serde_json::from_str(text.expose())
                .map(Opened::Value)
                .map_err(|_| corrupt(format_args!("its {column} has another form"))),
            Err(OpenError::UnknownKey) => Ok(Opened::KeyGone),
            Err(error @ OpenError::Damaged) => Err(corrupt(error)),
        }
    }

    /// A column sealed with the newest key; `None` when it is already.
    ///
    /// # Errors
    /// Practically never; see [`snappy_domain::keys::KeyError::Seal`].
    pub fn reseal(
        &self,
        id: CredentialId,
        column: &str,
        sealed: &[u8],
    ) -> StoreResult<Opened<Option<Vec<u8>>>> {
        let id = id.to_string();
        let context = context(&id, column);
        let text = match self.keys.open(context, sealed) {
            Ok(_) if self.keys.is_sealed_with_newest(sealed) => return Ok(Opened::Value(None)),
            Ok(text) => text,
            // A damaged one can't be used either, and is no reason to leave the others as they are.
            Err(OpenError::UnknownKey | OpenError::Damaged) => return Ok(Opened::KeyGone),
        };
        let sealed = self.keys.seal(&*self.random, context, text.expose().as_bytes());
        sealed.map(|sealed| Opened::Value(Some(sealed))).map_err(corrupt)
    }

    /// Seals a profile.
    ///
    /// # Errors
    /// Practically never; see [`snappy_domain::keys::KeyError::Seal`].
    pub fn seal_profile(&self, id: CredentialId, profile: &Profile) -> StoreResult<Vec<u8>> {
        let text = serde_json::to_string(profile).map_err(corrupt)?;
        self.seal(id, "profile", &Secret::new(text))
    }

    /// Opens a profile.
    ///
    /// # Errors
    /// When it was changed, or is none.
    pub fn open_profile(&self, id: CredentialId, sealed: &[u8]) -> StoreResult<Opened<Profile>> {
        self.open(id, "profile", sealed)
    }

    /// Seals the secrets of a credential.
    ///
    /// # Errors
    /// Practically never; see [`snappy_domain::keys::KeyError::Seal`].
    pub fn seal_secret(&self, id: CredentialId, secret: &CredentialSecret) -> StoreResult<Vec<u8>> {
        let text = |secret: &Secret| secret.expose().to_owned();
        let stored = match secret {
            CredentialSecret::Session { key, session, .. } => {
                Stored::Key { key: text(key), session: Some(text(session)) }
            }
            CredentialSecret::OAuth(tokens) => Stored::OAuth {
                access_token: text(&tokens.access_token),
                refresh_token: tokens.refresh_token.as_ref().map(text),
                refresh_expires_at: tokens.refresh_expires_at,
                client_id: tokens.client_id.clone(),
            },
            CredentialSecret::Token { token, .. } | CredentialSecret::Service { token, .. } => {
                Stored::Key { key: text(token), session: None }
            }
        };
        let stored = serde_json::to_string(&stored).map_err(corrupt)?;
        self.seal(id, "credential", &Secret::new(stored))
    }

    /// Seals the client that this deployment is at an upstream.
    ///
    /// # Errors
    /// Practically never; see [`snappy_domain::keys::KeyError::Seal`].
    pub fn seal_upstream_client(&self, client: &UpstreamClient) -> StoreResult<Vec<u8>> {
        let text = serde_json::to_vec(client).map_err(corrupt)?;
        self.keys.seal(&*self.random, upstream_client_context(), &text).map_err(corrupt)
    }

    /// Opens the client that this deployment is at an upstream.
    ///
    /// # Errors
    /// When it was changed, or is none.
    pub fn open_upstream_client(&self, sealed: &[u8]) -> StoreResult<Opened<UpstreamClient>> {
        match self.keys.open(upstream_client_context(), sealed) {
            Ok(text) => serde_json::from_str(text.expose()).map(Opened::Value).map_err(corrupt),
            Err(OpenError::UnknownKey) => Ok(Opened::KeyGone),
            Err(error @ OpenError::Damaged) => Err(corrupt(error)),
        }
    }

    /// Opens the secrets of a credential of a kind.
    ///
    /// # Errors
    /// When they were changed, or are not those of the kind.
    pub fn open_secret(
        &self,
        id: CredentialId,
        kind: CredentialKind,
        sealed: &[u8],
        expires_at: Option<Timestamp>,
        coverage: Option<Coverage>,
    ) -> StoreResult<Opened<CredentialSecret>> {
        let stored = match self.open::<Stored>(id, "credential", sealed)? {
            Opened::Value(stored) => stored,
            Opened::KeyGone => return Ok(Opened::KeyGone),
        };
        let secret = match (kind, stored) {
            (CredentialKind::Session, Stored::Key { key, session }) => CredentialSecret::Session {
                key: key.into(),
                session: session.unwrap_or_default().into(),
                expires_at,
            },
            (CredentialKind::Token, Stored::Key { key, .. }) => {
                CredentialSecret::Token { token: key.into(), expires_at }
            }
            (CredentialKind::Service, Stored::Key { key, .. }) => {
                CredentialSecret::Service { token: key.into(), expires_at }
            }
            (
                CredentialKind::OAuth,
                Stored::OAuth { access_token, refresh_token, refresh_expires_at, client_id },
            ) => CredentialSecret::OAuth(Box::new(OAuthTokens {
                access_token: access_token.into(),
                refresh_token: refresh_token.map(Secret::new),
                expires_at,
                refresh_expires_at,
                client_id,
                coverage: coverage.ok_or_else(|| corrupt("its coverage is missing"))?,
            })),
            _ => return Err(corrupt("its secrets are of another kind")),
        };
        Ok(Opened::Value(secret))
    }
}

/// The secrets that stand for ones that can't be opened any more, or were removed.
#[must_use]
pub fn lost_secret(kind: CredentialKind, coverage: Option<Coverage>) -> CredentialSecret {
    let (none, expires_at) = (|| Secret::new(""), None);
    match kind {
        CredentialKind::Session => {
            CredentialSecret::Session { key: none(), session: none(), expires_at }
        }
        CredentialKind::OAuth => CredentialSecret::OAuth(Box::new(OAuthTokens {
            access_token: none(),
            refresh_token: None,
            expires_at,
            refresh_expires_at: None,
            client_id: String::new(),
            coverage: coverage.unwrap_or_default(),
        })),
        CredentialKind::Token => CredentialSecret::Token { token: none(), expires_at },
        CredentialKind::Service => CredentialSecret::Service { token: none(), expires_at },
    }
}
