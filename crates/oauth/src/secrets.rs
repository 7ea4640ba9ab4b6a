//! The tokens themselves: 256 random bits behind a prefix that secret scanners can find.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use snappy_domain::{Random, Secret, TokenHash, random};

use crate::AuthorizationServer;

/// What a token is for: its prefix, and the purpose its hash is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    AccessToken,
    RefreshToken,
    Code,
    ClientSecret,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "snp_at_",
            Self::RefreshToken => "snp_rt_",
            Self::Code => "snp_ac_",
            Self::ClientSecret => "snp_cs_",
        }
    }

    const fn purpose(self) -> &'static str {
        match self {
            Self::AccessToken => "access token",
            Self::RefreshToken => "refresh token",
            Self::Code => "authorization code",
            Self::ClientSecret => "client secret",
        }
    }
}

fn generate(random: &dyn Random, kind: Kind) -> Secret {
    let bytes = random::bytes::<32>(random);
    Secret::new(format!("{}{}", kind.prefix(), BASE64_URL_SAFE_NO_PAD.encode(bytes)))
}

impl AuthorizationServer {
    /// A new token with the hash it is stored under.
    pub(crate) fn new_secret(&self, kind: Kind) -> (Secret, TokenHash) {
        let secret = generate(&*self.random, kind);
        let hash = self.keys.hash(kind.purpose(), secret.expose());
        (secret, hash)
    }

    /// The hashes a presented token may be stored under.
    pub(crate) fn hashes(&self, kind: Kind, presented: &Secret) -> Vec<TokenHash> {
        self.keys.hashes(kind.purpose(), presented.expose())
    }
}
