//! Sealing (authenticated encryption) and keyed hashing. Subkeys come by HKDF-SHA-256 (RFC 5869) from each configured key; the
//! first key seals and hashes, every key opens and matches, so keys can be rotated without a stop.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{Random, Secret, random};

/// The fewest characters a configured key may have.
pub const MIN_KEY_LENGTH: usize = 16;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const KEY_ID: usize = 4;

/// A keyed hash (HMAC-SHA-256) of a token: what is stored in its stead.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A hash from stored bytes; `None` unless there are 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Where a sealed value belongs: the associated data of its encryption, so that one row's secret can't
/// be moved to another row or column.
#[derive(Debug, Clone, Copy)]
pub struct SealContext<'a> {
    /// The table, or the kind of thing that is sealed.
    pub table: &'a str,
    /// The row's key.
    pub row: &'a [u8],
    pub column: &'a str,
}

impl SealContext<'_> {
    /// Each part with its length in front, so that no two contexts give the same bytes.
    fn associated_data(&self) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [self.table.as_bytes(), self.row, self.column.as_bytes()] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

/// Why the keys can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key was given.
    #[error("no key was given")]
    Missing,
    /// A key is too short to be safe.
    #[error("key {position} has {length} characters, at least {MIN_KEY_LENGTH} are needed")]
    TooShort {
        /// Which key, counted from 1.
        position: usize,
        /// Its length in characters.
        length: usize,
    },
    /// A subkey could not be derived; it does not happen with HKDF-SHA-256 and 32-byte outputs.
    #[error("a key could not be derived")]
    Derivation,
    /// Sealing failed; it does not happen for values of less than 256 GiB.
    #[error("the value could not be sealed")]
    Seal,
}

/// Why a sealed value can't be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was sealed with a key that is no longer configured.
    #[error("the value was sealed with a key that is not among the configured ones")]
    UnknownKey,
    /// It was changed, moved, or never sealed by this program.
    #[error("the sealed value is damaged")]
    Damaged,
}

#[derive(Clone)]
struct Subkeys {
    id: [u8; KEY_ID],
    seal: XChaCha20Poly1305,
    hash: [u8; 32],
}

/// The configured keys, newest first.
#[derive(Clone)]
pub struct Keyring {
    newest: Subkeys,
    older: Vec<Subkeys>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", 1 + self.older.len())
    }
}

impl Keyring {
    /// Derives the subkeys of each key.
    ///
    /// # Errors
    /// When there is no key, or one is shorter than [`MIN_KEY_LENGTH`].
    pub fn new(keys: &[Secret]) -> Result<Self, KeyError> {
        let mut subkeys = Vec::with_capacity(keys.len());
        for (i, key) in keys.iter().enumerate() {
            let length = key.expose().chars().count();
            if length < MIN_KEY_LENGTH {
                return Err(KeyError::TooShort { position: i + 1, length });
            }
            subkeys.push(derive(key.expose().as_bytes())?);
        }
        let mut subkeys = subkeys.into_iter();
        let newest = subkeys.next().ok_or(KeyError::Missing)?;
        Ok(Self { newest, older: subkeys.collect() })
    }

    /// Seals `value` for `context` with the newest key: format, key id, nonce, ciphertext with tag.
    ///
    /// # Errors
    /// Practically never; see [`KeyError::Seal`].
    pub fn seal(
        &self,
        random: &dyn Random,
        context: SealContext<'_>,
        value: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        seal_with(&self.newest, random, context, value)
    }

    /// Opens what [`Keyring::seal`] made, with whichever configured key it names.
    ///
    /// # Errors
    /// When its key is gone, or it is not what was sealed for `context`.
    pub fn open(&self, context: SealContext<'_>, sealed: &[u8]) -> Result<Secret, OpenError> {
        let (format, rest) = sealed.split_first().ok_or(OpenError::Damaged)?;
        if *format != FORMAT {
            return Err(OpenError::Damaged);
        }
        let (id, rest) = rest.split_at_checked(KEY_ID).ok_or(OpenError::Damaged)?;
        let key = self.each().find(|key| key.id == id).ok_or(OpenError::UnknownKey)?;
        open_with(key, context, rest)
    }

    /// Whether the newest key sealed it.
    #[must_use]
    pub fn is_sealed_with_newest(&self, sealed: &[u8]) -> bool {
        sealed.get(1..1 + KEY_ID) == Some(&self.newest.id[..])
    }

    /// The hash under which a token is stored: made with the newest key, for one `purpose`.
    #[must_use]
    pub fn hash(&self, purpose: &str, token: &str) -> TokenHash {
        TokenHash(self.mac(purpose, token.as_bytes()))
    }

    /// The hashes under which a token may be stored, one for each key, newest first.
    #[must_use]
    pub fn hashes(&self, purpose: &str, token: &str) -> Vec<TokenHash> {
        self.macs(purpose, token.as_bytes()).map(TokenHash).collect()
    }

    /// An authentication code (HMAC-SHA-256) of `data` for one `purpose`, made with the newest key.
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        mac_with(&self.newest, purpose, data)
    }

    /// The authentication codes of `data`, one for each key, newest first.
    pub fn macs(&self, purpose: &str, data: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        self.each().map(move |key| mac_with(key, purpose, data))
    }

    fn each(&self) -> impl Iterator<Item = &Subkeys> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

/// Seals `value` under a key that only the holder of `token` can derive. Used to keep a refresh
/// token's successor readable to whoever still has the predecessor, and to nobody else.
///
/// # Errors
/// Practically never; see [`KeyError`].
pub fn seal_under_token(
    random: &dyn Random,
    token: &Secret,
    context: SealContext<'_>,
    value: &Secret,
) -> Result<Vec<u8>, KeyError> {
    let key = derive(token.expose().as_bytes())?;
    seal_with(&key, random, context, value.expose().as_bytes())
}

/// Opens what [`seal_under_token`] made.
///
/// # Errors
/// When `token` is not the one it was sealed under.
pub fn open_under_token(
    token: &Secret,
    context: SealContext<'_>,
    sealed: &[u8],
) -> Result<Secret, OpenError> {
    let key = derive(token.expose().as_bytes()).map_err(|_| OpenError::Damaged)?;
    let rest = sealed.get(1 + KEY_ID..).ok_or(OpenError::Damaged)?;
    open_with(&key, context, rest)
}

fn derive(key: &[u8]) -> Result<Subkeys, KeyError> {
    let hkdf = Hkdf::<Sha256>::new(Some(b"snappy-mcp"), key);
    let mut id = [0; KEY_ID];
    let mut seal = [0; 32];
    let mut hash = [0; 32];
    for (label, output) in
        [("key id", &mut id[..]), ("seal", &mut seal[..]), ("hash", &mut hash[..])]
    {
        hkdf.expand(label.as_bytes(), output).map_err(|_| KeyError::Derivation)?;
    }
    Ok(Subkeys { id, seal: XChaCha20Poly1305::new(&seal.into()), hash })
}

fn seal_with(
    key: &Subkeys,
    random: &dyn Random,
    context: SealContext<'_>,
    value: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let nonce = random::bytes::<NONCE>(random);
    let payload = Payload { msg: value, aad: &context.associated_data() };
    let sealed = key.seal.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Seal)?;
    Ok([&[FORMAT][..], &key.id, &nonce, &sealed].concat())
}

fn open_with(key: &Subkeys, context: SealContext<'_>, rest: &[u8]) -> Result<Secret, OpenError> {
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(OpenError::Damaged)?;
    let payload = Payload { msg: sealed, aad: &context.associated_data() };
    let opened =
        key.seal.decrypt(&XNonce::from(*nonce), payload).map_err(|_| OpenError::Damaged)?;
    String::from_utf8(opened).map(Secret::new).map_err(|_| OpenError::Damaged)
}

fn mac_with(key: &Subkeys, purpose: &str, data: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length, so the error arm can't be reached; an all-zero code would match
    // nothing that was ever made.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.hash) else {
        return [0; 32];
    };
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::SeededRandom;

    const CONTEXT: SealContext<'_> =
        SealContext { table: "account", row: b"1", column: "credential" };

    fn ring(keys: &[&str]) -> Keyring {
        let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
        Keyring::new(&keys).unwrap()
    }

    #[test]
    fn an_older_key_still_opens_and_a_removed_one_says_so() {
        let random = SeededRandom::new(1);
        let old = ring(&["old-key-old-key-old"]);
        let sealed = old.seal(&random, CONTEXT, b"value").unwrap();
        let both = ring(&["new-key-new-key-new", "old-key-old-key-old"]);
        assert_eq!(both.open(CONTEXT, &sealed).unwrap().expose(), "value");
        let new = ring(&["new-key-new-key-new"]);
        assert_eq!(new.open(CONTEXT, &sealed), Err(OpenError::UnknownKey));
        assert!(both.hashes("access", "t").contains(&old.hash("access", "t")));
    }

    #[test]
    fn the_same_value_is_never_sealed_alike() {
        let (keys, random) = (ring(&["key-key-key-key-key"]), SeededRandom::new(4));
        let seal = || keys.seal(&random, CONTEXT, b"value").unwrap();
        let (first, second) = (seal(), seal());
        assert_ne!(first, second);
        let nonce = |sealed: &[u8]| sealed[1 + KEY_ID..1 + KEY_ID + NONCE].to_vec();
        assert_ne!(nonce(&first), nonce(&second));
        assert_ne!(nonce(&first), [0; NONCE]);
    }

    #[test]
    fn a_value_cannot_be_moved_to_another_row_or_column() {
        let keys = ring(&["key-key-key-key-key"]);
        let sealed = keys.seal(&SeededRandom::new(1), CONTEXT, b"value").unwrap();
        for context in [
            SealContext { row: b"2", ..CONTEXT },
            SealContext { column: "profile", ..CONTEXT },
            SealContext { table: "accoun", row: b"t1", ..CONTEXT },
        ] {
            assert_eq!(keys.open(context, &sealed), Err(OpenError::Damaged));
        }
    }

    #[test]
    fn short_and_missing_keys_are_refused() {
        assert_eq!(Keyring::new(&[]).unwrap_err(), KeyError::Missing);
        let error = Keyring::new(&[Secret::new("0123456789abcdef"), Secret::new("short")]);
        assert_eq!(error.unwrap_err(), KeyError::TooShort { position: 2, length: 5 });
    }

    #[test]
    fn only_the_token_opens_what_was_sealed_under_it() {
        let random = SeededRandom::new(2);
        let (token, value) = (Secret::new("first"), Secret::new("second"));
        let sealed = seal_under_token(&random, &token, CONTEXT, &value).unwrap();
        assert_eq!(open_under_token(&token, CONTEXT, &sealed).unwrap(), value);
        assert!(open_under_token(&Secret::new("other"), CONTEXT, &sealed).is_err());
    }

    proptest! {
        #[test]
        fn whatever_was_sealed_opens_and_any_changed_byte_shows(
            value in ".{0,200}", at in any::<prop::sample::Index>(), flip in 1u8..
        ) {
            let keys = ring(&["key-key-key-key-key"]);
            let mut sealed = keys.seal(&SeededRandom::new(3), CONTEXT, value.as_bytes()).unwrap();
            let opened = keys.open(CONTEXT, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &value);
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(keys.open(CONTEXT, &sealed).is_err());
        }
    }
}
