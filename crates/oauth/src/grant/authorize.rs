//! The authorization endpoint (RFC 6749 §4.1.1, OAuth 2.1 §4.1.1): what a request must be before
//! anything is shown, and where the person goes afterwards.

use snappy_domain::clock::after;
use snappy_domain::{AccessLimits, ClientId, CredentialId, PersonId, Scopes, audit};
use snappy_store::{Applied, AuthorizationCode, Client, CodeState, Registration, StoreError};
use url::Url;

use super::pending::Pending;
use super::{pkce, resource};
use crate::client::metadata_document::DocumentError;
use crate::client::redirect_uri;
use crate::form::{Form, Repeated};
use crate::tokens::TokenKind;
use crate::{AuthorizationServer, Site};

/// Why a request is refused. As long as the client and the redirect URI are not verified, the person is
/// shown a page of this server and never redirected.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// A parameter came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// No `client_id`.
    #[error("the request has no client_id")]
    MissingClient,
    /// A `client_id` that is not registered.
    #[error("no app is registered here under its client_id")]
    UnknownClient,
    /// A `client_id` that is a URL without a usable metadata document.
    #[error(transparent)]
    Document(DocumentError),
    /// No `redirect_uri`, and the client has not exactly one.
    #[error("the request has no redirect_uri")]
    MissingRedirectUri,
    /// A `redirect_uri` the client did not register.
    #[error("the redirect_uri is not one that the app registered")]
    RedirectUriMismatch,
    /// The client is verified; the refusal goes to it, at this URL.
    #[error("the refusal is sent to the client")]
    Redirect(String),
    /// The client is verified, but anybody can register one like it: the person decides whether the
    /// refusal goes to it.
    #[error("{why}")]
    Refused {
        /// What is wrong with the request.
        why: &'static str,
        /// The URL that tells the client.
        to: String,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// The error that a client gets through its redirect URI (RFC 6749 §4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A parameter is missing or malformed.
    InvalidRequest(&'static str),
    /// `response_type` is not `code`.
    UnsupportedResponseType,
    /// None of the requested scopes is supported.
    InvalidScope,
    /// The resource is another server's (RFC 8707 §2).
    InvalidTarget,
    /// The person denied it.
    AccessDenied,
}

impl Refusal {
    const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(why) => why,
            Self::UnsupportedResponseType => "response_type must be code",
            Self::InvalidScope => "none of the requested scopes is supported",
            Self::InvalidTarget => "resource is not this server's MCP endpoint",
            Self::AccessDenied => "the person denied the request",
        }
    }
}

/// What a person allows: as much as was asked for, or less.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What the client may do.
    pub scopes: Scopes,
    /// What it may be used for.
    pub limits: AccessLimits,
    /// The person's credentials that it may use; at least one.
    pub credentials: Vec<CredentialId>,
}

/// A request that may be shown to a person.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The client, as registered.
    pub client: Client,
    /// The request.
    pub pending: Pending,
}

impl AuthorizationServer {
    /// Checks an authorization request. Changes nothing.
    ///
    /// # Errors
    /// See [`AuthorizeError`].
    pub async fn authorize(&self, site: &Site, query: &str) -> Result<Accepted, AuthorizeError> {
        let form = Form::parse(query.as_bytes())?;
        let id = form.get("client_id").ok_or(AuthorizeError::MissingClient)?;
        let client =
            self.authorizing_client(&ClientId::new(id)).await.map_err(|error| match error {
                DocumentError::Storage(error) => AuthorizeError::Storage(error),
                error => AuthorizeError::Document(error),
            })?;
        let client = client.ok_or(AuthorizeError::UnknownClient)?;
        let redirect_uri = verified_redirect_uri(&client, form.get("redirect_uri"))?;
        let state = form.get("state");
        self.accept(site, &form, &client, &redirect_uri)
            .map(|pending| Accepted { client: client.clone(), pending })
            .map_err(|refusal| {
                tracing::info!(client_id = id, error = refusal.code(), "Authorization refused");
                let to = refusal_url(site, &redirect_uri, state, refusal);
                if redirects_at_once(&client, &redirect_uri) {
                    AuthorizeError::Redirect(to)
                } else {
                    AuthorizeError::Refused { why: refusal.description(), to }
                }
            })
    }

    fn accept(
        &self,
        site: &Site,
        form: &Form,
        client: &Client,
        redirect_uri: &str,
    ) -> Result<Pending, Refusal> {
        match form.get("response_type") {
            None => return Err(Refusal::InvalidRequest("response_type is missing")),
            Some("code") => {}
            Some(_) => return Err(Refusal::UnsupportedResponseType),
        }
        // A missing method means `plain` (RFC 7636 §4.3), which is never accepted.
        let challenge = form
            .get("code_challenge")
            .ok_or(Refusal::InvalidRequest("code_challenge is missing: PKCE is required"))?;
        if form.get("code_challenge_method") != Some("S256") {
            return Err(Refusal::InvalidRequest("code_challenge_method must be S256"));
        }
        if !pkce::is_challenge(challenge) {
            return Err(Refusal::InvalidRequest("code_challenge must be 43 base64url characters"));
        }
        let resource =
            resource::canonical(site, form.get("resource")).map_err(|_| Refusal::InvalidTarget)?;
        Ok(Pending {
            client: client.id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: form.get("state").map(str::to_owned),
            scopes: self.requested_scopes(form.get("scope"))?,
            code_challenge: challenge.to_owned(),
            resource,
            expires_at: after(self.now(), self.config.lifetimes.pending),
            signed_in: None,
            also: Vec::new(),
        })
    }

    /// The requested scopes. A request for none in particular, or only for `offline_access`, is one for
    /// all: the consent page narrows it, and a later step-up signs people out of many clients.
    fn requested_scopes(&self, scope: Option<&str>) -> Result<Scopes, Refusal> {
        let declared = self.config.service.scopes;
        let tokens = scope.unwrap_or_default();
        let named = Scopes::select(declared, tokens);
        let only_general = tokens.split_ascii_whitespace().all(|token| token == "offline_access");
        match (named.is_empty(), only_general) {
            (false, _) => Ok(named),
            (true, true) => Ok(declared.iter().copied().collect()),
            (true, false) => Err(Refusal::InvalidScope),
        }
    }

    /// The person allowed it: makes a code for some of their credentials, at least one, and gives the URL that
    /// takes it to the client. `None` when the client was removed in the meantime.
    ///
    /// # Errors
    /// When the storage fails; nothing was granted then.
    pub async fn allow(
        &self,
        site: &Site,
        pending: &Pending,
        person: PersonId,
        chosen: &Chosen,
    ) -> Result<Option<String>, StoreError> {
        let now = self.now();
        if self.store.note_client_use(&pending.client, person, now).await? == Applied::No {
            return Ok(None);
        }
        let (code, hash) = self.new_token(TokenKind::Code, person);
        self.store
            .add_code(&AuthorizationCode {
                hash,
                client: pending.client.clone(),
                redirect_uri: pending.redirect_uri.clone(),
                code_challenge: pending.code_challenge.clone(),
                resource: pending.resource.clone(),
                scopes: self.narrowed_to(&pending.scopes, &chosen.scopes),
                limits: chosen.limits.clone(),
                person,
                credentials: chosen.credentials.clone(),
                expires_at: after(now, self.config.lifetimes.code),
                state: CodeState::Issued,
            })
            .await?;
        audit::CONSENT_GRANTED.record(audit::Fields {
            client_id: Some(&pending.client),
            person_id: Some(person),
            ..Default::default()
        });
        let code = [("code", code.expose())];
        let state = pending.state.as_deref();
        Ok(Some(answer_url(site, &pending.redirect_uri, state, &code)))
    }

    /// The chosen scopes that the requested ones allow. Every scope includes those that are implied, so a request for
    /// writing alone may be narrowed to reading.
    fn narrowed_to(&self, requested: &Scopes, chosen: &Scopes) -> Scopes {
        let declared = self.config.service.scopes.iter().copied();
        declared.filter(|scope| chosen.contains(scope.name) && requested.allow(*scope)).collect()
    }

    /// The person denied it: the URL that tells the client.
    #[must_use]
    pub fn deny(&self, site: &Site, pending: &Pending) -> String {
        let client_id = Some(&pending.client);
        audit::CONSENT_DENIED.record(audit::Fields { client_id, ..Default::default() });
        let state = pending.state.as_deref();
        refusal_url(site, &pending.redirect_uri, state, Refusal::AccessDenied)
    }
}

/// Whether a refusal may redirect the person at once. Anybody can register a client with a web address of
/// their own, and a link that is refused at once would then be an open redirect to that address (RFC
/// 9700 §4.11.2). A client that the operator registered, or one on the person's own computer, can't be
/// misused like that.
fn redirects_at_once(client: &Client, redirect_uri: &str) -> bool {
    client.registration == Registration::PreRegistered
        || redirect_uri::is_loopback(redirect_uri)
        || !redirect_uri.starts_with("https:")
}

fn verified_redirect_uri(
    client: &Client,
    presented: Option<&str>,
) -> Result<String, AuthorizeError> {
    match (presented, client.redirect_uris.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(AuthorizeError::MissingRedirectUri),
        (Some(presented), registered) => registered
            .iter()
            .any(|registered| redirect_uri::matches(registered, presented))
            .then(|| presented.to_owned())
            .ok_or(AuthorizeError::RedirectUriMismatch),
    }
}

fn refusal_url(site: &Site, to: &str, state: Option<&str>, refusal: Refusal) -> String {
    let error = [("error", refusal.code()), ("error_description", refusal.description())];
    answer_url(site, to, state, &error)
}

/// The redirect URI with the answer: the parameters, `state` as it came, and `iss` (RFC 9207).
fn answer_url(site: &Site, to: &str, state: Option<&str>, answer: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(answer);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", site.issuer());
    let query = query.finish();
    // The registered URI was checked to parse and to have no fragment. It is kept as written: clients
    // compare it byte for byte.
    let has_query = Url::parse(to).is_ok_and(|url| url.query().is_some());
    format!("{to}{}{query}", if has_query { '&' } else { '?' })
}

impl AuthorizationServer {
    /// The client of a pending request, if it may still be connected.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn pending_client(&self, pending: &Pending) -> Result<Option<Client>, StoreError> {
        let client = self.client(&pending.client).await?;
        Ok(client.filter(|client| self.admits(client)))
    }
}
