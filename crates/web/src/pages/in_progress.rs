//! What a sign-in at Xano needs when the browser comes back, in cookies of this browser: no cookie is longer than
//! browsers store, and abandoned sign-ins make room.

use cookie::Cookie;
use http::{HeaderMap, HeaderValue, header};
use snappy_domain::Timestamp;
use snappy_oauth::Site;

use super::cookies;

const MAX_AGE_SECONDS: u32 = 1800;
/// How long the value of one cookie may be. Browsers store 4,096 bytes with the name and the attributes.
const PIECE: usize = 3_600;
/// How many cookies one sign-in may have. Proxies usually take headers of 8 kB.
const PIECES: usize = 2;
/// How many sign-ins a browser may have in progress at a time.
const AT_A_TIME: usize = 2;

/// A kind of sign-in, as the start of its cookies' names.
#[derive(Debug, Clone, Copy)]
pub(super) struct InProgress(pub(super) &'static str);

impl InProgress {
    /// The cookies that keep `value` under a state, and remove the oldest sign-ins; `None` when it is too long.
    pub(super) fn keep(
        self,
        site: &Site,
        headers: &HeaderMap,
        now: Timestamp,
        state: &str,
        value: &str,
    ) -> Option<Vec<HeaderValue>> {
        let pieces: Vec<_> = value.as_bytes().chunks(PIECE).collect();
        if pieces.len() > PIECES {
            return None;
        }
        // Names sort by age.
        let begun = now.as_second().max(0);
        let name = format!("{}-{begun:010x}-{}", self.0, id(state));
        let mut known = self.names(site, headers);
        known.sort_unstable();
        let surplus = known.len().saturating_sub(AT_A_TIME - 1);
        let mut cookies: Vec<_> =
            known.iter().take(surplus).flat_map(|old| remove(site, old)).collect();
        for (number, piece) in pieces.into_iter().enumerate() {
            let piece = std::str::from_utf8(piece).ok()?;
            let name = piece_name(&name, number);
            cookies.extend(cookies::set(site, &name, piece, MAX_AGE_SECONDS));
        }
        Some(cookies)
    }

    /// What was kept under a state. The state may be forged; then there is nothing.
    pub(super) fn find(self, site: &Site, headers: &HeaderMap, state: &str) -> Option<String> {
        let name = self.name_of(site, headers, state)?;
        let pieces =
            (0..PIECES).map_while(|number| cookies::get(headers, site, &piece_name(&name, number)));
        Some(pieces.collect())
    }

    /// The cookies that remove what was kept under a state.
    pub(super) fn forget(self, site: &Site, headers: &HeaderMap, state: &str) -> Vec<HeaderValue> {
        self.name_of(site, headers, state).iter().flat_map(|name| remove(site, name)).collect()
    }

    fn name_of(self, site: &Site, headers: &HeaderMap, state: &str) -> Option<String> {
        let id = format!("-{}", id(state));
        self.names(site, headers).into_iter().find(|name| name.ends_with(&id))
    }

    /// The names of the first cookies of all sign-ins in progress.
    fn names(self, site: &Site, headers: &HeaderMap) -> Vec<String> {
        let start = format!("{}-", cookies::full_name(site, self.0));
        let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let all = all.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let own = all.filter_map(|cookie| {
            let rest = cookie.name().strip_prefix(&start)?;
            (!rest.ends_with(SECOND)).then(|| format!("{}-{rest}", self.0))
        });
        own.collect()
    }
}

/// The end of the name of the second cookie of a sign-in.
const SECOND: &str = ".2";

fn piece_name(name: &str, number: usize) -> String {
    if number == 0 { name.to_owned() } else { format!("{name}{SECOND}") }
}

fn remove(site: &Site, name: &str) -> Vec<HeaderValue> {
    let pieces =
        (0..PIECES).filter_map(|number| cookies::set(site, &piece_name(name, number), "", 0));
    pieces.collect()
}

/// A part of the state that fits into the name of a cookie.
fn id(state: &str) -> String {
    let safe = state.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_');
    safe.take(12).collect()
}
