//! Signing in at Xano: the backend's sign-in API (`auth/login`, `auth/me`), and the check of a
//! pasted Metadata API token.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::http::{Answer, HttpClient, Outgoing};
use snappy_domain::{Secret, Timestamp};
use snappy_store::{CredentialSecret, Identity, NewCredential, Profile};
use url::Url;

use crate::operations::{AUTH_ME, ResponseKind};
use crate::{HostPolicy, Request, XanoApi, XanoError, XanoOrigin, api, expiry};

/// A person waits for it.
const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BODY: usize = 256 * 1024;

/// Why a sign-in did not work.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignInError {
    /// Xano knows no such person, or the password is another.
    #[error("Xano does not accept this e-mail and password")]
    WrongCredentials,
    /// Xano took the password and then refused its own session.
    #[error("Xano refuses the session that it has just given")]
    SessionRefused,
    /// Xano answered for somebody else.
    #[error("Xano answered for another person")]
    AnotherPerson,
    /// The credential belongs to another Xano than the one that is configured now.
    #[error("this sign-in belongs to {0}, and the server now asks another Xano")]
    AnotherXano(String),
    /// Xano does not take the session or the token.
    #[error("Xano does not accept this token")]
    Refused,
    /// The backend's `auth/me` has no `api_key`.
    #[error("Xano answered, but without the api_key that the sign-in needs")]
    NoApiKey,
    /// Xano's request limit.
    #[error("Xano's request limit was reached")]
    RateLimited,
    /// Xano can't be reached, or gives no proper answer.
    #[error("Xano can't be reached: {0}")]
    Unavailable(XanoError),
}

impl From<XanoError> for SignInError {
    fn from(error: XanoError) -> Self {
        match error {
            XanoError::Unauthorized(_) | XanoError::AccessDenied(_) => Self::Refused,
            XanoError::RateLimited { .. } => Self::RateLimited,
            other => Self::Unavailable(other),
        }
    }
}

/// A completed sign-in: who it is, and what opens Xano for them.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub identity: Identity,
    /// The credential.
    pub credential: NewCredential,
}

/// What `auth/me` says now.
#[derive(Debug, Clone)]
pub struct Me {
    /// Who the session belongs to.
    pub profile: Profile,
    /// The person's current Metadata API key.
    pub key: Secret,
}

/// The backend's sign-in API group.
#[derive(Debug, Clone)]
pub struct SignInApi {
    http: Arc<dyn HttpClient>,
    backend: XanoOrigin,
    group: String,
}

impl SignInApi {
    /// The group (`api:…`) at a backend.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, backend: XanoOrigin, group: impl Into<String>) -> Self {
        Self { http, backend, group: group.into() }
    }

    /// Signs a person in: `auth/login` for a session, then `auth/me` for the key.
    ///
    /// # Errors
    /// See [`SignInError`]. The session is never used in the key's stead.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Secret,
        at: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let session = self.login(email, password).await?;
        let me = self.me(&session).await.map_err(|error| match error {
            SignInError::Refused => SignInError::SessionRefused,
            other => other,
        })?;
        let secret = CredentialSecret::Session {
            expires_at: expiry::of_token(&me.key),
            key: me.key,
            session,
        };
        let authority = self.backend.to_string();
        // The backend's users are not the users of Xano itself.
        let upstream = format!("{authority}/auth");
        Ok(SignedIn {
            identity: Identity { upstream, subject: me.profile.subject.clone() },
            credential: NewCredential { authority, profile: me.profile, secret, at },
        })
    }

    async fn login(&self, email: &str, password: &Secret) -> Result<Secret, SignInError> {
        let body = json!({"email": email, "password": password.expose()});
        let answer = self.send(Method::POST, "login", None, Some(&body)).await?;
        if is_wrong_credentials(&answer) {
            return Err(SignInError::WrongCredentials);
        }
        let body = api::read(&answer, ResponseKind::Object)?;
        // Newer backends answer `authToken`, older ones `api_key`; both open `auth/me`.
        ["authToken", "api_key"]
            .iter()
            .find_map(|field| body.get(field)?.as_str().filter(|token| !token.is_empty()))
            .map(Secret::new)
            .ok_or(SignInError::Unavailable(XanoError::InvalidResponse {
                status: answer.status.as_u16(),
                why: "without an authToken",
            }))
    }

    /// The backend's origin.
    #[must_use]
    pub const fn backend(&self) -> &XanoOrigin {
        &self.backend
    }

    /// Asks who a session belongs to and which key is current.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn me(&self, session: &Secret) -> Result<Me, SignInError> {
        let answer = self.send(Method::GET, "me", Some(session), None).await?;
        let body = api::read(&answer, ResponseKind::Object)?;
        let key = body
            .get("api_key")
            .and_then(Value::as_str)
            .filter(|key| !key.trim().is_empty())
            .ok_or(SignInError::NoApiKey)?;
        Ok(Me { profile: profile(&body)?, key: Secret::new(key) })
    }

    async fn send(
        &self,
        method: Method,
        endpoint: &str,
        session: Option<&Secret>,
        body: Option<&Value>,
    ) -> Result<Answer, SignInError> {
        let url = format!("{}/{}/auth/{endpoint}", self.backend, self.group);
        let url = Url::parse(&url).map_err(|_| {
            let why = "never asked for: the sign-in group can't be part of an address";
            SignInError::Unavailable(XanoError::InvalidResponse { status: 0, why })
        })?;
        let request = Outgoing {
            method,
            url,
            headers: api::headers(session, body.is_some()),
            body: body.map(|body| Bytes::from(body.to_string())),
            timeout: TIMEOUT,
            max_body: MAX_BODY,
        };
        self.http
            .send(request)
            .await
            .map_err(|error| SignInError::Unavailable(XanoError::Http(error)))
    }
}

/// Xano's template answers 403 for wrong credentials, an untyped precondition 500 with the same
/// sentence; some backends 401. Any other 500 is a failure of the backend.
fn is_wrong_credentials(answer: &Answer) -> bool {
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
        StatusCode::INTERNAL_SERVER_ERROR => {
            let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
            let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
            let message = message.to_lowercase();
            ["credential", "password"].iter().any(|word| message.contains(word))
        }
        _ => false,
    }
}

/// Checks a pasted Metadata API token by asking Xano whose it is.
///
/// # Errors
/// See [`SignInError`].
pub async fn check_token(
    api: &XanoApi,
    policy: &HostPolicy,
    token: &Secret,
    at: Timestamp,
) -> Result<SignedIn, SignInError> {
    let profile = whose(api, policy, token).await?;
    let expires_at = expiry::of_token(token);
    let secret = CredentialSecret::Token { token: token.clone(), expires_at };
    let authority = policy.account().to_string();
    Ok(SignedIn {
        identity: Identity { upstream: authority.clone(), subject: profile.subject.clone() },
        credential: NewCredential { authority, profile, secret, at },
    })
}

/// Who a Metadata API token belongs to (`auth_me`).
pub(crate) async fn whose(
    api: &XanoApi,
    policy: &HostPolicy,
    token: &Secret,
) -> Result<Profile, SignInError> {
    let request = Request::to(&AUTH_ME).build().map_err(XanoError::from)?;
    profile(&api.call(policy.account(), token, &request, request.timeout()).await?)
}

fn profile(body: &Value) -> Result<Profile, SignInError> {
    let text = |field: &str| {
        let text = body.get(field).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let subject = match body.get("id") {
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
        _ => text("email"),
    };
    let subject = subject.ok_or(SignInError::Unavailable(XanoError::InvalidResponse {
        status: 200,
        why: "without the id of the person",
    }))?;
    Ok(Profile { subject, email: text("email"), name: text("name") })
}
