//! The authorization endpoint (RFC 6749 §4.1.1, OAuth 2.1 §4.1.1): what a request must be before
//! anything is shown, and where the person goes afterwards.

use snappy_domain::clock::after;
use snappy_domain::{AccountId, ClientId, Limits, Scopes, audit};
use snappy_store::{AuthorizationCode, Client, CodeState, Registration, StoreError};
use url::Url;

use crate::documents::DocumentError;
use crate::form::{Form, Repeated};
use crate::pending::Pending;
use crate::secrets::Kind;
use crate::{AuthorizationServer, Site, pkce, redirect_uri, resource};

/// Why a request is refused on a page of this server: neither the client nor the address to go back
/// to is proven, so the person is never redirected.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// A parameter came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// No `client_id`.
    #[error("the request names no client (client_id is missing)")]
    MissingClient,
    /// A `client_id` nobody registered.
    #[error("no application is registered here under the client_id it used")]
    UnknownClient,
    /// A `client_id` that is an address, with no usable description there.
    #[error(transparent)]
    Document(DocumentError),
    /// No `redirect_uri`, and the client has not exactly one.
    #[error("the request does not say where to go back to (redirect_uri is missing)")]
    MissingRedirectUri,
    /// A `redirect_uri` the client did not register.
    #[error("the address to go back to (redirect_uri) is not one the application registered")]
    RedirectUriMismatch,
    /// The client is proven; the refusal goes to it.
    #[error("the request is refused at the client")]
    Redirect(String),
    /// The client is proven, but anybody can make one like it: the person decides whether the refusal
    /// goes to it.
    #[error("{why}")]
    Refused {
        /// What is wrong with the request.
        why: &'static str,
        /// The whole address that tells the client.
        to: String,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// What a client is told through its redirect URI (RFC 6749 §4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A parameter is missing or malformed.
    InvalidRequest(&'static str),
    /// `response_type` is not `code`.
    UnsupportedResponseType,
    /// None of the scopes asked for exists here.
    InvalidScope,
    /// The resource is another server's (RFC 8707 §2).
    InvalidTarget,
    /// The person said no.
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
            Self::InvalidScope => "none of the requested scopes exists here",
            Self::InvalidTarget => "resource is not this server's MCP endpoint",
            Self::AccessDenied => "the person did not allow it",
        }
    }
}

/// What a person allows: as much as was asked for, or less.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What the client may do.
    pub scopes: Scopes,
    /// What it may do it with.
    pub limits: Limits,
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
        let redirect_uri = proven_redirect_uri(&client, form.get("redirect_uri"))?;
        let state = form.get("state");
        self.accept(site, &form, &client, &redirect_uri)
            .map(|pending| Accepted { client: client.clone(), pending })
            .map_err(|refusal| {
                tracing::info!(client_id = id, error = refusal.code(), "Authorization refused");
                let to = refusal_url(site, &redirect_uri, state, refusal);
                if goes_by_itself(&client, &redirect_uri) {
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
        // A missing method means `plain` (RFC 7636 §4.3), which is never taken.
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
            scopes: requested_scopes(form.get("scope"))?,
            code_challenge: challenge.to_owned(),
            resource,
            expires_at: after(self.clock.now(), self.lifetimes.pending),
            account: None,
        })
    }

    /// The person allowed it: makes a code and gives the address to go back to.
    ///
    /// # Errors
    /// When the storage fails; nothing was granted then.
    pub async fn allow(
        &self,
        site: &Site,
        pending: &Pending,
        account: AccountId,
        chosen: &Chosen,
    ) -> Result<String, StoreError> {
        let now = self.clock.now();
        let (code, hash) = self.new_secret(Kind::Code);
        self.store
            .add_code(&AuthorizationCode {
                hash,
                client: pending.client.clone(),
                redirect_uri: pending.redirect_uri.clone(),
                code_challenge: pending.code_challenge.clone(),
                resource: pending.resource.clone(),
                scopes: chosen.scopes.intersection(&pending.scopes),
                limits: chosen.limits.clone(),
                account,
                expires_at: after(now, self.lifetimes.code),
                state: CodeState::Issued,
            })
            .await?;
        self.store.mark_client_used(&pending.client, now).await?;
        audit::AUTHORIZED.record(audit::Fields {
            client_id: Some(&pending.client),
            account_id: Some(account),
            ..Default::default()
        });
        let code = [("code", code.expose())];
        Ok(answer_url(site, &pending.redirect_uri, pending.state.as_deref(), &code))
    }

    /// The person said no: the address that tells the client.
    #[must_use]
    pub fn deny(&self, site: &Site, pending: &Pending) -> String {
        let client_id = Some(&pending.client);
        audit::DENIED.record(audit::Fields { client_id, ..Default::default() });
        let state = pending.state.as_deref();
        refusal_url(site, &pending.redirect_uri, state, Refusal::AccessDenied)
    }
}

/// Whether a refusal may take the person along without a word. Anybody can register an app with a web
/// address of their own, and a link that is refused at once would then lead from this server to that
/// address (RFC 9700 §4.11.2). An app that the operator knows, and one on the person's own computer,
/// is no such place.
fn goes_by_itself(client: &Client, redirect_uri: &str) -> bool {
    client.registration == Registration::PreRegistered
        || redirect_uri::is_loopback(redirect_uri)
        || !redirect_uri.starts_with("https:")
}

fn proven_redirect_uri(client: &Client, presented: Option<&str>) -> Result<String, AuthorizeError> {
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

/// What is asked for. Asking for nothing in particular, or only for `offline_access`, asks for all:
/// the consent page narrows it, and a later step-up signs people out of many clients.
fn requested_scopes(scope: Option<&str>) -> Result<Scopes, Refusal> {
    let tokens = scope.unwrap_or_default();
    let named = Scopes::parse(tokens);
    let only_general = tokens.split_ascii_whitespace().all(|token| token == "offline_access");
    match (named.is_empty(), only_general) {
        (false, _) => Ok(named),
        (true, true) => Ok(Scopes::all()),
        (true, false) => Err(Refusal::InvalidScope),
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
    // The registered address was checked to parse and to have no fragment. It is kept as written:
    // clients compare it byte for byte.
    let has_query = Url::parse(to).is_ok_and(|url| url.query().is_some());
    format!("{to}{}{query}", if has_query { '&' } else { '?' })
}
