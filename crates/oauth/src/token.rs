//! The token endpoint (RFC 6749 §3.2): codes and refresh tokens in, tokens out.

use http::StatusCode;
use serde::Serialize;
use snappy_domain::clock::after;
use snappy_domain::keys::KeyError;
use snappy_domain::{ClientId, GrantId, Scopes, Secret, Timestamp, TokenHash, audit, metrics};
use snappy_store::{
    AccessToken, Applied, AuthorizationCode, Client, CodeState, Grant, GrantState, NewGrant,
    RefreshState, RefreshToken, RevocationReason, StoreError,
};

use crate::client_auth::ClientAuthError;
use crate::form::{Form, Repeated};
use crate::refresh::narrowed;
use crate::resource::OtherResource;
use crate::secrets::Kind;
use crate::{AuthorizationServer, Site, pkce, resource};

/// What a token may be asked for with, in the order of the metadata document.
pub(crate) const GRANT_TYPES: [&str; 3] =
    ["authorization_code", "refresh_token", "client_credentials"];

/// Why no token is given (RFC 6749 §5.2).
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A parameter came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// A parameter is missing.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// The client is not who it says.
    #[error(transparent)]
    Client(#[from] ClientAuthError),
    /// A grant type this server does not offer.
    #[error("grant_type must be authorization_code, refresh_token or client_credentials")]
    UnsupportedGrantType,
    /// A client that the operator did not register as a machine asks for a token for itself.
    #[error(
        "this client may not have tokens without a person; the operator can register one that may"
    )]
    UnauthorizedClient,
    /// The code is unknown, another client's, or expired.
    #[error("the authorization code is not valid")]
    InvalidCode,
    /// The code came a second time; what it gave is revoked.
    #[error("the authorization code was used before")]
    CodeReplayed,
    /// The redirect URI is not that of the authorization request.
    #[error("redirect_uri is not that of the authorization request")]
    RedirectUriMismatch,
    /// The PKCE verifier does not fit the challenge.
    #[error("code_verifier does not fit the code_challenge")]
    WrongVerifier,
    /// The refresh token is unknown, another client's, expired, or revoked.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// A refresh token that was superseded long ago came back; the whole grant is revoked.
    #[error("the refresh token was superseded long ago, so the authorization is revoked")]
    RefreshTokenReused,
    /// The Xano account behind the grant needs a person.
    #[error("the sign-in at Xano has ended: sign in again")]
    SignInRequired,
    /// The Xano credential behind a machine is dead.
    #[error(
        "the Xano token stored with this client has ended: the operator must give it a new one"
    )]
    MachineSignInRequired,
    /// The resource is another server's (RFC 8707 §2).
    #[error(transparent)]
    OtherResource(#[from] OtherResource),
    /// More scope than the grant has.
    #[error("the scope is wider than what was granted: {0}")]
    WiderScope(Scopes),
    /// The storage failed; asking again with the same token works once it is back.
    #[error("the storage is not available, try again")]
    Storage(#[from] StoreError),
    /// A token could not be sealed.
    #[error("the token could not be made, try again")]
    Sealing(#[from] KeyError),
}

impl TokenError {
    /// The error code of RFC 6749 §5.2 and RFC 8707 §2. Storage trouble is
    /// `temporarily_unavailable`, which clients retry, and never `server_error`, at which they
    /// throw their tokens away.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Repeated(_) | Self::Missing(_) => "invalid_request",
            Self::Client(error) => match error {
                ClientAuthError::Missing | ClientAuthError::TwoMethods => "invalid_request",
                ClientAuthError::MalformedBasic
                | ClientAuthError::Unknown { .. }
                | ClientAuthError::Failed { .. }
                | ClientAuthError::Assertion(_)
                | ClientAuthError::Keys(_) => "invalid_client",
                // Not `invalid_client`, at which clients throw their registration away.
                ClientAuthError::KeysUnreachable | ClientAuthError::Storage(_) => {
                    "temporarily_unavailable"
                }
            },
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidCode
            | Self::CodeReplayed
            | Self::RedirectUriMismatch
            | Self::WrongVerifier
            | Self::InvalidRefreshToken
            | Self::RefreshTokenReused
            | Self::SignInRequired
            | Self::MachineSignInRequired => "invalid_grant",
            Self::OtherResource(_) => "invalid_target",
            Self::WiderScope(_) => "invalid_scope",
            Self::Storage(_) | Self::Sealing(_) => "temporarily_unavailable",
        }
    }

    /// The status that goes with the code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.code() {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the answer must carry a Basic challenge (RFC 6749 §5.2).
    #[must_use]
    pub const fn wants_basic_challenge(&self) -> bool {
        matches!(
            self,
            Self::Client(
                ClientAuthError::MalformedBasic
                    | ClientAuthError::Unknown { basic: true }
                    | ClientAuthError::Failed { basic: true, .. }
            )
        )
    }
}

/// A token response (RFC 6749 §5.1).
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenResponse(scope {:?}, expires in {})", self.scope, self.expires_in)
    }
}

/// A new access token, with what it is stored as.
pub(crate) struct Minted {
    pub(crate) secret: Secret,
    pub(crate) record: AccessToken,
}

impl AuthorizationServer {
    /// Answers a token request. `default_grant_type` is what a missing `grant_type` means; the
    /// token endpoint has none, the refresh endpoint means `refresh_token`.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub async fn token(
        &self,
        site: &Site,
        authorization: Option<&str>,
        body: &[u8],
        default_grant_type: Option<&'static str>,
    ) -> Result<TokenResponse, TokenError> {
        let form = Form::parse(body)?;
        let grant_type = form
            .get("grant_type")
            .or(default_grant_type)
            .ok_or(TokenError::Missing("grant_type"))?;
        if !GRANT_TYPES.contains(&grant_type)
            || default_grant_type.is_some_and(|only| only != grant_type)
        {
            return Err(TokenError::UnsupportedGrantType);
        }
        let answer = async {
            let client = self.authenticate_client(site, authorization, &form).await?;
            match grant_type {
                "authorization_code" => self.exchange_code(site, &client, &form).await,
                "refresh_token" => self.refresh(site, &client, &form).await,
                _ => self.client_credentials(site, &client, &form).await,
            }
        };
        let answer = answer.await;
        let outcome = answer.as_ref().err().map_or("ok", TokenError::code);
        metrics::TOKEN_REQUESTS.count(&[grant_type, outcome]);
        answer
    }

    async fn exchange_code(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
    ) -> Result<TokenResponse, TokenError> {
        let presented = form.secret("code").ok_or(TokenError::Missing("code"))?;
        let verifier = form.get("code_verifier").ok_or(TokenError::Missing("code_verifier"))?;
        let code = self
            .store
            .code(&self.hashes(Kind::Code, presented))
            .await?
            .filter(|code| code.client == client.id)
            .ok_or(TokenError::InvalidCode)?;
        if code.expires_at <= self.clock.now() && code.state == CodeState::Issued {
            return Err(TokenError::InvalidCode);
        }
        if form.get("redirect_uri").is_some_and(|uri| uri != code.redirect_uri) {
            return Err(TokenError::RedirectUriMismatch);
        }
        if !pkce::verify(&code.code_challenge, verifier) {
            return Err(TokenError::WrongVerifier);
        }
        // Only whoever has the verifier can have redeemed it: others can't end a grant with a code
        // that they found in a history or a log.
        if let CodeState::Redeemed(grant) = code.state {
            return Err(self.code_replayed(grant, &client.id).await?);
        }
        // A code of another address of this server would give tokens that never work.
        if resource::canonical(site, form.get("resource"))? != code.resource {
            return Err(OtherResource(code.resource).into());
        }
        let scopes = narrowed(&code.scopes, form.get("scope"))?;
        self.redeem(&code, scopes).await
    }

    /// Nothing was changed up to here: a wrong attempt never burns a code.
    async fn redeem(
        &self,
        code: &AuthorizationCode,
        scopes: Scopes,
    ) -> Result<TokenResponse, TokenError> {
        let now = self.clock.now();
        let grant = Grant {
            id: GrantId::generate(&*self.clock, &*self.random),
            client: code.client.clone(),
            account: code.account,
            resource: code.resource.clone(),
            scopes: code.scopes.clone(),
            limits: code.limits.clone(),
            created_at: now,
            expires_at: after(now, self.lifetimes.grant),
            used_at: None,
            state: GrantState::Active,
        };
        let (refresh, hash) = self.new_secret(Kind::RefreshToken);
        let access = self.mint_access(&grant, scopes, now);
        let new = NewGrant {
            refresh: self.refresh_record(&grant, hash, now),
            access: access.record.clone(),
            grant,
        };
        match self.store.redeem(&code.hash, &new).await? {
            Applied::Yes => {
                self.grant_made(&new.grant, "authorization_code");
                Ok(self.response(&access, Some(&refresh), now))
            }
            // Somebody redeemed it between our look and our change.
            Applied::No => match self.store.code(&[code.hash]).await? {
                Some(AuthorizationCode { state: CodeState::Redeemed(grant), .. }) => {
                    Err(self.code_replayed(grant, &code.client).await?)
                }
                _ => Err(TokenError::InvalidCode),
            },
        }
    }

    async fn code_replayed(
        &self,
        grant: GrantId,
        client: &ClientId,
    ) -> Result<TokenError, StoreError> {
        let reason = RevocationReason::CodeReplay;
        if self.store.revoke_grant(grant, reason, self.clock.now()).await? == Applied::Yes {
            audit::CODE_REPLAY.record(audit::Fields {
                grant_id: Some(grant),
                client_id: Some(client),
                ..Default::default()
            });
        }
        Ok(TokenError::CodeReplayed)
    }

    /// Writes a new grant down in the audit trail.
    pub(crate) fn grant_made(&self, grant: &Grant, way: &str) {
        audit::GRANT_MADE.record(audit::Fields {
            grant_id: Some(grant.id),
            client_id: Some(&grant.client),
            account_id: Some(grant.account),
            way: Some(way),
            ..Default::default()
        });
    }

    /// A new access token of a grant, never longer than the grant.
    pub(crate) fn mint_access(&self, grant: &Grant, scopes: Scopes, now: Timestamp) -> Minted {
        let (secret, hash) = self.new_secret(Kind::AccessToken);
        let expires_at = after(now, self.lifetimes.access).min(grant.expires_at);
        Minted { secret, record: AccessToken { hash, grant: grant.id, scopes, expires_at } }
    }

    /// A refresh token's record, never longer than the grant.
    pub(crate) fn refresh_record(
        &self,
        grant: &Grant,
        hash: TokenHash,
        now: Timestamp,
    ) -> RefreshToken {
        RefreshToken {
            hash,
            grant: grant.id,
            expires_at: after(now, self.lifetimes.refresh_idle).min(grant.expires_at),
            reused_at: None,
            state: RefreshState::Current,
        }
    }

    /// The answer for tokens that are stored.
    pub(crate) fn response(
        &self,
        access: &Minted,
        refresh: Option<&Secret>,
        now: Timestamp,
    ) -> TokenResponse {
        TokenResponse {
            access_token: access.secret.expose().into(),
            token_type: "Bearer",
            expires_in: snappy_domain::clock::seconds_until(now, access.record.expires_at),
            refresh_token: refresh.map(|token| token.expose().into()),
            scope: access.record.scopes.to_string(),
        }
    }
}
