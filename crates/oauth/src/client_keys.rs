//! The public keys of clients that sign assertions (JWK Sets, RFC 7517 §5): checked when a client
//! brings them, read from its `jwks_uri` when they are needed.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use serde_json::Value;
use snappy_domain::clock::{after, before};
use snappy_store::{Applied, ClientKeys};

use crate::AuthorizationServer;
use crate::assertion::AssertionError;
use crate::client_auth::ClientAuthError;
use crate::fetch::{FetchError, is_address};

/// The signature algorithms that are taken (RFC 7518 §3.1): the two that every library has. None is
/// symmetric, so a public key can never be taken for a shared secret.
pub(crate) const ALGORITHMS: [(Algorithm, &str); 2] =
    [(Algorithm::RS256, "RS256"), (Algorithm::ES256, "ES256")];

const MAX_SET: usize = 32 * 1024;
const MAX_KEYS: usize = 20;
/// How long keys that were read count without asking again.
const FRESH: Duration = Duration::from_secs(3_600);
/// How long they count when they can't be read anew.
const STALE: Duration = Duration::from_secs(7 * 86_400);
/// How soon an address is asked again: for a key that was not there, or after a failure.
const AGAIN: Duration = Duration::from_secs(60);
/// Members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Why a JWK Set is no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// It is not a JWK Set.
    #[error("is not a JWK Set: an object with a list \"keys\"")]
    NotASet,
    /// It has too many keys.
    #[error("has more than {MAX_KEYS} keys")]
    TooMany,
    /// Somebody could sign with what it gives away.
    #[error("has a private or a shared key: whoever reads it could sign with it")]
    Private,
    /// None of its keys is for the algorithms that are taken.
    #[error("has no public key for RS256 or ES256 signatures")]
    NoneUsable,
    /// Both `jwks` and `jwks_uri`, or neither (RFC 7591 §2).
    #[error("must be given as either jwks or jwks_uri, for private_key_jwt")]
    NotOne,
    /// A `jwks_uri` that is not a plain https address.
    #[error("must stand at a plain https:// address")]
    Address,
}

/// The keys that client metadata names.
pub(crate) fn of_metadata(
    jwks: Option<Value>,
    jwks_uri: Option<String>,
) -> Result<ClientKeys, KeysError> {
    match (jwks, jwks_uri) {
        (Some(set), None) => {
            usable(&set)?;
            Ok(ClientKeys::Inline(set))
        }
        (None, Some(uri)) if is_address(&uri) => Ok(ClientKeys::At { uri }),
        (None, Some(_)) => Err(KeysError::Address),
        _ => Err(KeysError::NotOne),
    }
}

/// The keys of a set that can check one of the algorithms. Kinds that are not known are passed over.
fn usable(set: &Value) -> Result<Vec<Jwk>, KeysError> {
    let keys = set.get("keys").and_then(Value::as_array).ok_or(KeysError::NotASet)?;
    if keys.len() > MAX_KEYS {
        return Err(KeysError::TooMany);
    }
    if keys.iter().any(|key| PRIVATE.iter().any(|member| key.get(member).is_some())) {
        return Err(KeysError::Private);
    }
    let read = keys.iter().filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
    let usable: Vec<_> =
        read.filter(|key| ALGORITHMS.iter().any(|(algorithm, _)| fits(key, *algorithm))).collect();
    if usable.is_empty() { Err(KeysError::NoneUsable) } else { Ok(usable) }
}

/// Whether signatures of an algorithm may be checked with a key: its kind, and what it says it is for.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let kind = match (&key.algorithm, algorithm) {
        // 2,048 bits (RFC 7518 §3.3) are 342 characters.
        (AlgorithmParameters::RSA(key), Algorithm::RS256) => key.n.len() >= 342,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => {
            curve.curve == EllipticCurve::P256
        }
        _ => false,
    };
    let common = &key.common;
    let to_sign = common.public_key_use.as_ref().is_none_or(|to| *to == PublicKeyUse::Signature);
    kind && to_sign && common.key_algorithm.is_none_or(|only| only == algorithm.into())
}

/// The keys of a set that may have made a signature.
fn candidates(set: &Value, algorithm: Algorithm, id: Option<&str>) -> Result<Vec<Jwk>, KeysError> {
    let named = |key: &Jwk| match (id, key.common.key_id.as_deref()) {
        (Some(id), Some(known)) => id == known,
        _ => true,
    };
    Ok(usable(set)?.into_iter().filter(|key| fits(key, algorithm) && named(key)).collect())
}

/// What stands at the address of a key set.
enum Found {
    /// A key set, whatever keys it has.
    Set(Value),
    /// Something else.
    Nothing(String),
    /// Nobody knows for now.
    Unknown(String),
}

impl AuthorizationServer {
    /// What `verify` makes of the first key of a client that it can use. The keys at an address are
    /// those that are known; when none of them will do, those that stand there now, asked for by one
    /// request at a time.
    pub(crate) async fn verify_with<T>(
        &self,
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
        let now = self.clock.now();
        let known = self.store.key_set(uri).await?;
        if let Some((set, at)) = &known.read
            && now < after(*at, FRESH)
            && let Ok(Some(found)) = among(set)
        {
            return Ok(found);
        }
        let one_at_a_time = self.memory.fetching.get(uri.clone());
        let _turn = one_at_a_time.lock().await;
        // Whoever was first may have read it meanwhile, here or in another process.
        let known = self.store.key_set(uri).await?;
        let usable = known.read.filter(|(_, at)| now < after(*at, STALE)).map(|(set, _)| set);
        let since = before(now, AGAIN);
        let found = match self.store.ask_key_set(uri, since, now).await? {
            Applied::Yes => self.read_keys(uri).await,
            Applied::No => Found::Unknown("it was just asked".into()),
        };
        let set = match found {
            Found::Set(set) => {
                self.store.put_key_set(uri, Some(&set), now).await?;
                set
            }
            // Withdrawn, or a page that says that it is closed: neither is a key.
            Found::Nothing(why) => {
                self.store.put_key_set(uri, None, now).await?;
                tracing::warn!(uri, "There is no key set: {why}");
                return Err(ClientAuthError::KeysUnreachable);
            }
            Found::Unknown(why) => {
                tracing::warn!(uri, "A key set can't be read: {why}");
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "kid": "a",
               "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
               "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    fn set(keys: &[Value]) -> Value {
        json!({"keys": keys})
    }

    fn with(name: &str, value: impl Into<Value>) -> Value {
        let mut key = ec();
        key[name] = value.into();
        key
    }

    #[test]
    fn sets_that_are_no_use_say_why() {
        assert!(usable(&set(&[ec(), json!({"kty": "XX", "crv": "odd"})])).is_ok());
        for (bad, why) in [
            (json!([]), KeysError::NotASet),
            (json!({"keys": {}}), KeysError::NotASet),
            (set(&[]), KeysError::NoneUsable),
            (set(&vec![ec(); 21]), KeysError::TooMany),
            (set(&[ec(), with("d", "secret")]), KeysError::Private),
            (set(&[json!({"kty": "oct", "k": "c2VjcmV0"})]), KeysError::Private),
            (set(&[with("use", "enc")]), KeysError::NoneUsable),
            (set(&[with("alg", "ES384")]), KeysError::NoneUsable),
            (set(&[with("crv", "P-384")]), KeysError::NoneUsable),
        ] {
            assert_eq!(usable(&bad).unwrap_err(), why, "{bad}");
        }
    }

    #[test]
    fn keys_are_chosen_by_id_and_kind() {
        let keys = set(&[ec(), with("kid", "b")]);
        let count = |algorithm, id| candidates(&keys, algorithm, id).unwrap().len();
        assert_eq!(count(Algorithm::ES256, Some("a")), 1);
        assert_eq!(count(Algorithm::ES256, None), 2);
        assert_eq!(count(Algorithm::ES256, Some("c")), 0);
        assert_eq!(count(Algorithm::RS256, Some("a")), 0);
    }

    #[test]
    fn metadata_has_one_place_for_keys() {
        let at = |uri: &str| of_metadata(None, Some(uri.to_owned()));
        assert!(of_metadata(Some(set(&[ec()])), None).is_ok());
        assert!(at("https://client.example/jwks.json").is_ok());
        assert_eq!(at("http://client.example/jwks.json"), Err(KeysError::Address));
        assert_eq!(of_metadata(None, None), Err(KeysError::NotOne));
        let both = of_metadata(Some(set(&[ec()])), Some("https://client.example/j".into()));
        assert_eq!(both, Err(KeysError::NotOne));
    }
}
