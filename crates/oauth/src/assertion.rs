//! `private_key_jwt`: a client proves itself with an assertion that it signed (RFC 7521 §4.2,
//! RFC 7523 §2.2 and §3).

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use snappy_domain::{ClientId, Secret, Timestamp, TokenHash};
use snappy_store::{Applied, Client};

use crate::client_auth::ClientAuthError;
use crate::client_keys::ALGORITHMS;
use crate::{AuthorizationServer, Site};

/// The `client_assertion_type` of RFC 7523 §2.2.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest life of an assertion, in seconds: it is made for one request.
const MAX_LIFE: f64 = 300.0;
/// How far the client's clock may be from ours, in seconds.
const SKEW: f64 = 60.0;
const MAX_JTI: usize = 500;

/// Why an assertion proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// `client_assertion_type` is missing or another one.
    #[error("client_assertion_type must be {TYPE}")]
    Type,
    /// It is not a signed JWT with the claims it needs.
    #[error("it is not a signed JWT with iss, sub, aud, exp and jti")]
    Malformed,
    /// Its `alg` is not taken; `none` and shared secrets never are.
    #[error("its alg must be RS256 or ES256, as the client registered")]
    Algorithm,
    /// `crit` names something that is not understood here (RFC 7515 §4.1.11).
    #[error("its header has crit, which is not understood here")]
    Critical,
    /// `iss` and `sub` are not both the client's id.
    #[error("its iss and sub must both be the client_id")]
    Party,
    /// `aud` is not this server alone.
    #[error("its aud must be this server's issuer or token endpoint, and nothing else")]
    Audience,
    /// `exp` is over.
    #[error("it has expired")]
    Expired,
    /// `exp` is too far ahead.
    #[error("it may live for 5 minutes at most")]
    TooLong,
    /// `nbf` or `iat` is still to come.
    #[error("it is from the future: check the client's clock")]
    NotYet,
    /// No key of the client made the signature.
    #[error("it is not signed with a key that the client registered")]
    Signature,
    /// It came before.
    #[error("it was used before: each request needs a new jti")]
    Replayed,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// The only audience. An assertion for several could be used by one of them at another.
    fn only(&self) -> Option<&str> {
        match self {
            Self::One(one) => Some(one),
            Self::Many(many) => match many.as_slice() {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}

/// The client that an assertion is from, as it says itself.
pub(crate) fn claimed_client(assertion: &Secret) -> Result<ClientId, AssertionError> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Subject>(assertion.expose())
        .map(|claims| ClientId::new(claims.sub))
        .map_err(|_| AssertionError::Malformed)
}

impl AuthorizationServer {
    /// Checks that an assertion is the client's own, made for this request, and never seen before.
    pub(crate) async fn check_assertion(
        &self,
        site: &Site,
        client: &Client,
        assertion: &Secret,
    ) -> Result<(), ClientAuthError> {
        // An `alg` that the library does not know (`none`) is an error of the header.
        let header = jsonwebtoken::decode_header(assertion.expose())
            .map_err(|_| AssertionError::Algorithm)?;
        if !ALGORITHMS.iter().any(|(taken, _)| *taken == header.alg) {
            return Err(AssertionError::Algorithm.into());
        }
        if header.crit.is_some() {
            return Err(AssertionError::Critical.into());
        }
        let asked_for = client.metadata.get("token_endpoint_auth_signing_alg");
        let named =
            ALGORITHMS.iter().find(|(taken, _)| *taken == header.alg).map(|(_, name)| *name);
        if asked_for.and_then(|asked| asked.as_str()).is_some_and(|asked| Some(asked) != named) {
            return Err(AssertionError::Algorithm.into());
        }
        // Nobody makes this server ask for keys with an assertion that would be refused anyway.
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(assertion.expose())
            .map_err(|_| AssertionError::Malformed)?;
        check_claims(&claims, site, &client.id, self.clock.now())?;
        let mut validation = Validation::new(header.alg);
        // The library would ask the system for the time; what the claims must be is checked below.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verify = |key: &Jwk| {
            let key = DecodingKey::from_jwk(key).ok()?;
            jsonwebtoken::decode::<IgnoredAny>(assertion.expose(), &key, &validation).ok()
        };
        let keys = client.keys.as_ref().ok_or(AssertionError::Signature)?;
        self.verify_with(keys, header.alg, header.kid.as_deref(), verify).await?;
        self.use_once(client, &claims).await
    }

    /// Remembers the assertion until nobody could use it anyway.
    async fn use_once(&self, client: &Client, claims: &Claims) -> Result<(), ClientAuthError> {
        let mut id = Sha256::new();
        id.update((client.id.as_str().len() as u64).to_be_bytes());
        id.update(client.id.as_str());
        id.update(&claims.jti);
        let id = TokenHash::from_slice(&id.finalize()).ok_or(AssertionError::Malformed)?;
        let until = Timestamp::from_second((claims.exp + SKEW).ceil() as i64)
            .map_err(|_| AssertionError::Malformed)?;
        match self.store.use_assertion(&id, until).await? {
            Applied::Yes => Ok(()),
            Applied::No => Err(AssertionError::Replayed.into()),
        }
    }
}

fn check_claims(
    claims: &Claims,
    site: &Site,
    client: &ClientId,
    now: Timestamp,
) -> Result<(), AssertionError> {
    if claims.iss != client.as_str() || claims.sub != client.as_str() {
        return Err(AssertionError::Party);
    }
    let audience = claims.aud.only().ok_or(AssertionError::Audience)?;
    if audience.trim_end_matches('/') != site.issuer() && audience != site.url("/token") {
        return Err(AssertionError::Audience);
    }
    let now = now.as_millisecond() as f64 / 1000.0;
    if !claims.exp.is_finite() || claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
        return Err(AssertionError::Malformed);
    }
    if claims.exp + SKEW <= now {
        return Err(AssertionError::Expired);
    }
    if claims.exp > now + MAX_LIFE + SKEW {
        return Err(AssertionError::TooLong);
    }
    let to_come = |at: Option<f64>| at.is_some_and(|at| at > now + SKEW);
    if to_come(claims.nbf) || to_come(claims.iat) {
        return Err(AssertionError::NotYet);
    }
    Ok(())
}
