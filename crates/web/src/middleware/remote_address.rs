//! The address that a request comes from, which rate limits and the audit trail use.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;

use crate::app::App;

/// The address at the other end of the connection. A host that knows it puts it into the request's
/// extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The address of the sender, which [`resolve`] puts into the request's extensions: an IPv4 address, also where
/// it comes in IPv6 form, an IPv6 /64 prefix, or `unknown`.
#[derive(Debug, Clone)]
pub(crate) struct RemoteAddress(pub(crate) String);

/// Resolves the address of the sender.
pub(crate) async fn resolve(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|Peer(address)| *address);
    let address = remote_address(peer, request.headers(), app.limits.trusted_proxies);
    request.extensions_mut().insert(RemoteAddress(address));
    next.run(request).await
}

/// The address of the peer or, behind trusted proxies, the one they report in `X-Forwarded-For`. That
/// is counted from the right, because the sender can put anything on the left.
fn remote_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted_proxies: usize) -> String {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim);
    let forwarded: Vec<_> = forwarded.collect();
    let reported = trusted_proxies
        .checked_sub(1)
        .and_then(|index| forwarded.iter().rev().nth(index))
        .and_then(|address| address.parse::<IpAddr>().ok());
    match reported.or(peer).map(|address| address.to_canonical()) {
        // One household or office usually has a whole /64.
        Some(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Some(IpAddr::V4(v4)) => v4.to_string(),
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_in_ipv6_form_is_that_address() {
        for (address, is) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ] {
            let peer = Some(address.parse().unwrap());
            assert_eq!(remote_address(peer, &HeaderMap::new(), 0), is);
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", address.parse().unwrap());
            assert_eq!(remote_address(None, &headers, 1), is);
        }
    }
}
