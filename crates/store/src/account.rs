//! Connected Xano accounts: one person's credential at one Xano. Any number of grants point at one.

use serde::{Deserialize, Serialize};
use snappy_domain::{AccountId, Secret, Timestamp};

/// How the account signed in, which decides how its key is refreshed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// E-mail and password at the backend's `auth/login`; `auth/me` gives the current key.
    Profile,
    /// A pasted Metadata API access token; it can't be refreshed.
    Token,
}

impl AccountKind {
    /// The name it is stored and shown under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Token => "token",
        }
    }

    /// The kind stored under `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Profile, Self::Token].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Who the account belongs to, as Xano says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Xano's id of the person, as text.
    pub user_id: String,
    /// The e-mail address, if Xano gives one.
    pub email: Option<String>,
    /// The name, if Xano gives one.
    pub name: Option<String>,
}

impl Profile {
    /// What to call the person on a page: the e-mail, else the name, else the id.
    #[must_use]
    pub fn label(&self) -> &str {
        self.email.as_deref().or(self.name.as_deref()).unwrap_or(&self.user_id)
    }
}

/// What opens Xano for the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The Metadata API key that tool calls carry.
    pub key: Secret,
    /// The session token that `auth/me` takes to give the current key; `None` for pasted tokens.
    pub session: Option<Secret>,
    /// When the key ends, where that is known.
    pub key_expires_at: Option<Timestamp>,
}

/// Whether the credential can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// It can, as far as is known.
    Usable,
    /// Xano has refused the person; only a new sign-in helps.
    SignInRequired {
        /// Since when.
        since: Timestamp,
    },
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// How it signed in.
    pub kind: AccountKind,
    /// The origin of the Xano that knows the person (`https://host`).
    pub authority: String,
    /// Who it is.
    pub profile: Profile,
    /// What opens Xano.
    pub credential: Credential,
    /// Grows with every change of the credential; the fence of the refresh.
    pub version: u64,
    /// Whether it can be used.
    pub state: AccountState,
    /// When the credential last changed.
    pub refreshed_at: Timestamp,
}

/// What a completed sign-in gives. The person is known by `(kind, authority, profile.user_id)`; see
/// [`NewAccount::renews`].
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// How the person signed in.
    pub kind: AccountKind,
    /// The origin of the Xano that knows the person.
    pub authority: String,
    /// Who it is.
    pub profile: Profile,
    /// What opens Xano.
    pub credential: Credential,
    /// When.
    pub at: Timestamp,
}

impl NewAccount {
    /// Which of the person's accounts this sign-in renews, if any.
    ///
    /// A person has one account for e-mail and password. Pasted tokens may differ in what they may
    /// do and in how long they live, so each is an account of its own: a wider token that is given
    /// to one app must not widen another. A new token takes the place of one that is dead.
    #[must_use]
    pub fn renews<'a>(&self, own: impl IntoIterator<Item = &'a Account>) -> Option<&'a Account> {
        let own: Vec<_> = own.into_iter().collect();
        let same = |account: &&&Account| account.credential.key == self.credential.key;
        let dead = |account: &&&Account| account.state != AccountState::Usable;
        match self.kind {
            AccountKind::Profile => own.first().copied(),
            AccountKind::Token => own.iter().find(same).or_else(|| own.iter().find(dead)).copied(),
        }
    }
}
