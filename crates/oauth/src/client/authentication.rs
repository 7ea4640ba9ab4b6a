//! Client authentication at the token and revocation endpoints (RFC 6749 §2.3, RFC 7521 §4.2).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use snappy_domain::{ClientId, Secret, audit};
use snappy_store::{Client, ClientProof, TokenEndpointAuth, repeat};

use super::assertion;
use super::error::{ASSERTION_TYPE, AssertionError, ClientAuthError};
use crate::form::Form;
use crate::{AuthorizationServer, Site};

/// What a request brings to prove which client it is from.
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
    /// The client that sent the request, authenticated as it registered.
    ///
    /// # Errors
    /// See [`ClientAuthError`].
    pub(crate) async fn authenticate_client(
        &self,
        site: &Site,
        authorization: Option<&str>,
        form: &Form,
    ) -> Result<Client, ClientAuthError> {
        let presented = presented(authorization, form)?;
        let basic = presented.method == TokenEndpointAuth::ClientSecretBasic;
        let client = self.client(&presented.id).await?;
        let client = client.filter(|client| self.config.clients.permit(client));
        let client = client.ok_or(ClientAuthError::Unknown { basic })?;
        let authenticated = self.check_proof(site, &client, &presented).await;
        if let Err(error) = &authenticated {
            audit::CLIENT_AUTHENTICATION_FAILED.record(audit::Fields {
                client_id: Some(&client.id),
                reason: Some(&error.to_string()),
                ..Default::default()
            });
        }
        authenticated.map(|()| client)
    }

    async fn check_proof(
        &self,
        site: &Site,
        client: &Client,
        presented: &Presented,
    ) -> Result<(), ClientAuthError> {
        let registered = client.proof.method();
        let failed = || {
            let basic = presented.method == TokenEndpointAuth::ClientSecretBasic;
            ClientAuthError::Failed { expected: registered, basic }
        };
        match (&presented.proof, &client.proof) {
            (Proof::Nothing, ClientProof::Public | ClientProof::Keys { also_public: true, .. }) => {
                Ok(())
            }
            // The hashes are keyed, so comparing them in the ordinary way gives nothing away.
            (Proof::Secret(secret), ClientProof::Secret { hash, .. })
                if presented.method == registered =>
            {
                let hashes = self.client_secret_hashes(secret);
                if !hashes.contains(hash) {
                    return Err(failed());
                }
                // From now on under the newest key, so that an older one can be removed.
                if let Some(newest) = hashes.first().filter(|newest| *newest != hash) {
                    let rehash = || self.store.rehash_secret(&client.id, hash, newest);
                    let _ = repeat(&*self.runtime.timer, rehash).await?;
                }
                Ok(())
            }
            (Proof::Assertion(assertion), ClientProof::Keys { keys, .. }) => {
                self.check_assertion(site, client, keys, assertion).await
            }
            _ => Err(failed()),
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
    if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
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
