//! Tokens and ids that look random. They are derived from the seed, so they are the same after a restart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// `{"alg":"A256KW","enc":"A256CBC-HS512","zip":"DEF"}`, the protected header of Xano's tokens.
const HEADER: &str = "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwiemlwIjoiREVGIn0";
/// Bytes of the parts after the header: wrapped key, initialisation vector, ciphertext, tag.
const PARTS: [(&str, usize); 4] = [("key", 72), ("iv", 16), ("text", 144), ("tag", 32)];

/// A token in Xano's format: five base64url parts joined by dots.
pub(crate) fn token(seed: u64, kind: &str, user: u64, generation: u64) -> String {
    let mut token = HEADER.to_owned();
    for (part, length) in PARTS {
        token.push('.');
        let label = format!("{kind}/{user}/{generation}/{part}");
        token.push_str(&URL_SAFE_NO_PAD.encode(bytes(seed, &label, length)));
    }
    token
}

/// The GUID of an object, 27 characters.
pub(crate) fn guid(seed: u64, label: &str) -> String {
    opaque(seed, label, 20)
}

/// Bytes in base64url.
pub(crate) fn opaque(seed: u64, label: &str, length: usize) -> String {
    URL_SAFE_NO_PAD.encode(bytes(seed, label, length))
}

/// The SHA-256 of a text in base64url: what is stored of an access token, and the S256 challenge of a PKCE
/// verifier.
pub(crate) fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// A short hex string, as index ids are.
pub(crate) fn short_hex(seed: u64, label: &str) -> String {
    hex(&bytes(seed, label, 4))
}

/// A version 4 UUID.
pub(crate) fn uuid(seed: u64, label: &str) -> String {
    let digits = hex(&bytes(seed, label, 16));
    let mut uuid = String::with_capacity(36);
    for (position, digit) in digits.chars().enumerate() {
        if matches!(position, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(match position {
            12 => '4',
            16 => 'a',
            _ => digit,
        });
    }
    uuid
}

/// The hash of a password, in Xano's `salt.digest` format.
pub(crate) fn password(text: &str) -> String {
    let salt = hex(&bytes(0, text, 8));
    format!("{salt}.{}", hex(&bytes(1, &format!("{salt}{text}"), 32)))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(seed: u64, label: &str, length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|block| Sha256::digest(format!("snappy-sandbox/{seed}/{label}/{block}")))
        .take(length)
        .collect()
}
