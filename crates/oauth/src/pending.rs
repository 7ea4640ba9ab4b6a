//! An authorization request between `/authorize` and the consent. It travels sealed through the
//! person's browser, bound to that browser, so that nobody can forge or change one, an abandoned
//! one costs no storage, and a restart or another replica in the middle does not matter.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use snappy_domain::keys::{KeyError, Place};
use snappy_domain::{AccountId, ClientId, Scopes, Timestamp};

use crate::AuthorizationServer;

/// A validated request, with the account once the person has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The client.
    pub client: ClientId,
    /// Where the answer goes, already checked against the client's registration.
    pub redirect_uri: String,
    /// The client's `state`, given back untouched.
    pub state: Option<String>,
    /// What it asks for.
    pub scopes: Scopes,
    /// The PKCE challenge.
    pub code_challenge: String,
    /// The canonical resource.
    pub resource: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The account the person signed in with, after the login.
    pub account: Option<AccountId>,
}

/// Why a pending request can't go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PendingError {
    /// It took too long.
    #[error("the sign-in took too long")]
    Expired,
    /// It is not one this server made for this browser.
    #[error("the sign-in was not started in this browser")]
    NotThisBrowser,
}

impl AuthorizationServer {
    /// Seals a request for the browser that holds `browser` (the value of its cookie).
    ///
    /// # Errors
    /// Practically never; see [`KeyError`].
    pub fn seal_pending(&self, pending: &Pending, browser: &str) -> Result<String, KeyError> {
        let text = serde_json::to_vec(pending).map_err(|_| KeyError::Seal)?;
        let sealed = self.keys.seal(&*self.random, place(browser), &text)?;
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
            self.keys.open(place(browser), &sealed).map_err(|_| PendingError::NotThisBrowser)?;
        let pending: Pending =
            serde_json::from_str(text.expose()).map_err(|_| PendingError::NotThisBrowser)?;
        if pending.expires_at <= self.clock.now() {
            return Err(PendingError::Expired);
        }
        Ok(pending)
    }
}

fn place(browser: &str) -> Place<'_> {
    Place { table: "pending authorization", row: browser.as_bytes(), column: "request" }
}
