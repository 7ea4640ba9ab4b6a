//! The text of a refresh token: derived bytes, then the numbers of the sign-in and of the token in it. So a
//! used token is recognised without being stored.

use crate::token;

/// The token of a sign-in with this number, counted from 0.
pub(crate) fn text(seed: u64, sign_in: u64, number: usize) -> String {
    let secret = token::opaque(seed, &format!("oauth/refresh/{sign_in}/{number}"), 32);
    format!("{secret}.{sign_in}.{number}")
}

/// The sign-in and the number of a token; `None` if it was never a token of this seed.
pub(crate) fn parse(seed: u64, token: &str) -> Option<(u64, usize)> {
    let mut parts = token.rsplit('.');
    let number = parts.next()?.parse().ok()?;
    let sign_in = parts.next()?.parse().ok()?;
    (text(seed, sign_in, number) == token).then_some((sign_in, number))
}
