//! An authorization request between `/authorize` and the consent. It travels sealed through the
//! person's browser, bound to that browser, so that nobody can forge or change one, an abandoned
//! one costs no storage, and a restart or another replica in between does not matter.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use snappy_domain::keys::{KeyError, SealContext};
use snappy_domain::{ClientId, CredentialId, PersonId, Scopes, Timestamp};

use crate::AuthorizationServer;

/// A validated request, with the person once they have signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub client: ClientId,
    /// Where the answer goes, checked against the client's registration.
    pub redirect_uri: String,
    /// The client's `state`, given back untouched.
    pub state: Option<String>,
    /// The requested scopes.
    pub scopes: Scopes,
    /// The PKCE challenge.
    pub code_challenge: String,
    /// The canonical resource.
    pub resource: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The person and the credential they signed in with, after the login.
    #[serde(default)]
    pub signed_in: Option<(PersonId, CredentialId)>,
    /// The credentials that the person had chosen on the consent page before they left it to add one.
    #[serde(default)]
    pub also: Vec<CredentialId>,
}

/// Why a pending request can't be continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PendingError {
    /// It took too long.
    #[error("the sign-in took too long")]
    Expired,
    /// This server did not make it for this browser.
    #[error("the sign-in was not started in this browser")]
    NotThisBrowser,
}

impl AuthorizationServer {
    /// Seals a request for the browser with the cookie value `browser`.
    ///
    /// # Errors
    /// Practically never; see [`KeyError`].
    pub fn seal_pending(&self, pending: &Pending, browser: &str) -> Result<String, KeyError> {
        let text = serde_json::to_vec(pending).map_err(|_| KeyError::Seal)?;
        let sealed = self.keys.seal(&*self.runtime.random, context(browser), &text)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what [`AuthorizationServer::seal_pending`] made for this browser.
    ///
    /// # Errors
    /// When it is too old, was made for another browser, or was not made here.
    pub fn open_pending(&self, sealed: &str, browser: &str) -> Result<Pending, PendingError> {
        let sealed =
            BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| PendingError::NotThisBrowser)?;
        let text =
            self.keys.open(context(browser), &sealed).map_err(|_| PendingError::NotThisBrowser)?;
        let pending: Pending =
            serde_json::from_str(text.expose()).map_err(|_| PendingError::NotThisBrowser)?;
        if pending.expires_at <= self.now() {
            return Err(PendingError::Expired);
        }
        Ok(pending)
    }
}

fn context(browser: &str) -> SealContext<'_> {
    SealContext { table: "pending authorization", row: browser.as_bytes(), column: "request" }
}
