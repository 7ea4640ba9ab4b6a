//! Dynamic client registration (RFC 7591). Clients are public unless they ask for a secret: secrets get
//! lost.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use snappy_domain::{ClientId, Secret, audit};
use snappy_store::{Client, ClientKeys, ClientProof, Registration, StoreError, TokenEndpointAuth};
use url::Url;

use super::error::KeysError;
use super::keys::ALGORITHMS;
use super::redirect_uri::{self, Unsuitable};
use crate::AuthorizationServer;

const MAX_REDIRECT_URIS: usize = 20;
const MAX_TEXT: usize = 2_000;
const MAX_NAME: usize = 60;

/// Metadata that is kept and echoed as it came when it is a short text.
const TEXTS: [&str; 4] = [
    "application_type",
    "software_id",
    "software_version",
    // Also enforced, where assertions are checked.
    "token_endpoint_auth_signing_alg",
];
/// Metadata that is kept when it is an https URL. It is shown at most, never fetched.
const URLS: [&str; 4] = ["client_uri", "logo_uri", "tos_uri", "policy_uri"];

/// Why a registration is refused (RFC 7591 §3.2.2).
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The body is not client metadata.
    #[error("the body is not client metadata: {0}")]
    Malformed(String),
    /// A redirect URI could be used against a person.
    #[error("redirect_uris[{index}] {why}")]
    DangerousRedirectUri {
        /// Which one, counted from 0.
        index: usize,
        /// What is wrong with it.
        why: Unsuitable,
    },
    /// No redirect URI that this server redirects to.
    #[error("redirect_uris needs at least one https URL, or http on a loopback address")]
    NoRedirectUri,
    #[error("redirect_uris has more than {MAX_REDIRECT_URIS} URIs")]
    TooManyRedirectUris,
    /// An authentication method that is not supported.
    #[error(
        "token_endpoint_auth_method {0:?} is not supported; use none, client_secret_basic, \
         client_secret_post or private_key_jwt"
    )]
    AuthMethod(String),
    /// A grant or response type that is not supported.
    #[error(
        "{0} has no supported value: grant types are authorization_code and refresh_token, the \
         response type is code"
    )]
    Types(&'static str),
    /// Keys that are missing or can't be used.
    #[error("jwks {0}")]
    Keys(#[from] KeysError),
    /// A signature algorithm for assertions that is not supported.
    #[error("token_endpoint_auth_signing_alg {0:?} is not supported; use RS256 or ES256")]
    Algorithm(String),
    /// The operator chose an id that is in use, or the URL of a metadata document.
    #[error(
        "the client id is already in use, or is a URL, which only a metadata document can have"
    )]
    IdTaken,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

impl RegisterError {
    /// The error code of RFC 7591 §3.2.2.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DangerousRedirectUri { .. } | Self::NoRedirectUri | Self::TooManyRedirectUris => {
                "invalid_redirect_uri"
            }
            Self::Malformed(_)
            | Self::AuthMethod(_)
            | Self::Types(_)
            | Self::Keys(_)
            | Self::Algorithm(_)
            | Self::IdTaken => "invalid_client_metadata",
            Self::Storage(_) => "temporarily_unavailable",
        }
    }
}

#[derive(Deserialize)]
struct Metadata {
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_name: Option<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    grant_types: Option<Vec<String>>,
    #[serde(default)]
    response_types: Option<Vec<String>>,
    #[serde(default)]
    jwks: Option<Value>,
    #[serde(default)]
    jwks_uri: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl AuthorizationServer {
    /// Registers a client and gives the answer of RFC 7591 §3.2.1: what is registered, and nothing
    /// else. The secret, if there is one, is in the answer only.
    ///
    /// # Errors
    /// See [`RegisterError`].
    pub async fn register(&self, body: &[u8]) -> Result<Value, RegisterError> {
        let metadata: Metadata = serde_json::from_slice(body)
            .map_err(|error| RegisterError::Malformed(error.to_string()))?;
        let auth = auth_method(metadata.token_endpoint_auth_method.as_deref())?;
        offered("grant_types", metadata.grant_types.as_deref(), "authorization_code")?;
        offered("response_types", metadata.response_types.as_deref(), "code")?;
        if auth == TokenEndpointAuth::PrivateKeyJwt {
            algorithm(metadata.other.get("token_endpoint_auth_signing_alg"))?;
        }
        let (proof, secret) = self.new_proof(auth, metadata.jwks, metadata.jwks_uri)?;
        let client = Client {
            id: ClientId::generate(&*self.runtime.clock, &*self.runtime.random),
            registration: Registration::Dynamic,
            name: metadata.client_name.as_deref().and_then(display_name),
            redirect_uris: usable_redirect_uris(metadata.redirect_uris)?,
            proof,
            service_account: None,
            metadata: kept(metadata.other),
            created_at: self.now(),
            used_at: None,
        };
        self.store.add_client(&client).await?;
        audit::CLIENT_REGISTERED.record(audit::Fields {
            client_id: Some(&client.id),
            method: Some(auth.as_str()),
            ..Default::default()
        });
        Ok(answer(client, secret))
    }
}

fn auth_method(asked: Option<&str>) -> Result<TokenEndpointAuth, RegisterError> {
    // RFC 7591 says that the default is Basic; clients that name no method have no place to keep a
    // secret.
    let Some(asked) = asked else {
        return Ok(TokenEndpointAuth::None);
    };
    TokenEndpointAuth::ALL
        .into_iter()
        .find(|method| method.as_str() == asked)
        .ok_or_else(|| RegisterError::AuthMethod(asked.chars().take(100).collect()))
}

fn algorithm(asked: Option<&Value>) -> Result<(), RegisterError> {
    match asked.and_then(Value::as_str) {
        Some(asked) if !ALGORITHMS.iter().any(|(_, name)| *name == asked) => {
            Err(RegisterError::Algorithm(asked.chars().take(100).collect()))
        }
        _ => Ok(()),
    }
}

fn offered(
    field: &'static str,
    asked: Option<&[String]>,
    needed: &str,
) -> Result<(), RegisterError> {
    match asked {
        Some(asked) if !asked.iter().any(|asked| asked == needed) => {
            Err(RegisterError::Types(field))
        }
        _ => Ok(()),
    }
}

/// The URIs that this server redirects to. A dangerous one refuses them all; one of an unsupported kind is
/// left out, because clients register several and use one.
pub(super) fn usable_redirect_uris(uris: Vec<String>) -> Result<Vec<String>, RegisterError> {
    if uris.len() > MAX_REDIRECT_URIS {
        return Err(RegisterError::TooManyRedirectUris);
    }
    let mut usable = Vec::new();
    for (index, uri) in uris.into_iter().enumerate() {
        match redirect_uri::check(&uri) {
            Ok(()) => usable.push(uri),
            Err(Unsuitable::Unsupported) => {}
            Err(why @ Unsuitable::Dangerous(_)) => {
                return Err(RegisterError::DangerousRedirectUri { index, why });
            }
        }
    }
    if usable.is_empty() { Err(RegisterError::NoRedirectUri) } else { Ok(usable) }
}

/// A name to show: one line, without control and direction characters, not too long.
pub(super) fn display_name(name: &str) -> Option<String> {
    let shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.chars().filter(shown).take(MAX_NAME).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

pub(super) fn kept(other: Map<String, Value>) -> Map<String, Value> {
    let is_kept = |name: &str, value: &Value| {
        let text = value.as_str().filter(|text| text.len() <= MAX_TEXT);
        match text {
            Some(text) if URLS.contains(&name) => {
                Url::parse(text).is_ok_and(|url| url.scheme() == "https")
            }
            Some(_) => TEXTS.contains(&name),
            None => false,
        }
    };
    other.into_iter().filter(|(name, value)| is_kept(name, value)).collect()
}

fn answer(client: Client, secret: Option<Secret>) -> Value {
    let mut answer = client.metadata;
    answer.insert("client_id".into(), client.id.as_str().into());
    answer.insert("client_id_issued_at".into(), client.created_at.as_second().into());
    if let Some(secret) = secret {
        answer.insert("client_secret".into(), secret.expose().into());
        answer.insert("client_secret_expires_at".into(), 0.into());
    }
    if let Some(name) = client.name {
        answer.insert("client_name".into(), name.into());
    }
    let method = client.proof.method();
    if let ClientProof::Keys { keys, .. } = client.proof {
        match keys {
            ClientKeys::Inline(set) => answer.insert("jwks".into(), set),
            ClientKeys::At { uri } => answer.insert("jwks_uri".into(), uri.into()),
        };
    }
    answer.insert("redirect_uris".into(), client.redirect_uris.into());
    answer.insert("token_endpoint_auth_method".into(), method.as_str().into());
    answer.insert("grant_types".into(), json!(["authorization_code", "refresh_token"]));
    answer.insert("response_types".into(), json!(["code"]));
    Value::Object(answer)
}
