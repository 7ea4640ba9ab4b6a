//! `private_key_jwt`: a client authenticates with an assertion that it signed (RFC 7521 §4.2, RFC 7523
//! §2.2 and §3).

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use snappy_domain::{ClientId, Secret, Timestamp, TokenHash, random};
use snappy_store::{Applied, Client, ClientKeys};

use super::error::{AssertionError, ClientAuthError};
use super::keys::ALGORITHMS;
use crate::{AuthorizationServer, Site};

/// The longest life of an assertion, in seconds: it is made for one request.
const MAX_LIFE: f64 = 300.0;
/// How far the client's clock may be from ours, in seconds.
const SKEW: f64 = 60.0;
const MAX_JTI: usize = 500;

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
    /// The only audience. One of several audiences could use the assertion at another.
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

/// The client that an assertion claims to be from.
pub(super) fn claimed_client(assertion: &Secret) -> Result<ClientId, AssertionError> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Subject>(assertion.expose())
        .map(|claims| ClientId::new(claims.sub))
        .map_err(|_| AssertionError::Malformed)
}

impl AuthorizationServer {
    /// Checks that an assertion is the client's own, made for this server, and was not used before.
    pub(super) async fn check_assertion(
        &self,
        site: &Site,
        client: &Client,
        keys: &ClientKeys,
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
        // An assertion that would be refused anyway must not make this server fetch keys.
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(assertion.expose())
            .map_err(|_| AssertionError::Malformed)?;
        check_claims(&claims, site, &client.id, self.now())?;
        let mut validation = Validation::new(header.alg);
        // The library would read the system clock; the claims were checked above.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verify = |key: &Jwk| {
            let key = DecodingKey::from_jwk(key).ok()?;
            jsonwebtoken::decode::<IgnoredAny>(assertion.expose(), &key, &validation).ok()
        };
        self.verify_with(&client.id, keys, header.alg, header.kid.as_deref(), verify).await?;
        self.use_once(client, &claims).await
    }

    /// Remembers the assertion until it has expired.
    async fn use_once(&self, client: &Client, claims: &Claims) -> Result<(), ClientAuthError> {
        let mut id = Sha256::new();
        id.update((client.id.as_str().len() as u64).to_be_bytes());
        id.update(client.id.as_str());
        id.update(&claims.jti);
        let id = TokenHash::from_slice(&id.finalize()).ok_or(AssertionError::Malformed)?;
        let until = Timestamp::from_second((claims.exp + SKEW).ceil() as i64)
            .map_err(|_| AssertionError::Malformed)?;
        let request = TokenHash::new(random::bytes(&*self.runtime.random));
        match self.store.use_assertion(&client.id, &id, &request, until).await? {
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
