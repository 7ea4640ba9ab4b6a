//! Signing in to Xano with the backend's sign-in API (`auth/login`, `auth/me`) or with a pasted access
//! token of the Metadata API.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::http::{Answer, HttpClient, Outgoing};
use snappy_domain::{Secret, Timestamp};
use snappy_store::{CredentialSecret, Identity, NewCredential, Profile};
use url::Url;

use crate::claims::Claims;
use crate::operations::{AUTH_ME, ResponseKind};
use crate::{HostPolicy, Request, XanoApi, XanoError, XanoOrigin, api};

/// The timeout of a request, for which a person waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The largest response body that is read, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignInError {
    /// The e-mail address or the password is wrong.
    #[error("Xano does not accept this e-mail and password")]
    WrongCredentials,
    /// Xano accepted the password, but refuses the session that it returned.
    #[error("Xano refuses the session that it has just issued")]
    SessionRefused,
    /// Xano returned another person than the one who signed in.
    #[error("Xano returned another person's profile")]
    AnotherPerson,
    /// The credential was issued by another backend than the configured one.
    #[error("this sign-in is for {0}, which the server no longer uses")]
    AnotherXano(String),
    /// Xano does not accept the session or the token.
    #[error("Xano does not accept this token")]
    Refused,
    /// The backend's `auth/me` answered 401 or 403, but not as Xano does.
    #[error("the backend refused the session in another way than Xano does")]
    UnclearRefusal,
    /// The backend's `auth/me` has no `api_key`.
    #[error("Xano's response has no api_key, which the sign-in requires")]
    NoApiKey,
    /// Xano's request limit was reached.
    #[error("Xano's request limit was reached")]
    RateLimited,
    /// Xano could not be reached, or its response was invalid.
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

/// A completed sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person's identity at Xano.
    pub identity: Identity,
    pub credential: NewCredential,
}

/// The response of `auth/me`.
#[derive(Debug, Clone)]
pub struct Me {
    /// The owner of the session.
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
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, backend: XanoOrigin, group: impl Into<String>) -> Self {
        Self { http, backend, group: group.into() }
    }

    /// Signs a person in: requests a session from `auth/login`, and the key from `auth/me`.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Secret,
        at: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let session = self.login(email, password).await?;
        let me = self.me(&session).await.map_err(|error| match error {
            SignInError::Refused | SignInError::UnclearRefusal => SignInError::SessionRefused,
            other => other,
        })?;
        let secret = CredentialSecret::Session {
            expires_at: Claims::of(&me.key).expires_at(),
            key: me.key,
            session,
        };
        let authority = self.backend.to_string();
        // The users of a backend are not the users of Xano's account API.
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
        // Newer backends return `authToken`, older ones `api_key`; `auth/me` accepts both.
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

    /// Requests the owner of a session and their current key.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn me(&self, session: &Secret) -> Result<Me, SignInError> {
        let answer = self.send(Method::GET, "me", Some(session), None).await?;
        if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            && !is_xanos_error(&answer)
        {
            return Err(SignInError::UnclearRefusal);
        }
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
            let why = "missing: the API group can't be part of a URL, so no request was sent";
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

/// Whether an error has the form of Xano's own (`{"code": "ERROR_CODE_…", "message": …}`), and not that of a firewall
/// or of the customer's own code.
fn is_xanos_error(answer: &Answer) -> bool {
    let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
    let code = body.get("code").and_then(Value::as_str);
    code.is_some_and(|code| code.starts_with("ERROR_CODE_"))
}

/// Whether the response means wrong credentials. Xano's template responds with 403, some backends with
/// 401, and a precondition without an error type with 500 and the same message. Any other 500 is a failure
/// of the backend.
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

/// Checks a pasted access token of the Metadata API by requesting its owner.
///
/// # Errors
/// See [`SignInError`].
pub async fn check_token(
    api: &XanoApi,
    policy: &HostPolicy,
    token: &Secret,
    at: Timestamp,
) -> Result<SignedIn, SignInError> {
    let profile = token_owner(api, policy.account(), token).await?;
    let expires_at = Claims::of(token).expires_at();
    let secret = CredentialSecret::Token { token: token.clone(), expires_at };
    let authority = policy.account().to_string();
    Ok(SignedIn {
        identity: Identity { upstream: authority.clone(), subject: profile.subject.clone() },
        credential: NewCredential { authority, profile, secret, at },
    })
}

/// The owner of an access token of the Metadata API (`auth_me`), as an origin knows them.
pub(crate) async fn token_owner(
    api: &XanoApi,
    origin: &XanoOrigin,
    token: &Secret,
) -> Result<Profile, SignInError> {
    let request = Request::to(&AUTH_ME).build().map_err(XanoError::from)?;
    profile(&api.call(origin, token, &request, request.timeout()).await?)
}

pub(crate) fn profile(body: &Value) -> Result<Profile, SignInError> {
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
