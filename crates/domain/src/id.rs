//! Identifiers. Time-ordered UUIDs (RFC 9562 version 7) made from the injected clock and randomness.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::{Clock, Random, random};

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id.
            #[must_use]
            pub fn generate(clock: &dyn Clock, random: &dyn Random) -> Self {
                let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
                let bytes = random::bytes::<10>(random);
                Self(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

uuid_id! {
    /// A person, or the service account that stands for one.
    PersonId
}

uuid_id! {
    /// One of a person's credentials at the service behind the server.
    CredentialId
}

uuid_id! {
    /// One authorization that a person gave to one client (a token family).
    GrantId
}

impl PersonId {
    /// The id's bytes.
    #[must_use]
    pub const fn into_bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The id of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The person of a credential that was stored before people had ids of their own: each such
    /// credential stands for one person, under the same id.
    #[must_use]
    pub const fn of_credential(credential: CredentialId) -> Self {
        Self(credential.0)
    }
}

/// An OAuth client identifier: a UUID for registered clients, any text for pre-registered ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// An identifier as it came over the wire.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A new identifier for a dynamically registered client.
    #[must_use]
    pub fn generate(clock: &dyn Clock, random: &dyn Random) -> Self {
        Self(GrantId::generate(clock, random).to_string())
    }

    /// The identifier's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
