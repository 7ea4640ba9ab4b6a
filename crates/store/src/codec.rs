//! Rows and the records they stand for, for backends that keep rows of text, integers and bytes.
//! Nullable columns become the state enums here, and a combination that this program never writes is an
//! error, not a guess. Integers stay below 2^53 and there are no booleans, so that an engine which knows
//! only JavaScript's numbers keeps them exactly.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use snappy_domain::{AccessLimits, ClientId, CredentialId, PersonId, Scopes, Timestamp, TokenHash};

use crate::sealing::{Opened, Sealer, lost_secret};
use crate::{
    AccessToken, Admitted, AuthorizationCode, Client, ClientKeys, ClientProof, CodeState,
    Credential, CredentialKind, CredentialSecret, CredentialState, Grant, GrantState, KeySet,
    Lease, Profile, RefreshState, RefreshToken, RefreshView, Registration, RevocationReason,
    ServiceAccount, StoreError, StoreResult, TokenEndpointAuth,
};

/// A row that an engine gave.
pub trait Columns {
    /// A text column; `None` for NULL.
    ///
    /// # Errors
    /// When there is no such column, or it is of another type.
    fn text(&self, name: &str) -> StoreResult<Option<String>>;
    /// An integer column; `None` for NULL.
    ///
    /// # Errors
    /// When there is no such column, or it is of another type.
    fn integer(&self, name: &str) -> StoreResult<Option<i64>>;
    /// A column of bytes; `None` for NULL.
    ///
    /// # Errors
    /// When there is no such column, or it is of another type.
    fn bytes(&self, name: &str) -> StoreResult<Option<Vec<u8>>>;
}

/// A row of one kind of record, whose errors name the kind.
struct Record<'a, C>(&'static str, &'a C);

impl<C: Columns> Record<'_, C> {
    fn corrupt(&self, why: impl ToString) -> StoreError {
        StoreError::corrupt(self.0, why)
    }

    fn some<T>(&self, name: &str, value: Option<T>) -> StoreResult<T> {
        value.ok_or_else(|| self.corrupt(format_args!("its {name} is missing")))
    }

    fn text(&self, name: &str) -> StoreResult<String> {
        self.some(name, self.1.text(name)?)
    }

    fn parsed<T: FromStr>(&self, name: &str) -> StoreResult<T> {
        let text = self.text(name)?;
        text.parse().map_err(|_| self.corrupt(format_args!("its {name} has another form")))
    }

    fn number(&self, name: &str) -> StoreResult<u64> {
        let number = self.some(name, self.1.integer(name)?)?;
        u64::try_from(number).map_err(|error| self.corrupt(error))
    }

    fn time(&self, name: &str) -> StoreResult<Timestamp> {
        self.some(name, self.optional_time(name)?)
    }

    fn optional_time(&self, name: &str) -> StoreResult<Option<Timestamp>> {
        let millis = self.1.integer(name)?;
        millis.map(Timestamp::from_millisecond).transpose().map_err(|error| self.corrupt(error))
    }

    fn bytes(&self, name: &str) -> StoreResult<Vec<u8>> {
        self.some(name, self.1.bytes(name)?)
    }

    fn hash(&self, name: &str) -> StoreResult<TokenHash> {
        self.some(name, self.optional_hash(name)?)
    }

    fn optional_hash(&self, name: &str) -> StoreResult<Option<TokenHash>> {
        let bytes = self.1.bytes(name)?;
        let hash = |bytes: Vec<u8>| {
            let hash = TokenHash::from_slice(&bytes);
            hash.ok_or_else(|| self.corrupt(format_args!("its {name} has another length")))
        };
        bytes.map(hash).transpose()
    }

    fn optional_json<T: DeserializeOwned>(&self, column: &str) -> StoreResult<Option<T>> {
        let text = self.1.text(column)?;
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        parsed.map_err(|error| self.corrupt(error))
    }

    fn limits(&self) -> StoreResult<AccessLimits> {
        serde_json::from_str(&self.text("limits")?).map_err(|error| self.corrupt(error))
    }

    /// The person of a credential. Rows that earlier versions wrote name none.
    fn person(&self, credential: CredentialId) -> StoreResult<PersonId> {
        match self.1.text("person_id")? {
            Some(_) => self.parsed("person_id"),
            None => Ok(PersonId::of_credential(credential)),
        }
    }

    fn state(&self) -> StoreResult<CredentialState> {
        if let Some(at) = self.optional_time("removed_at")? {
            return Ok(CredentialState::Removed { at });
        }
        Ok(match self.optional_time("sign_in_required_since")? {
            None => CredentialState::Usable,
            Some(since) => CredentialState::SignInRequired { since },
        })
    }

    /// The credentials of a grant or a code: the first has a column of its own, as in earlier versions.
    fn credentials(&self) -> StoreResult<Vec<CredentialId>> {
        let mut credentials = vec![self.parsed("credential_id")?];
        for id in self.1.text("more_credentials")?.unwrap_or_default().split_ascii_whitespace() {
            let id = id.parse().map_err(|_| self.corrupt("one of its credentials is no id"))?;
            credentials.push(id);
        }
        Ok(credentials)
    }
}

/// All but the first credential of a grant or a code, as they are stored.
#[must_use]
pub fn more_credentials(credentials: &[CredentialId]) -> Option<String> {
    let ids: Vec<_> = credentials.iter().skip(1).map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// What a credential reaches, as it is stored: JSON.
///
/// # Errors
/// Never in practice: coverage is always valid JSON.
pub fn coverage_json(secret: &CredentialSecret) -> StoreResult<Option<String>> {
    let json = secret.coverage().map(serde_json::to_string);
    json.transpose().map_err(|error| StoreError::corrupt("credential", error))
}

/// What is stored as JSON about the use of a token.
///
/// # Errors
/// Practically never.
pub fn json(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("grant", error))
}

/// Limits as they are stored: JSON.
///
/// # Errors
/// Never in practice: limits are always valid JSON.
pub fn limits_json(limits: &AccessLimits) -> StoreResult<String> {
    serde_json::to_string(limits).map_err(|error| StoreError::corrupt("grant", error))
}

/// A client as it is stored, except for its secret's hash and its first use.
#[derive(Serialize, Deserialize)]
struct StoredClient {
    id: ClientId,
    registration: Registration,
    name: Option<String>,
    redirect_uris: Vec<String>,
    auth: TokenEndpointAuth,
    #[serde(default)]
    also_public: bool,
    #[serde(default)]
    keys: Option<ClientKeys>,
    // Earlier versions called a service account a machine.
    #[serde(default, rename = "machine")]
    service_account: Option<ServiceAccount>,
    metadata: Map<String, Value>,
    created_at: Timestamp,
}

/// A client as it is stored, except for its secret's hash and its first use: JSON.
///
/// # Errors
/// Never in practice: clients are always valid JSON.
pub fn client_json(client: &Client) -> StoreResult<String> {
    let (keys, also_public) = match &client.proof {
        ClientProof::Keys { keys, also_public } => (Some(keys.clone()), *also_public),
        ClientProof::Public | ClientProof::Secret { .. } => (None, false),
    };
    let stored = StoredClient {
        id: client.id.clone(),
        registration: client.registration,
        name: client.name.clone(),
        redirect_uris: client.redirect_uris.clone(),
        auth: client.proof.method(),
        also_public,
        keys,
        service_account: client.service_account.clone(),
        metadata: client.metadata.clone(),
        created_at: client.created_at,
    };
    serde_json::to_string(&stored).map_err(|error| StoreError::corrupt("client", error))
}

/// The keyed hash of a client's secret, as it is stored.
#[must_use]
pub const fn secret_hash(client: &Client) -> Option<TokenHash> {
    match &client.proof {
        ClientProof::Secret { hash, .. } => Some(*hash),
        ClientProof::Public | ClientProof::Keys { .. } => None,
    }
}

/// A version or a fence as it is stored. They start at 0 and grow by one, so they always fit.
///
/// # Errors
/// When it does not fit.
pub fn number(number: u64) -> StoreResult<i64> {
    i64::try_from(number).map_err(|error| StoreError::corrupt("credential", error))
}

/// The columns of [`client`].
#[macro_export]
macro_rules! client_columns {
    () => {
        "record, secret_hash, used_at"
    };
}

/// A client.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn client(row: &impl Columns) -> StoreResult<Client> {
    let row = Record("client", row);
    let stored: StoredClient =
        serde_json::from_str(&row.text("record")?).map_err(|error| row.corrupt(error))?;
    let hash = row.optional_hash("secret_hash")?;
    let proof = match (stored.auth, stored.keys) {
        (TokenEndpointAuth::PrivateKeyJwt, Some(keys)) => {
            Some(ClientProof::Keys { keys, also_public: stored.also_public })
        }
        (auth, _) => ClientProof::without_keys(auth, hash),
    };
    Ok(Client {
        id: stored.id,
        registration: stored.registration,
        name: stored.name,
        redirect_uris: stored.redirect_uris,
        proof: proof.ok_or_else(|| row.corrupt("what it authenticates with is missing"))?,
        service_account: stored.service_account,
        metadata: stored.metadata,
        created_at: stored.created_at,
        used_at: row.optional_time("used_at")?,
    })
}

/// A key set: `keys`, `read_at`, `asked_at`.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn key_set(row: &impl Columns) -> StoreResult<KeySet> {
    let row = Record("key set", row);
    let read = match (row.1.text("keys")?, row.optional_time("read_at")?) {
        (Some(keys), Some(at)) => {
            Some((serde_json::from_str(&keys).map_err(|error| row.corrupt(error))?, at))
        }
        _ => None,
    };
    Ok(KeySet { read, asked_at: Some(row.time("asked_at")?) })
}

/// The columns of [`credential`], of a table `a`.
#[macro_export]
macro_rules! credential_columns {
    () => {
        "a.id AS credential_id, a.person_id, a.kind, a.authority, a.user_id, a.sealed_profile,
         a.sealed_credential, a.key_expires_at, a.coverage, a.version, a.sign_in_required_since,
         a.removed_at, a.refreshed_at"
    };
}

/// A credential.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn credential(row: &impl Columns, sealer: &Sealer) -> StoreResult<Credential> {
    let row = Record("credential", row);
    let id: CredentialId = row.parsed("credential_id")?;
    let kind = CredentialKind::from_stored(&row.text("kind")?)
        .ok_or_else(|| row.corrupt("its kind is unknown"))?;
    let refreshed_at = row.time("refreshed_at")?;
    let mut state = row.state()?;
    let profile = match sealer.open_profile(id, &row.bytes("sealed_profile")?)? {
        Opened::Value(profile) => profile,
        Opened::KeyGone => {
            let stored = row.text("user_id")?;
            // All but the first of a subject are stored under `subject/id`.
            let subject = stored.strip_suffix(&format!("/{id}")).unwrap_or(&stored).to_owned();
            Profile { subject, ..Profile::default() }
        }
    };
    let expires_at = row.optional_time("key_expires_at")?;
    let sealed = row.bytes("sealed_credential")?;
    let coverage = match row.1.text("coverage")? {
        Some(json) => Some(serde_json::from_str(&json).map_err(|error| row.corrupt(error))?),
        None => None,
    };
    let secret = match sealer.open_secret(id, kind, &sealed, expires_at, coverage.clone())? {
        Opened::Value(secret) => secret,
        // A lost key costs a sign-in, not an outage.
        Opened::KeyGone => {
            if state == CredentialState::Usable {
                state = CredentialState::SignInRequired { since: refreshed_at };
            }
            lost_secret(kind, coverage)
        }
    };
    Ok(Credential {
        id,
        person: row.person(id)?,
        authority: row.text("authority")?,
        profile,
        secret,
        version: row.number("version")?,
        state,
        refreshed_at,
    })
}

/// A credential with its version, among those that expire: `credential_id`, `person_id`, `version`.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn expiring(row: &impl Columns) -> StoreResult<(PersonId, CredentialId, u64)> {
    let row = Record("credential", row);
    let id = row.parsed("credential_id")?;
    Ok((row.person(id)?, id, row.number("version")?))
}

/// A lease that was taken: `lease_fence`, `lease_abandoned`.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn taken_lease(row: &impl Columns) -> StoreResult<Lease> {
    let row = Record("credential", row);
    let abandoned = row.optional_time("lease_abandoned")?;
    Ok(Lease::Taken { fence: row.number("lease_fence")?, abandoned })
}

/// A lease that could not be taken: `lease_until` of the credential, if there is one to refresh.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn held_lease(row: Option<&impl Columns>, now: Timestamp) -> StoreResult<Lease> {
    let Some(row) = row else { return Ok(Lease::Moved) };
    let until = Record("credential", row).optional_time("lease_until")?;
    // Without an end it was given back between the two looks.
    Ok(Lease::Held { until: until.unwrap_or(now) })
}

/// The columns of [`grant`], of a table `g` and the credential's table `a`.
#[macro_export]
macro_rules! grant_columns {
    () => {
        "g.id AS grant_id, g.client_id, g.account_id AS credential_id, g.more_credentials,
         a.person_id, g.resource, g.scopes AS grant_scopes, g.limits, g.created_at,
         g.expires_at AS grant_expires_at, g.used_at, g.elicits_urls, g.fork, g.revoked_at, g.revocation_reason"
    };
}

/// A grant.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn grant(row: &impl Columns) -> StoreResult<Grant> {
    let row = Record("grant", row);
    let state = match (row.optional_time("revoked_at")?, row.1.text("revocation_reason")?) {
        (None, None) => GrantState::Active,
        (Some(at), Some(reason)) => GrantState::Revoked {
            at,
            reason: RevocationReason::parse(&reason)
                .ok_or_else(|| row.corrupt("the reason of its revocation is unknown"))?,
        },
        _ => return Err(row.corrupt("its revocation is half written")),
    };
    let credential = row.parsed("credential_id")?;
    Ok(Grant {
        id: row.parsed("grant_id")?,
        client: ClientId::new(row.text("client_id")?),
        person: row.person(credential)?,
        credentials: row.credentials()?,
        resource: row.text("resource")?,
        scopes: Scopes::from_stored(&row.text("grant_scopes")?),
        limits: row.limits()?,
        created_at: row.time("created_at")?,
        expires_at: row.time("grant_expires_at")?,
        used_at: row.optional_time("used_at")?,
        elicits_urls: row.1.integer("elicits_urls")?.is_some_and(|yes| yes != 0),
        fork: row.optional_json("fork")?,
        state,
    })
}

/// The columns of [`code`], of a table `c` and the credential's table `a`.
#[macro_export]
macro_rules! code_columns {
    () => {
        "c.hash, c.client_id, c.redirect_uri, c.code_challenge, c.resource, c.scopes, c.limits,
         c.account_id AS credential_id, c.more_credentials, a.person_id, c.expires_at, c.grant_id"
    };
}

/// An authorization code.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn code(row: &impl Columns) -> StoreResult<AuthorizationCode> {
    let row = Record("authorization code", row);
    let credential = row.parsed("credential_id")?;
    Ok(AuthorizationCode {
        hash: row.hash("hash")?,
        client: ClientId::new(row.text("client_id")?),
        redirect_uri: row.text("redirect_uri")?,
        code_challenge: row.text("code_challenge")?,
        resource: row.text("resource")?,
        scopes: Scopes::from_stored(&row.text("scopes")?),
        limits: row.limits()?,
        person: row.person(credential)?,
        credentials: row.credentials()?,
        expires_at: row.time("expires_at")?,
        state: match row.1.text("grant_id")? {
            None => CodeState::Issued,
            Some(_) => CodeState::Redeemed(row.parsed("grant_id")?),
        },
    })
}

/// A refresh token: `hash`, `expires_at`, `rotated_at`, `reused_at`, `successor_hash`,
/// `sealed_successor`, `rotated_by`, `successor_used_at`, and the columns of its grant. The state is that of the
/// grant's first credential: `sign_in_required_since`, `removed_at`.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn refresh_token(columns: &impl Columns) -> StoreResult<RefreshView> {
    let row = Record("refresh token", columns);
    let rotated = row.optional_time("rotated_at")?;
    let successor = row.optional_hash("successor_hash")?;
    let state = match (rotated, successor, columns.bytes("sealed_successor")?) {
        (None, None, None) => RefreshState::Current,
        (Some(at), Some(successor), Some(sealed_successor)) => {
            let by = row.optional_json("rotated_by")?;
            RefreshState::Rotated { at, successor, sealed_successor, by }
        }
        _ => return Err(row.corrupt("its rotation is half written")),
    };
    let grant = grant(columns)?;
    Ok(RefreshView {
        token: RefreshToken {
            hash: row.hash("hash")?,
            grant: grant.id,
            expires_at: row.time("expires_at")?,
            reused_at: row.optional_time("reused_at")?,
            state,
        },
        grant,
        needs_sign_in: row.state()? != CredentialState::Usable,
        successor_used_at: row.optional_time("successor_used_at")?,
    })
}

/// An access token with its grant and the grant's first credential: `hash`, `scopes`, `expires_at`, and the
/// columns of its grant and of the credential.
///
/// # Errors
/// When the row is not one that this program writes.
pub fn admitted(columns: &impl Columns, sealer: &Sealer) -> StoreResult<Admitted> {
    let row = Record("access token", columns);
    let grant = grant(columns)?;
    Ok(Admitted {
        token: AccessToken {
            hash: row.hash("hash")?,
            grant: grant.id,
            scopes: Scopes::from_stored(&row.text("scopes")?),
            expires_at: row.time("expires_at")?,
        },
        grant,
        credentials: vec![credential(columns, sealer)?],
    })
}
