//! Connected Xano accounts: one person's credential at one Xano. Any number of grants point at one.

use std::time::Duration;

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
    /// A Metadata API access token that the operator gave to a machine.
    Machine,
}

impl AccountKind {
    /// The name it is stored and shown under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Token => "token",
            Self::Machine => "machine",
        }
    }

    /// Whether Xano gives a newer key for an older one.
    #[must_use]
    pub const fn can_be_renewed(self) -> bool {
        matches!(self, Self::Profile)
    }

    /// The kind stored under `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Profile, Self::Token, Self::Machine].into_iter().find(|kind| kind.as_str() == name)
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

/// How far the clocks of processes may differ before a right to refresh is taken from its holder. The
/// fence keeps that from doing harm.
pub const LEASE_SLACK: Duration = Duration::from_secs(10);

/// What came of asking for the right to refresh a credential. The right is a lease: it ends by itself
/// when its holder dies. Its fence grows each time it is taken, and only the holder of the newest may
/// change the credential, so that one who was slow undoes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It is the caller's.
    Taken {
        /// To be shown when the credential is changed.
        fence: u64,
    },
    /// Somebody else has it.
    Held {
        /// Until then, unless it is extended.
        until: Timestamp,
    },
    /// The credential is not of that version any more, or needs a person, or is gone.
    Moved,
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
    /// to one app must not widen another. A new token takes the place of one that is dead, but for
    /// machines, where nobody knows whose place that would be.
    #[must_use]
    pub fn renews<'a>(&self, own: impl IntoIterator<Item = &'a Account>) -> Option<&'a Account> {
        let own: Vec<_> = own.into_iter().collect();
        let same = |account: &&&Account| account.credential.key == self.credential.key;
        let dead = |account: &&&Account| account.state != AccountState::Usable;
        match self.kind {
            AccountKind::Profile => own.first().copied(),
            AccountKind::Token => own.iter().find(same).or_else(|| own.iter().find(dead)).copied(),
            AccountKind::Machine => own.iter().find(same).copied(),
        }
    }
}
