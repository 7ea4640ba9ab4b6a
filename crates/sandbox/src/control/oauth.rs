//! The controls of the OAuth server.

use std::time::Duration;

use serde_json::Value;

use super::Control;
use crate::oauth::settings::{OauthErrors, OauthSettings};
use crate::oauth::sign_ins::{OauthSignIn, SignIns};
use crate::seed::people::PEOPLE;

impl Control {
    /// All sign-ins at the OAuth server, also those that have ended, in the order of their start.
    #[must_use]
    pub fn oauth_sign_ins(&self) -> Vec<OauthSignIn> {
        self.server.oauth().sign_ins.shown()
    }

    /// Ends a user's sign-ins for a workspace, given as `<instance name>/<workspace id>`, as if the person
    /// removed the access in Xano: their refresh tokens and access tokens are refused.
    pub fn end_oauth_sign_in(&self, email: &str, workspace: &str) {
        self.sign_ins(email, |sign_ins, number| {
            let consented = sign_ins.get(number);
            let consented = consented.map(|one| format!("{}/{}", one.instance, one.workspace));
            if consented.as_deref() == Some(workspace) {
                sign_ins.end(number);
            }
        });
    }

    /// Makes all current access tokens of a user invalid (401). Their refresh tokens stay valid.
    pub fn expire_oauth_access(&self, email: &str) {
        self.sign_ins(email, SignIns::end_access);
    }

    /// Removes all registered clients, which get `invalid_client` from then on. Access tokens stay valid.
    pub fn forget_oauth_clients(&self) {
        self.server.oauth().clients.forget();
        self.persist();
    }

    /// How many clients were registered, with those that were removed.
    #[must_use]
    pub fn registrations(&self) -> usize {
        usize::try_from(self.server.oauth().clients.made()).unwrap_or(usize::MAX)
    }

    /// Sets the form of the errors of registration and of the token endpoint.
    pub fn set_oauth_errors(&self, form: OauthErrors) {
        self.oauth(|settings| settings.errors = form);
    }

    /// Sets whether clients can register https redirect URIs. Otherwise they get `invalid_redirect_uri`.
    pub fn set_oauth_https_redirects(&self, on: bool) {
        self.oauth(|settings| settings.https_redirects = on);
    }

    /// Sets whether access tokens can read the list of instances. Otherwise they get 401. `auth/me` and the
    /// instance accept them in any case.
    pub fn set_account_api_takes_oauth(&self, on: bool) {
        self.oauth(|settings| settings.account_api = on);
    }

    /// Sets the `issuer` in the metadata, and only there; `None` restores the origin.
    pub fn set_oauth_issuer(&self, issuer: Option<String>) {
        self.oauth(|settings| settings.issuer = issuer);
    }

    /// Sets the metadata to any JSON; `None` restores the real one.
    pub fn set_oauth_metadata(&self, document: Option<Value>) {
        self.oauth(|settings| settings.metadata = document);
    }

    /// Sets whether the token endpoint issues no refresh tokens. A presented one then stays valid.
    pub fn set_oauth_without_refresh_token(&self, on: bool) {
        self.oauth(|settings| settings.without_refresh_token = on);
    }

    /// Sets the `aud` of new access tokens to any JSON; [`Value::Null`] leaves it out, and `None` restores the
    /// origin.
    pub fn set_oauth_audience(&self, audience: Option<Value>) {
        self.oauth(|settings| settings.audience = audience);
    }

    /// Sets whether redirects lack `iss`.
    pub fn set_oauth_without_iss(&self, on: bool) {
        self.oauth(|settings| settings.without_iss = on);
    }

    /// Sets the `iss` of redirects; `None` restores the origin.
    pub fn set_oauth_redirect_issuer(&self, issuer: Option<String>) {
        self.oauth(|settings| settings.redirect_issuer = issuer);
    }

    /// Adds a claim of this many bytes to new access tokens, to make them long; 0 removes it.
    pub fn set_oauth_padding(&self, bytes: usize) {
        self.oauth(|settings| settings.padding = bytes);
    }

    /// Sets how long new access tokens are valid; 15 minutes at first.
    pub fn set_oauth_access_life(&self, life: Duration) {
        let life = i64::try_from(life.as_millis()).unwrap_or(i64::MAX);
        self.oauth(|settings| settings.access_life_ms = life);
    }

    /// Sets whether a replayed refresh token also ends the access tokens of its sign-in. Otherwise they stay
    /// valid until they expire.
    pub fn set_oauth_replay_ends_access(&self, on: bool) {
        self.oauth(|settings| settings.replay_ends_access = on);
    }

    fn oauth(&self, change: impl FnOnce(&mut OauthSettings)) {
        change(&mut self.server.settings_mut().oauth);
    }

    /// Changes each sign-in of a user, given by its number.
    fn sign_ins(&self, email: &str, change: impl Fn(&mut SignIns, u64)) {
        let email = email.trim();
        let person = PEOPLE.iter().find(|person| person.email.eq_ignore_ascii_case(email));
        if let Some(person) = person {
            let mut state = self.server.oauth();
            for number in state.sign_ins.of_person(person.id) {
                change(&mut state.sign_ins, number);
            }
            drop(state);
            self.persist();
        }
    }
}
