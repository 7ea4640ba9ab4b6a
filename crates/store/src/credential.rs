//! Credentials: what calls to the service carry for a person. A person may have several credentials, and
//! any number of grants may use one.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use snappy_domain::{CredentialId, PersonId, Secret, Timestamp};

/// Who a credential belongs to, as the service said when it issued it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The service's id of the person.
    #[serde(rename = "user_id")]
    pub subject: String,
    /// The e-mail address, if the service gives one.
    pub email: Option<String>,
    /// The name, if the service gives one.
    pub name: Option<String>,
}

impl Profile {
    /// What to call the person on a page: the e-mail address, else the name, else the id.
    #[must_use]
    pub fn label(&self) -> &str {
        self.email.as_deref().or(self.name.as_deref()).unwrap_or(&self.subject)
    }
}

/// The shape of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// See [`CredentialSecret::Session`].
    Session,
    /// See [`CredentialSecret::OAuth`].
    OAuth,
    /// See [`CredentialSecret::Token`].
    Token,
    /// See [`CredentialSecret::Service`].
    Service,
}

impl CredentialKind {
    const ALL: [Self; 4] = [Self::Session, Self::OAuth, Self::Token, Self::Service];

    /// The name that people and operators see.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::OAuth => "oauth",
            Self::Token => "token",
            Self::Service => "service",
        }
    }

    /// The name in storage, where two kinds have names of their own since the first version.
    #[must_use]
    pub const fn stored_name(self) -> &'static str {
        match self {
            Self::Session => "profile",
            Self::Service => "machine",
            Self::OAuth | Self::Token => self.as_str(),
        }
    }

    /// The kind stored under `name`.
    #[must_use]
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.stored_name() == name)
    }
}

/// What a credential of an OAuth sign-in reaches: the one workspace that the person picked at the service, with
/// the scopes that the service granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The instance, by its name.
    pub instance: String,
    /// What people call the instance.
    pub instance_label: Option<String>,
    /// The origin of the instance, as it was checked at the sign-in.
    pub origin: String,
    /// The workspace, by its id.
    pub workspace: String,
    /// What people call the workspace.
    pub workspace_label: Option<String>,
    /// The scopes of the service, sorted and separated by spaces.
    pub scope: String,
}

impl Coverage {
    /// Whether both reach the same workspace at the same host with the same scopes.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.instance, &self.origin, &self.workspace, &self.scope)
            == (&other.instance, &other.origin, &other.workspace, &other.scope)
    }

    /// What to call it on a page: instance and workspace.
    #[must_use]
    pub fn label(&self) -> String {
        let instance = self.instance_label.as_deref().unwrap_or(&self.instance);
        let workspace = self.workspace_label.as_deref().unwrap_or(&self.workspace);
        format!("{instance} / {workspace}")
    }
}

/// The tokens of a sign-in at the service's own OAuth server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthTokens {
    /// The access token that calls carry.
    pub access_token: Secret,
    /// Each is used once, for the next pair. `None` when the service gave none, or when the last one may
    /// have been used without its response being received.
    pub refresh_token: Option<Secret>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// When the refresh token ends, where the service says so.
    pub refresh_expires_at: Option<Timestamp>,
    /// The OAuth client that the tokens were issued to; only it can use the refresh token.
    pub client_id: String,
    pub coverage: Coverage,
}

/// The secrets of a credential, one shape for each way to get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSecret {
    /// A session at the service, which gives the current API key whenever it is asked.
    Session {
        /// The API key that calls carry.
        key: Secret,
        /// The session token.
        session: Secret,
        /// When the key ends, where that is known.
        expires_at: Option<Timestamp>,
    },
    /// Tokens of the service's own OAuth server.
    OAuth(Box<OAuthTokens>),
    /// An API token that the person pasted. Nobody but the person can replace it.
    Token {
        /// The token that calls carry.
        token: Secret,
        /// When it ends, where that is known.
        expires_at: Option<Timestamp>,
    },
    /// An API token that the operator gave to a service account.
    Service {
        /// The token that calls carry.
        token: Secret,
        /// When it ends, where that is known.
        expires_at: Option<Timestamp>,
    },
}

impl CredentialSecret {
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        match self {
            Self::Session { .. } => CredentialKind::Session,
            Self::OAuth(_) => CredentialKind::OAuth,
            Self::Token { .. } => CredentialKind::Token,
            Self::Service { .. } => CredentialKind::Service,
        }
    }

    /// The token that calls carry.
    #[must_use]
    pub fn bearer(&self) -> &Secret {
        match self {
            Self::Session { key, .. } => key,
            Self::OAuth(tokens) => &tokens.access_token,
            Self::Token { token, .. } | Self::Service { token, .. } => token,
        }
    }

    /// When the bearer expires, if that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::OAuth(tokens) => tokens.expires_at,
            Self::Session { expires_at, .. }
            | Self::Token { expires_at, .. }
            | Self::Service { expires_at, .. } => *expires_at,
        }
    }

    /// The same secrets with another expiry of the bearer.
    #[must_use]
    pub fn with_expires_at(mut self, ends: Option<Timestamp>) -> Self {
        match &mut self {
            Self::OAuth(tokens) => tokens.expires_at = ends,
            Self::Session { expires_at, .. }
            | Self::Token { expires_at, .. }
            | Self::Service { expires_at, .. } => *expires_at = ends,
        }
        self
    }

    /// Whether the service issues a newer one without the person.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        match self {
            Self::Session { .. } => true,
            Self::OAuth(tokens) => tokens.refresh_token.is_some(),
            Self::Token { .. } | Self::Service { .. } => false,
        }
    }

    /// Whether renewing it uses it up: the secrets that the service returns are then the only valid ones.
    #[must_use]
    pub const fn rotates(&self) -> bool {
        matches!(self, Self::OAuth(_))
    }

    /// The workspace that it reaches; `None` when it reaches all that its owner can reach.
    #[must_use]
    pub fn coverage(&self) -> Option<&Coverage> {
        match self {
            Self::OAuth(tokens) => Some(&tokens.coverage),
            _ => None,
        }
    }
}

/// Whether a credential can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialState {
    /// No refusal is known.
    Usable,
    /// The service has refused it; only a new sign-in of the person helps.
    SignInRequired { since: Timestamp },
    /// The person removed it; its secrets are gone. The record stays while grants name it.
    Removed { at: Timestamp },
}

/// A stored credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub person: PersonId,
    /// The origin that issued it (`https://host`).
    pub authority: String,
    /// Who it belongs to, as the service said.
    pub profile: Profile,
    pub secret: CredentialSecret,
    /// Grows with every change of the secrets; what a refresh is fenced by.
    pub version: u64,
    /// Whether it can be used.
    pub state: CredentialState,
    /// When the secrets last changed.
    pub refreshed_at: Timestamp,
}

/// How far the clocks of processes may differ before a lease is taken from its holder. The fence keeps
/// that from doing harm.
pub const LEASE_SLACK: Duration = Duration::from_secs(10);

/// How long a removed credential is kept at least, so that what still names it finds it removed.
pub const REMOVED_KEPT: Duration = Duration::from_secs(86_400);

/// The result of asking for the right to refresh a credential. The right is a lease: it ends by itself
/// when its holder dies. Its fence grows each time it is taken, and only the holder of the newest fence
/// may change the credential, so that a slow holder can't overwrite newer secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    Taken {
        /// Must be given with the change of the credential.
        fence: u64,
        /// When the lease before this one ended, if its holder never gave it back: it has crashed or
        /// stalled, perhaps after it sent its request.
        abandoned: Option<Timestamp>,
    },
    /// Another process has it.
    Held {
        /// Its end, unless it is extended.
        until: Timestamp,
    },
    /// The credential is no longer of that version, needs a sign-in, or is gone.
    Moved,
}

/// What a completed sign-in gives.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// The origin that issued it (`https://host`).
    pub authority: String,
    /// Who it belongs to, as the service said.
    pub profile: Profile,
    pub secret: CredentialSecret,
    pub at: Timestamp,
}

impl NewCredential {
    /// Which of the person's credentials this sign-in renews, if any.
    ///
    /// A person has one session. Pasted tokens may differ in what they may do and in how long they
    /// live, so each is a credential of its own: a wider token that is given to one client must not
    /// widen another, and what used one that has ended must not get another by itself. An OAuth sign-in
    /// renews the one for the same workspace at the same host with the same scopes.
    #[must_use]
    pub fn renews<'a>(
        &self,
        own: impl IntoIterator<Item = &'a Credential>,
    ) -> Option<&'a Credential> {
        let kind = self.secret.kind();
        let own: Vec<_> = own
            .into_iter()
            .filter(|one| one.secret.kind() == kind && one.authority == self.authority)
            .filter(|one| !matches!(one.state, CredentialState::Removed { .. }))
            .collect();
        let same = |one: &&&Credential| one.secret.bearer() == self.secret.bearer();
        match kind {
            CredentialKind::Session => own.first().copied(),
            CredentialKind::OAuth => {
                let same = |one: &&&Credential| {
                    let both = one.secret.coverage().zip(self.secret.coverage());
                    both.is_some_and(|(one, new)| one.is_same(new))
                };
                own.iter().find(same).copied()
            }
            CredentialKind::Token | CredentialKind::Service => own.iter().find(same).copied(),
        }
    }
}
