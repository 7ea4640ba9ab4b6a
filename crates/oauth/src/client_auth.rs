//! Client authentication at the token and revocation endpoints (RFC 6749 §2.3, RFC 7521 §4.2).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use snappy_domain::{ClientId, Secret, audit};
use snappy_store::{Client, StoreError, TokenEndpointAuth};

use crate::assertion::{self, AssertionError};
use crate::client_keys::KeysError;
use crate::form::Form;
use crate::secrets::Kind;
use crate::{AuthorizationServer, Site};

/// Why a client is not who it says.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthError {
    /// No client id at all.
    #[error("the request names no client: client_id is missing")]
    Missing,
    /// More than one way of proof at once (RFC 6749 §2.3).
    #[error("the client authenticates in more than one way")]
    TwoMethods,
    /// An `Authorization` header that is not Basic with an id and a secret.
    #[error("the Authorization header is not Basic with an encoded id and secret")]
    MalformedBasic,
    /// Nobody registered the id.
    #[error("no client is registered under this client_id")]
    Unknown {
        /// Whether `Authorization: Basic` was tried, so that the answer must carry a challenge.
        basic: bool,
    },
    /// The proof is missing, wrong, or not the registered kind.
    #[error("the client must authenticate with {}", .expected.as_str())]
    Failed {
        /// What the client registered.
        expected: TokenEndpointAuth,
        /// Whether `Authorization: Basic` was tried.
        basic: bool,
    },
    /// The assertion proves nothing.
    #[error("the client_assertion is not accepted: {0}")]
    Assertion(#[from] AssertionError),
    /// The client's keys are no use.
    #[error("the client's jwks {0}")]
    Keys(#[from] KeysError),
    /// The client's keys can't be read from its `jwks_uri` for now. Why is for the log alone: it would
    /// tell strangers about the network.
    #[error("the client's keys can't be fetched right now")]
    KeysUnreachable,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

enum Proof {
    Nothing,
    Secret(Secret),
    Assertion(Secret),
}

struct Presented {
    id: ClientId,
    proof: Proof,
    method: TokenEndpointAuth,
}

impl AuthorizationServer {
    /// The client that sent the request, proven as it registered.
    ///
    /// # Errors
    /// See [`ClientAuthError`].
    pub async fn authenticate_client(
        &self,
        site: &Site,
        authorization: Option<&str>,
        form: &Form,
    ) -> Result<Client, ClientAuthError> {
        let presented = presented(authorization, form)?;
        let basic = presented.method == TokenEndpointAuth::ClientSecretBasic;
        let client = self.client(&presented.id).await?.ok_or(ClientAuthError::Unknown { basic })?;
        let failed = ClientAuthError::Failed { expected: client.auth, basic };
        let proven = self.prove(site, &client, &presented, failed).await;
        if let Err(error) = &proven {
            audit::CLIENT_REFUSED.record(audit::Fields {
                client_id: Some(&client.id),
                reason: Some(&error.to_string()),
                ..Default::default()
            });
        }
        proven.map(|()| client)
    }

    async fn prove(
        &self,
        site: &Site,
        client: &Client,
        presented: &Presented,
        failed: ClientAuthError,
    ) -> Result<(), ClientAuthError> {
        let taken = presented.method == client.auth
            || client.also_public && presented.method == TokenEndpointAuth::None;
        if !taken {
            return Err(failed);
        }
        match (&presented.proof, client.secret) {
            (Proof::Nothing, None) => Ok(()),
            // The hashes are keyed, so comparing them in the ordinary way gives nothing away.
            (Proof::Secret(secret), Some(stored)) => {
                let hashes = self.hashes(Kind::ClientSecret, secret);
                if !hashes.contains(&stored) {
                    return Err(failed);
                }
                // From now on under the newest key, so that an older one can go.
                if let Some(newest) = hashes.first().filter(|newest| **newest != stored) {
                    let _ = self.store.rehash_secret(&client.id, &stored, newest).await?;
                }
                Ok(())
            }
            (Proof::Assertion(assertion), _) => self.check_assertion(site, client, assertion).await,
            _ => Err(failed),
        }
    }
}

fn presented(authorization: Option<&str>, form: &Form) -> Result<Presented, ClientAuthError> {
    let in_form = form.get("client_id").map(ClientId::new);
    let form_secret = form.secret("client_secret").cloned();
    let assertion = form.secret("client_assertion").cloned();
    let Some(header) = authorization else {
        let (proof, method) = match (form_secret, assertion) {
            (Some(_), Some(_)) => return Err(ClientAuthError::TwoMethods),
            (None, Some(assertion)) => return asserted(in_form, form, assertion),
            (Some(secret), None) => (Proof::Secret(secret), TokenEndpointAuth::ClientSecretPost),
            (None, None) => (Proof::Nothing, TokenEndpointAuth::None),
        };
        let id = in_form.ok_or(ClientAuthError::Missing)?;
        return Ok(Presented { id, proof, method });
    };
    let (id, secret) = basic(header).ok_or(ClientAuthError::MalformedBasic)?;
    let another = in_form.is_some_and(|in_form| in_form != id);
    if form_secret.is_some() || assertion.is_some() || another {
        return Err(ClientAuthError::TwoMethods);
    }
    let method = TokenEndpointAuth::ClientSecretBasic;
    Ok(Presented { id, proof: Proof::Secret(secret), method })
}

/// With an assertion `client_id` may be left out; it must be the assertion's when it is there
/// (RFC 7521 §4.2).
fn asserted(
    in_form: Option<ClientId>,
    form: &Form,
    assertion: Secret,
) -> Result<Presented, ClientAuthError> {
    if form.get("client_assertion_type") != Some(assertion::TYPE) {
        return Err(AssertionError::Type.into());
    }
    let id = assertion::claimed_client(&assertion)?;
    if in_form.is_some_and(|in_form| in_form != id) {
        return Err(AssertionError::Party.into());
    }
    let method = TokenEndpointAuth::PrivateKeyJwt;
    Ok(Presented { id, proof: Proof::Assertion(assertion), method })
}

/// Decodes `Basic base64(form-encoded id ":" form-encoded secret)` (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(ClientId, Secret)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    Some((ClientId::new(decode(id)?), Secret::new(decode(secret)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(text))
    }

    #[test]
    fn basic_is_decoded_as_the_rfc_says() {
        let (id, secret) = basic(&header("a%3Ab:c%2Bd+e")).unwrap();
        assert_eq!((id.as_str(), secret.expose()), ("a:b", "c+d e"));
        assert_eq!(basic(&header("id:")).unwrap().1.expose(), "");
        for malformed in ["Basic", "Basic !", "Bearer x", &header("nocolon"), &header("a:%ff")] {
            assert!(basic(malformed).is_none(), "{malformed}");
        }
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        let form = Form::parse(b"client_id=a&client_secret=s").unwrap();
        let two = presented(Some(&header("a:s")), &form);
        assert!(matches!(two, Err(ClientAuthError::TwoMethods)));
        let form = Form::parse(b"client_id=b").unwrap();
        let two = presented(Some(&header("a:s")), &form);
        assert!(matches!(two, Err(ClientAuthError::TwoMethods)));
        let none = presented(None, &Form::default());
        assert!(matches!(none, Err(ClientAuthError::Missing)));
    }
}
