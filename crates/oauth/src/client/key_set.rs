//! The key sets that clients serve at a `jwks_uri`: fetched when they are needed, and kept.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde_json::Value;
use snappy_domain::ClientId;
use snappy_domain::clock::{after, before};
use snappy_store::{Applied, ClientKeys};

use super::error::{AssertionError, ClientAuthError, KeysError};
use super::fetch::FetchError;
use super::keys::candidates;
use crate::AuthorizationServer;

const MAX_SET: usize = 32 * 1024;
/// How long a key set is used without fetching it again.
const FRESH: Duration = Duration::from_secs(3_600);
/// How long it is used when it can't be fetched again.
const STALE: Duration = Duration::from_secs(7 * 86_400);
/// How soon a URL is requested again: for a key that was not there, or after a failure.
const AGAIN: Duration = Duration::from_secs(60);

/// What was found at the URL of a key set.
enum Found {
    /// A key set, whatever keys it has.
    Set(Value),
    /// Something else.
    Nothing(String),
    /// It is not known now.
    Unknown(String),
}

impl AuthorizationServer {
    /// What `verify` gives for the first key of a client that it accepts. The keys at a URL are the stored
    /// ones; when `verify` accepts none of them, those that are served there now, fetched by one request
    /// at a time.
    pub(super) async fn verify_with<T>(
        &self,
        client: &ClientId,
        keys: &ClientKeys,
        algorithm: Algorithm,
        id: Option<&str>,
        verify: impl Fn(&Jwk) -> Option<T> + Sync,
    ) -> Result<T, ClientAuthError> {
        let among = |set: &Value| -> Result<Option<T>, KeysError> {
            Ok(candidates(set, algorithm, id)?.iter().find_map(&verify))
        };
        let uri = match keys {
            ClientKeys::Inline(set) => {
                return among(set)?.ok_or(AssertionError::Signature.into());
            }
            ClientKeys::At { uri } => uri,
        };
        let now = self.now();
        let known = self.store.key_set(client, uri).await?;
        if let Some((set, at)) = &known.read
            && now < after(*at, FRESH)
            && let Ok(Some(found)) = among(set)
        {
            return Ok(found);
        }
        let one_at_a_time = self.memory.fetching.get(uri.clone());
        let _turn = one_at_a_time.lock().await;
        // Whoever was first may have read it in the meantime, here or in another process.
        let known = self.store.key_set(client, uri).await?;
        let usable = known.read.filter(|(_, at)| now < after(*at, STALE)).map(|(set, _)| set);
        let since = before(now, AGAIN);
        let found = match self.store.ask_key_set(client, uri, since, now).await? {
            Applied::Yes => self.read_keys(uri).await,
            Applied::No => Found::Unknown("it was just requested".into()),
        };
        let set = match found {
            Found::Set(set) => {
                self.store.put_key_set(client, uri, Some(&set), now).await?;
                set
            }
            // Withdrawn, or an error page: neither has a key.
            Found::Nothing(why) => {
                self.store.put_key_set(client, uri, None, now).await?;
                tracing::warn!(uri, "There is no key set at the URL: {why}");
                return Err(ClientAuthError::KeysUnreachable);
            }
            Found::Unknown(why) => {
                tracing::warn!(uri, "A key set can't be fetched: {why}");
                usable.ok_or(ClientAuthError::KeysUnreachable)?
            }
        };
        among(&set)?.ok_or(AssertionError::Signature.into())
    }

    async fn read_keys(&self, uri: &str) -> Found {
        let answer = match self.fetch(uri, MAX_SET).await {
            Ok(answer) => answer,
            Err(FetchError::Unreachable(why)) => return Found::Unknown(why),
            Err(FetchError::Unsuitable(why)) => return Found::Nothing(why),
        };
        match serde_json::from_slice::<Value>(&answer.body) {
            Ok(set) if set.get("keys").is_some_and(Value::is_array) => Found::Set(set),
            _ => Found::Nothing(KeysError::NotASet.to_string()),
        }
    }
}
