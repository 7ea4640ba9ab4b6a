//! The tokens themselves: random bytes behind a prefix that secret scanners can find.
//!
//! Those that belong to a person say so, to this server alone: 16 bytes of route, 24 of secret, 8 of tag,
//! in base64url. The route is the person's id, XORed with a code that follows from the secret, so that
//! two tokens of one person can't be linked; the tag is a code over both, so that a forged token is
//! recognised without a look into the storage. Both codes are made with the encryption key. Tokens of
//! earlier versions are 32 random bytes.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use snappy_domain::{Keyring, PersonId, Random, Secret, TokenHash, random};
use snappy_store::TokenRef;
use subtle::ConstantTimeEq as _;

use crate::AuthorizationServer;

/// What a token is for: its prefix, and the purpose that its hash is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TokenKind {
    Access,
    Refresh,
    Code,
    ClientSecret,
}

const ROUTE: usize = 16;
const SECRET: usize = 24;
const TAG: usize = 8;

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "snp_at_",
            Self::Refresh => "snp_rt_",
            Self::Code => "snp_ac_",
            Self::ClientSecret => "snp_cs_",
        }
    }

    const fn purpose(self) -> &'static str {
        match self {
            Self::Access => "access token",
            Self::Refresh => "refresh token",
            Self::Code => "authorization code",
            Self::ClientSecret => "client secret",
        }
    }

    fn text(self, bytes: &[u8]) -> Secret {
        Secret::new(format!("{}{}", self.prefix(), BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }
}

fn xor(id: [u8; ROUTE], code: [u8; 32]) -> [u8; ROUTE] {
    let mut route = id;
    for (byte, mask) in route.iter_mut().zip(code) {
        *byte ^= mask;
    }
    route
}

fn mint(keys: &Keyring, random: &dyn Random, kind: TokenKind, person: PersonId) -> Secret {
    let secret = random::bytes::<SECRET>(random);
    let purpose = |part| format!("{} {part}", kind.purpose());
    let route = xor(person.into_bytes(), keys.mac(&purpose("route"), &secret));
    let body = [&route[..], &secret].concat();
    let tag = keys.mac(&purpose("tag"), &body);
    let tag = tag.first_chunk::<TAG>().copied().unwrap_or_default();
    kind.text(&[&body[..], &tag].concat())
}

/// What a presented token says of itself.
#[derive(Debug, PartialEq, Eq)]
enum Presented {
    /// It is this person's.
    Of(PersonId),
    /// It has the shape that earlier versions gave, which says nothing.
    Opaque,
    /// This server never made it.
    Forged,
}

fn read(keys: &Keyring, kind: TokenKind, presented: &Secret) -> Presented {
    let body = presented.expose().strip_prefix(kind.prefix());
    let bytes = body.and_then(|body| BASE64_URL_SAFE_NO_PAD.decode(body).ok());
    let Some(bytes) = bytes else { return Presented::Forged };
    if bytes.len() == 32 {
        return Presented::Opaque;
    }
    let purpose = |part| format!("{} {part}", kind.purpose());
    let parts = || {
        let (route, rest) = bytes.split_first_chunk::<ROUTE>()?;
        let (secret, tag) = rest.split_first_chunk::<SECRET>()?;
        let (body, _) = bytes.split_at_checked(ROUTE + SECRET)?;
        (tag.len() == TAG).then_some((route, secret, body, tag))
    };
    let Some((route, secret, body, tag)) = parts() else { return Presented::Forged };
    let (tag_purpose, route_purpose) = (purpose("tag"), purpose("route"));
    let codes = keys.macs(&route_purpose, secret);
    for (expected, code) in keys.macs(&tag_purpose, body).zip(codes) {
        if expected.get(..TAG).is_some_and(|expected| expected.ct_eq(tag).into()) {
            return Presented::Of(PersonId::from_bytes(xor(*route, code)));
        }
    }
    Presented::Forged
}

impl AuthorizationServer {
    /// A new token of a person, with the hash that it is stored under.
    pub(crate) fn new_token(&self, kind: TokenKind, person: PersonId) -> (Secret, TokenHash) {
        let token = mint(&self.keys, &*self.runtime.random, kind, person);
        let hash = self.keys.hash(kind.purpose(), token.expose());
        (token, hash)
    }

    /// A new client secret, with the hash that it is stored under.
    pub(crate) fn new_client_secret(&self) -> (Secret, TokenHash) {
        let kind = TokenKind::ClientSecret;
        let secret = kind.text(&random::bytes::<32>(&*self.runtime.random));
        let hash = self.keys.hash(kind.purpose(), secret.expose());
        (secret, hash)
    }

    /// The hashes that a presented client secret may be stored under.
    pub(crate) fn client_secret_hashes(&self, presented: &Secret) -> Vec<TokenHash> {
        self.keys.hashes(TokenKind::ClientSecret.purpose(), presented.expose())
    }

    /// How a presented token is looked up. A forged one is found nowhere.
    pub(crate) fn token_ref(&self, kind: TokenKind, presented: &Secret) -> TokenRef {
        let person = match read(&self.keys, kind, presented) {
            Presented::Of(person) => Some(person),
            Presented::Opaque => None,
            Presented::Forged => return TokenRef { person: None, hashes: Vec::new() },
        };
        let hashes = self.keys.hashes(kind.purpose(), presented.expose());
        TokenRef { person, hashes }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use snappy_domain::clock::MockClock;
    use snappy_domain::random::SeededRandom;

    use super::*;

    fn keys(keys: &[&str]) -> Keyring {
        let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
        Keyring::new(&keys).unwrap()
    }

    const OLD: &str = "old-key-old-key-old";
    const NEW: &str = "new-key-new-key-new";

    fn person(seed: u64) -> PersonId {
        PersonId::generate(&MockClock::default(), &SeededRandom::new(seed))
    }

    #[test]
    fn a_token_says_whose_it_is_to_whoever_has_the_key() {
        let (old, random) = (keys(&[OLD]), SeededRandom::new(1));
        let token = mint(&old, &random, TokenKind::Access, person(7));
        assert_eq!(token.expose().len(), "snp_at_".len() + 64);
        assert_eq!(read(&old, TokenKind::Access, &token), Presented::Of(person(7)));
        let both = keys(&[NEW, OLD]);
        assert_eq!(read(&both, TokenKind::Access, &token), Presented::Of(person(7)));
        assert_eq!(read(&keys(&[NEW]), TokenKind::Access, &token), Presented::Forged);
        assert_eq!(read(&old, TokenKind::Refresh, &token), Presented::Forged);
        let other = mint(&old, &random, TokenKind::Access, person(7));
        assert_ne!(token.expose().get(7..28), other.expose().get(7..28), "not linkable");
    }

    #[test]
    fn a_token_of_an_earlier_version_is_looked_up_by_its_hash_alone() {
        let token = TokenKind::Refresh.text(&[7; 32]);
        assert_eq!(read(&keys(&[OLD]), TokenKind::Refresh, &token), Presented::Opaque);
    }

    proptest! {
        #[test]
        fn a_changed_token_is_forged(seed in any::<u64>(), at in 7usize..71, to in "[A-Za-z0-9_-]") {
            let keys = keys(&[OLD]);
            let token = mint(&keys, &SeededRandom::new(seed), TokenKind::Access, person(seed));
            let mut text = token.expose().to_owned();
            text.replace_range(at..=at, &to);
            let changed = Secret::new(text);
            prop_assume!(changed != token);
            prop_assert_eq!(read(&keys, TokenKind::Access, &changed), Presented::Forged);
        }

        #[test]
        fn no_text_is_a_token(text in "\\PC{0,80}") {
            let presented = Secret::new(format!("snp_at_{text}"));
            let read = read(&keys(&[OLD]), TokenKind::Access, &presented);
            prop_assert!(!matches!(read, Presented::Of(_)));
        }
    }
}
