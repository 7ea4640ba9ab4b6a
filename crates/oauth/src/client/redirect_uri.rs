//! Redirect URIs: which may be registered, and when a presented one matches a registered one.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::Url;

/// Private-use redirect URIs of known clients. MCP requires https or loopback; these clients have neither,
/// and PKCE protects against the interception that the rule is about.
const KNOWN_PRIVATE_USE: [&str; 1] = ["cursor://anysphere.cursor-mcp/oauth/callback"];

const DANGEROUS_SCHEMES: [&str; 8] =
    ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"];

const MAX_LENGTH: usize = 2_000;

/// Why a redirect URI can't be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsuitable {
    /// It could be used against the person; the whole registration is refused.
    #[error("is dangerous: {0}")]
    Dangerous(&'static str),
    /// It is of a kind that this server does not redirect to.
    #[error("is neither https nor http on a loopback address")]
    Unsupported,
}

/// Checks a redirect URI for registration (RFC 8252 §7, RFC 6749 §3.1.2).
///
/// # Errors
/// When it is not one this server will ever redirect to.
pub fn check(uri: &str) -> Result<(), Unsuitable> {
    if uri.len() > MAX_LENGTH {
        return Err(Unsuitable::Dangerous("it is longer than 2,000 characters"));
    }
    if uri.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || !c.is_ascii()) {
        return Err(Unsuitable::Dangerous("it has a character that is not allowed in a URI"));
    }
    let parsed = Url::parse(uri).map_err(|_| Unsuitable::Dangerous("it is not an absolute URI"))?;
    if DANGEROUS_SCHEMES.contains(&parsed.scheme()) {
        return Err(Unsuitable::Dangerous("its scheme can run code or open files"));
    }
    if uri.contains('#') {
        return Err(Unsuitable::Dangerous("it has a fragment"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(Unsuitable::Dangerous("it has a user name"));
    }
    if !uri.starts_with(parsed.scheme()) {
        return Err(Unsuitable::Dangerous("its scheme is not written in lower case"));
    }
    match parsed.scheme() {
        "https" if parsed.host_str().is_some() => Ok(()),
        "http" if loopback_parts(uri).is_some() => Ok(()),
        _ if KNOWN_PRIVATE_USE.contains(&uri) => Ok(()),
        _ => Err(Unsuitable::Unsupported),
    }
}

/// Whether `presented` is `registered`: byte for byte, but for the port of an http loopback address
/// (RFC 8252 §7.3). Hosts are compared as written: `localhost` is not `127.0.0.1`.
#[must_use]
pub fn matches(registered: &str, presented: &str) -> bool {
    if registered == presented {
        return true;
    }
    match (loopback_parts(registered), loopback_parts(presented)) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

/// Whether it is a loopback address: an app on the person's own computer.
#[must_use]
pub fn is_loopback(uri: &str) -> bool {
    loopback_parts(uri).is_some()
}

/// The host and the rest of an http loopback address, without its port; `None` for any other.
fn loopback_parts(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (address, port) = v6.split_once(']')?;
            address.parse::<Ipv6Addr>().ok().filter(Ipv6Addr::is_loopback)?;
            (address, port.strip_prefix(':').or(port.is_empty().then_some(""))?)
        }
        None => {
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            let v4 = host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
            if host != "localhost" && !v4 {
                return None;
            }
            (host, port)
        }
    };
    let port_is_fine = (port.is_empty() && !authority.ends_with(':'))
        || (port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok());
    port_is_fine.then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_redirect_uris_of_known_clients_can_be_registered() {
        for uri in [
            "https://claude.ai/api/mcp/auth_callback",
            "https://claude.com/api/mcp/auth_callback",
            "http://localhost/callback",
            "http://127.0.0.1/callback",
            "http://localhost:3118/callback",
            "https://chatgpt.com/connector/oauth/abc123",
            "https://chatgpt.com/connector_platform_oauth_redirect",
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://127.0.0.1:33418",
            "http://127.0.0.1:33418/",
            "https://vscode.dev/redirect",
            "https://insiders.vscode.dev/redirect",
            "http://localhost:7777/oauth/callback",
            "http://[::1]:5000/cb",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn dangerous_and_unsupported_ones_cannot() {
        for uri in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://x/1",
            "https://client.example/cb#fragment",
            "https://user@client.example/cb",
            "https://client.example\\@evil.example/",
            "HTTPS://client.example/cb",
            "Http://localhost/cb",
            "/relative",
            "",
        ] {
            assert!(matches!(check(uri), Err(Unsuitable::Dangerous(_))), "{uri}");
        }
        for uri in [
            "http://client.example/cb",
            "http://localhost.evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://192.168.0.1/cb",
            "myapp://callback",
            "http://localhost:99999/cb",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a13_only_the_port_of_a_loopback_address_may_differ() {
        let matrix = [
            ("http://localhost/callback", "http://localhost:4711/callback", true),
            ("http://localhost:1/callback", "http://localhost:4711/callback", true),
            ("http://localhost:1/callback", "http://localhost/callback", true),
            ("http://127.0.0.1/callback", "http://127.0.0.1:4711/callback", true),
            ("http://127.0.0.1:33418", "http://127.0.0.1:4711", true),
            ("http://[::1]/cb", "http://[::1]:9/cb", true),
            ("http://localhost/callback", "http://127.0.0.1:4711/callback", false),
            ("http://127.0.0.1/callback", "http://localhost:4711/callback", false),
            ("http://127.0.0.1/cb", "http://127.0.0.2/cb", false),
            ("http://localhost/callback", "https://localhost:4711/callback", false),
            ("http://localhost/callback", "http://localhost:4711/callback/", false),
            ("http://localhost/callback", "http://localhost:4711/callback?x=1", false),
            ("http://localhost/callback", "http://localhost:4711/Callback", false),
            ("http://localhost/callback", "http://localhost:4711/callback#x", false),
            ("http://localhost/callback", "http://a@localhost:4711/callback", false),
            ("http://localhost/callback", "http://localhost:/callback", false),
            ("http://localhost/callback", "http://localhost:4711@evil.example/callback", false),
            ("http://localhost/callback", "http://localhost:4 711/callback", false),
            ("https://client.example/cb", "https://client.example/cb", true),
            ("https://client.example/cb", "https://client.example:443/cb", false),
            ("https://client.example/cb", "https://client.example:8443/cb", false),
            ("https://client.example/cb", "https://client.example/cb/../x", false),
            ("https://client.example/cb", "https://CLIENT.example/cb", false),
            ("https://client.example/cb", "https://client.example/%63b", false),
            ("https://client.example/cb", "https://client.example/cb?x", false),
        ];
        for (registered, presented, expected) in matrix {
            assert_eq!(matches(registered, presented), expected, "{registered} {presented}");
        }
    }

    proptest! {
        #[test]
        fn what_matches_leads_to_the_same_host_and_path(
            host in "localhost|127\\.0\\.0\\.1|client\\.example",
            presented in "http://[a-z0-9.@:\\[\\]/?#%-]{0,40}",
        ) {
            let registered = format!("http://{host}:80/callback");
            if matches(&registered, &presented) {
                let url = Url::parse(&presented).unwrap();
                prop_assert_eq!(url.host_str(), Some(host.as_str()));
                prop_assert_eq!(url.path(), "/callback");
                prop_assert!(url.username().is_empty() && url.query().is_none());
            }
        }
    }
}
