//! Authorization codes, grants and their tokens. A grant is one token family (RFC 9700 §4.14).

use serde::{Deserialize, Serialize};
use snappy_domain::{
    AccessLimits, ClientId, CredentialId, GrantId, PersonId, Scopes, Timestamp, TokenHash,
};

use crate::Credential;

/// How a presented token or code is looked up: under one hash for each configured key, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRef {
    /// The person it belongs to, as the token itself says; `None` for tokens of earlier versions. A
    /// backend may need it to find the token, and must not trust it for anything else.
    pub person: Option<PersonId>,
    /// The hashes that it may be stored under.
    pub hashes: Vec<TokenHash>,
}

/// The most access tokens that a grant has at a time. Clients share one among a few processes; a client
/// that refreshes in a loop must not fill the storage.
pub const MAX_ACCESS_TOKENS_PER_GRANT: usize = 256;

/// An authorization code (RFC 6749 §4.1.2) with everything that it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// What it is stored under.
    pub hash: TokenHash,
    /// The client it was given to.
    pub client: ClientId,
    /// The redirect URI of the request, byte for byte.
    pub redirect_uri: String,
    /// The PKCE S256 challenge (RFC 7636).
    pub code_challenge: String,
    /// The resource it is for (RFC 8707).
    pub resource: String,
    /// What the person allowed.
    pub scopes: Scopes,
    /// The limits beside its scopes.
    pub limits: AccessLimits,
    pub person: PersonId,
    /// The person's credentials that it is for: at least one.
    pub credentials: Vec<CredentialId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it was redeemed.
    pub state: CodeState,
}

/// Whether a code was redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    Issued,
    /// It became this grant.
    Redeemed(GrantId),
}

/// One authorization of one client by one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub client: ClientId,
    /// The person who gave it.
    pub person: PersonId,
    /// The person's credentials that it may use: at least one. A call takes the first that reaches its
    /// instance and workspace.
    pub credentials: Vec<CredentialId>,
    pub resource: String,
    /// The most its tokens may do.
    pub scopes: Scopes,
    /// The limits beside its scopes.
    pub limits: AccessLimits,
    /// When the person allowed it.
    pub created_at: Timestamp,
    /// When it expires, regardless of use.
    pub expires_at: Timestamp,
    /// When it was last used, to within some minutes.
    pub used_at: Option<Timestamp>,
    /// Whether its client opens URLs for the person when it is asked to (URL mode elicitation), as it
    /// declared in its last `initialize`.
    pub elicits_urls: bool,
    /// When two parties last used one of its refresh tokens.
    pub fork: Option<Fork>,
    /// Whether it is valid.
    pub state: GrantState,
}

/// Who used a refresh token, as far as a request says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The network address.
    pub address: String,
    pub user_agent: String,
}

/// Two parties used one refresh token: two programs of the person, or a thief and the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    pub at: Timestamp,
    /// Who used it first.
    pub first: Party,
    /// Who used it later.
    pub second: Party,
}

/// Whether a grant is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantState {
    Active,
    Revoked { at: Timestamp, reason: RevocationReason },
}

/// Why a grant was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// The client asked (RFC 7009).
    Client,
    /// Its authorization code was presented a second time (RFC 6749 §4.1.2).
    CodeReplay,
    /// A refresh token that was superseded long ago was presented (RFC 9700 §4.14.2).
    RefreshReuse,
    /// The operator removed its client.
    ClientRemoved,
    /// The person ended it on the account page.
    Person,
    /// The operator ended it.
    Operator,
}

impl RevocationReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Client,
        Self::CodeReplay,
        Self::RefreshReuse,
        Self::ClientRemoved,
        Self::Person,
        Self::Operator,
    ];

    /// The name it is stored and logged under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::CodeReplay => "code_replay",
            Self::RefreshReuse => "refresh_reuse",
            Self::ClientRemoved => "client_removed",
            Self::Person => "person",
            Self::Operator => "operator",
        }
    }

    /// The reason stored under `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// A refresh token: one generation of a grant's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// What it is stored under.
    pub hash: TokenHash,
    pub grant: GrantId,
    /// When it expires, unless it is used before.
    pub expires_at: Timestamp,
    /// When it was last answered with an access token after its successor was used.
    pub reused_at: Option<Timestamp>,
    /// Where it is in the chain.
    pub state: RefreshState,
}

/// Where a refresh token is in its grant's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshState {
    /// The newest token of the chain.
    Current,
    /// It was presented, and a successor was issued.
    Rotated {
        at: Timestamp,
        /// What its successor is stored under.
        successor: TokenHash,
        /// The successor itself, sealed under the predecessor.
        sealed_successor: Vec<u8>,
        /// Who presented it.
        by: Option<Party>,
    },
}

/// A refresh token with everything that `oauth::grant::refresh::decide` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshView {
    pub token: RefreshToken,
    pub grant: Grant,
    /// Whether none of the grant's credentials can be used.
    pub needs_sign_in: bool,
    /// When its successor was itself used, if it was.
    pub successor_used_at: Option<Timestamp>,
}

/// The step from one refresh token to the next.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// The token that was presented; it must be current.
    pub presented: TokenHash,
    /// Who presented it.
    pub by: Party,
    pub at: Timestamp,
    /// The next token.
    pub successor: RefreshToken,
    /// The next token, sealed under the presented one.
    pub sealed_successor: Vec<u8>,
    /// The access token that goes with it.
    pub access: AccessToken,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// What it is stored under.
    pub hash: TokenHash,
    pub grant: GrantId,
    /// What it may do, never more than its grant.
    pub scopes: Scopes,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An access token with everything that a call needs, from one read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    pub token: AccessToken,
    pub grant: Grant,
    /// The credentials that the grant may use, in its order; at least one.
    pub credentials: Vec<Credential>,
}

/// A grant with its first tokens.
#[derive(Debug, Clone)]
pub struct NewGrant {
    pub grant: Grant,
    /// Its first refresh token.
    pub refresh: RefreshToken,
    /// Its first access token.
    pub access: AccessToken,
}
