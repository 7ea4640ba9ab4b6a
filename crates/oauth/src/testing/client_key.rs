//! A client's key, and the assertions that it signs, well-formed or not.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use snappy_domain::Timestamp;

/// A private key.
#[derive(Debug)]
pub struct ClientKey {
    /// Its id.
    pub kid: String,
    pair: Pair,
}

#[derive(Debug)]
enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl ClientKey {
    /// A new P-256 key, for ES256.
    #[must_use]
    pub fn ec(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { kid: kid.into(), pair: Pair::Ec(pair) }
    }

    /// A new RSA key, for RS256.
    #[must_use]
    pub fn rsa(kid: &str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self { kid: kid.into(), pair: Pair::Rsa(pair) }
    }

    /// The algorithm it signs with.
    #[must_use]
    pub const fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Ec(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// Its public half (RFC 7517).
    #[must_use]
    pub fn jwk(&self) -> Value {
        match &self.pair {
            Pair::Ec(pair) => {
                // An uncompressed point: 4, x, y.
                let (x, y) = pair.public_key().as_ref().split_at(33);
                let x = x.split_first().unwrap().1;
                json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "use": "sig",
                       "x": encode(x), "y": encode(y)})
            }
            Pair::Rsa(pair) => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "kid": self.kid, "n": encode(parts.n), "e": encode(parts.e)})
            }
        }
    }

    /// A JWK Set with this key alone.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({"keys": [self.jwk()]})
    }

    /// A JWT with these parts, signed with this key whatever the header says.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", encode(signature))
    }

    /// The header of an assertion.
    #[must_use]
    pub fn header(&self) -> Value {
        json!({"alg": self.alg(), "kid": self.kid, "typ": "JWT"})
    }

    /// An assertion as it should be (RFC 7523 §3).
    #[must_use]
    pub fn assertion(&self, client: &str, audience: &str, now: Timestamp, jti: &str) -> String {
        self.sign(&self.header(), &claims(client, audience, now, jti))
    }
}

/// The claims of an assertion.
#[must_use]
pub fn claims(client: &str, audience: &str, now: Timestamp, jti: &str) -> Value {
    let now = now.as_second();
    json!({
        "iss": client, "sub": client, "aud": audience, "jti": jti, "iat": now, "exp": now + 300,
    })
}
