//! The public keys of clients that sign assertions (JWK Sets, RFC 7517 §5).

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use serde_json::Value;
use snappy_store::ClientKeys;

use super::error::{KeysError, MAX_KEYS};
use super::fetch::is_fetchable_url;

/// The accepted signature algorithms (RFC 7518 §3.1): the two that every library has. None is symmetric,
/// so a public key can never be taken for a shared secret.
pub(crate) const ALGORITHMS: [(Algorithm, &str); 2] =
    [(Algorithm::RS256, "RS256"), (Algorithm::ES256, "ES256")];

/// Members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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
        (None, Some(uri)) if is_fetchable_url(&uri) => Ok(ClientKeys::At { uri }),
        (None, Some(_)) => Err(KeysError::Url),
        _ => Err(KeysError::NotOne),
    }
}

/// The keys of a set for one of the algorithms. Unknown key types are ignored.
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

/// Whether a key may verify signatures of an algorithm: its type, and what it says it is for.
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
pub(super) fn candidates(
    set: &Value,
    algorithm: Algorithm,
    id: Option<&str>,
) -> Result<Vec<Jwk>, KeysError> {
    let named = |key: &Jwk| match (id, key.common.key_id.as_deref()) {
        (Some(id), Some(known)) => id == known,
        _ => true,
    };
    Ok(usable(set)?.into_iter().filter(|key| fits(key, algorithm) && named(key)).collect())
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
    fn unusable_sets_say_why() {
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
        assert_eq!(at("http://client.example/jwks.json"), Err(KeysError::Url));
        assert_eq!(of_metadata(None, None), Err(KeysError::NotOne));
        let both = of_metadata(Some(set(&[ec()])), Some("https://client.example/j".into()));
        assert_eq!(both, Err(KeysError::NotOne));
    }
}
