//! The hosts that may receive a Xano key. The client sends requests only to a [`XanoOrigin`], and only
//! this module creates one: from the operator's settings, or from the caller's own list of instances after
//! checking the host. A tool argument never becomes a host.

use std::fmt;
use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};

/// The domains under which Xano runs its hosts, with a dot so that only whole labels match.
const XANO_DOMAINS: [&str; 2] = [".xano.io", ".xano.com"];

/// A checked origin: scheme, host, port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct XanoOrigin(String);

impl XanoOrigin {
    /// The origin's text, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl XanoOrigin {
    /// The host, without a port.
    #[must_use]
    pub fn host(&self) -> String {
        let url = Url::parse(&self.0).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl fmt::Display for XanoOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a URL can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It is not a URL.
    #[error("it is not a URL such as https://host")]
    NotAUrl,
    /// It has more than a scheme, a host and a port.
    #[error(
        "it must be https:// with a host and an optional port, without a path, query or user name"
    )]
    NotAnOrigin,
    /// Plain http for a host other than a listed loopback address.
    #[error(
        "plain http is allowed only for a loopback address that XANO_EXTRA_HOSTS lists with its port"
    )]
    PlainHttp,
    /// A scheme that is neither https nor http.
    #[error("it must start with https://")]
    Scheme,
}

/// An exact `host[:port]` that the operator allows besides the account's own instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraHost {
    host: String,
    port: Option<u16>,
}

impl ExtraHost {
    /// Reads `host`, `host:port` or `[v6]:port`.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(&format!("https://{text}")).map_err(|_| OriginError::NotAUrl)?;
        // Parsing and formatting must give the same text, so it has no path, user name or escapes. The
        // parser drops port 443, so that is read from the text.
        let host = url.host_str().ok_or(OriginError::NotAUrl)?;
        let port = url.port().or(text.ends_with(":443").then_some(443));
        let written = match port {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        if !written.eq_ignore_ascii_case(text) {
            return Err(OriginError::NotAnOrigin);
        }
        Ok(Self { host: host.to_owned(), port })
    }

    /// The host, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the entry allows the URL. Without a port, it allows only the scheme's default port.
    fn allows(&self, url: &Url) -> bool {
        let port = self.port.or(match url.scheme() {
            "https" => Some(443),
            _ => Some(80),
        });
        url.host_str() == Some(self.host.as_str()) && url.port_or_known_default() == port
    }
}

/// The hosts that may receive a Xano key.
#[derive(Debug, Clone)]
pub struct HostPolicy {
    account: XanoOrigin,
    extra: Vec<ExtraHost>,
}

impl HostPolicy {
    /// A policy with the origin of the account-level API and the operator's extra hosts.
    ///
    /// # Errors
    /// When `account` is not an allowed origin.
    pub fn new(account: &str, extra: Vec<ExtraHost>) -> Result<Self, OriginError> {
        let account = configured(account, &extra)?;
        Ok(Self { account, extra })
    }

    /// The account-level Metadata API.
    #[must_use]
    pub const fn account(&self) -> &XanoOrigin {
        &self.account
    }

    /// An origin from the operator's settings.
    ///
    /// # Errors
    /// When it is not an origin, or is plain http where that is not allowed.
    pub fn configured(&self, text: &str) -> Result<XanoOrigin, OriginError> {
        configured(text, &self.extra)
    }

    /// The origin of an instance in the caller's list: the first of `meta_api`, `xano_domain` and
    /// `custom_domain` whose host Xano runs or the operator allows. `None` when there is none.
    #[must_use]
    pub fn instance(&self, record: &Value) -> Option<XanoOrigin> {
        let text = |field: &str| record.get(field).and_then(Value::as_str);
        let meta_api = text("meta_api").and_then(|text| Url::parse(text).ok());
        let domains = [text("xano_domain"), text("custom_domain")];
        let domains = domains.into_iter().flatten().filter_map(|domain| self.domain(domain));
        meta_api.into_iter().chain(domains).find_map(|url| self.allowed_origin(&url))
    }

    /// The origin that an access token of Xano's OAuth server is for (`aud`), if it may receive the token.
    #[must_use]
    pub fn audience(&self, text: &str) -> Option<XanoOrigin> {
        let url = Url::parse(text).ok().filter(is_origin)?;
        self.allowed_origin(&url)
    }

    /// An endpoint of Xano's OAuth server: on the account's own origin, or on a host that the operator allows.
    #[must_use]
    pub fn endpoint(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let plain =
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let is_allowed = origin_of(&url) == self.account
            || is_listed(&url, &self.extra).is_ok_and(|listed| listed);
        (plain && is_allowed).then_some(url)
    }

    /// The URL of a domain, if the text is a domain and nothing else.
    fn domain(&self, domain: &str) -> Option<Url> {
        let host = ExtraHost::parse(domain).ok()?;
        let plain = self.extra.contains(&host) && is_loopback_name(&host.host);
        let scheme = if plain { "http" } else { "https" };
        Url::parse(&format!("{scheme}://{domain}")).ok()
    }

    fn allowed_origin(&self, url: &Url) -> Option<XanoOrigin> {
        let origin = origin_of(url);
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let is_configured =
            origin == self.account || is_listed(url, &self.extra).is_ok_and(|listed| listed);
        (is_configured || is_xano_host(url)).then_some(origin)
    }
}

/// Whether the URL is https on the default port of a host that Xano runs.
fn is_xano_host(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else {
        return false;
    };
    url.scheme() == "https"
        && url.port().is_none()
        && XANO_DOMAINS
            .iter()
            .any(|domain| host.strip_suffix(domain).is_some_and(|label| !label.is_empty()))
}

/// Whether the operator lists the host.
///
/// # Errors
/// When the scheme can't be used.
fn is_listed(url: &Url, extra: &[ExtraHost]) -> Result<bool, OriginError> {
    let listed = extra.iter().any(|extra| extra.allows(url));
    match url.scheme() {
        "https" => Ok(listed),
        "http" if listed && url.host_str().is_some_and(is_loopback_name) => Ok(true),
        "http" => Err(OriginError::PlainHttp),
        _ => Err(OriginError::Scheme),
    }
}

fn configured(text: &str, extra: &[ExtraHost]) -> Result<XanoOrigin, OriginError> {
    let url = Url::parse(text).map_err(|_| OriginError::NotAUrl)?;
    is_listed(&url, extra)?;
    if is_origin(&url) { Ok(origin_of(&url)) } else { Err(OriginError::NotAnOrigin) }
}

/// Whether the URL has no more than a scheme, a host and a port.
fn is_origin(url: &Url) -> bool {
    url.host_str().is_some_and(|host| !host.is_empty())
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn origin_of(url: &Url) -> XanoOrigin {
    XanoOrigin(url.origin().ascii_serialization())
}

/// Whether the host of a URL is a loopback address or `localhost`.
#[must_use]
pub fn is_loopback_name(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn policy(extra: &[&str]) -> HostPolicy {
        let extra = extra.iter().map(|text| ExtraHost::parse(text).unwrap()).collect();
        HostPolicy::new("https://app.xano.com", extra).unwrap()
    }

    fn instance(policy: &HostPolicy, record: &Value) -> Option<String> {
        policy.instance(record).map(|origin| origin.to_string())
    }

    #[test]
    fn instances_are_reached_where_xano_says_if_xano_runs_the_host() {
        let record = json!({
            "meta_api": "https://x1234-4567-8901.n7.xano.com/api:meta",
            "xano_domain": "x1234-4567-8901.n7.xano.io",
        });
        let found = instance(&policy(&[]), &record);
        assert_eq!(found.as_deref(), Some("https://x1234-4567-8901.n7.xano.com"));
        let record = json!({"xano_domain": "x1.n7c.xano.io", "custom_domain": "api.acme.example"});
        let found = instance(&policy(&[]), &record);
        assert_eq!(found.as_deref(), Some("https://x1.n7c.xano.io"));
    }

    #[test]
    fn a_custom_domain_is_used_only_when_the_operator_allows_it() {
        let record = json!({"meta_api": "https://api.acme.example/api:meta"});
        assert_eq!(instance(&policy(&[]), &record), None);
        let found = instance(&policy(&["api.acme.example"]), &record);
        assert_eq!(found.as_deref(), Some("https://api.acme.example"));
        assert_eq!(instance(&policy(&["api.acme.example:8443"]), &record), None);
    }

    #[test]
    fn hostile_records_have_no_origin() {
        for address in [
            "https://attacker.example/api:meta",
            "https://x.xano.io.attacker.example/api:meta",
            "https://attacker.example/.xano.io",
            "https://attacker.example#.xano.io",
            "https://attacker.example\\.xano.io",
            "https://x.xano.io@attacker.example/api:meta",
            "https://user:pw@x.n7.xano.io/api:meta",
            "https://x.n7.xano.io:8443/api:meta",
            "https://xano.io/api:meta",
            "https://.xano.io/api:meta",
            "https://evilxano.io/api:meta",
            "https://x.xano.io./api:meta",
            "http://x.n7.xano.io/api:meta",
            "https://127.0.0.1/api:meta",
            "https://169.254.169.254/api:meta",
            "https://[::1]/api:meta",
            "https://2130706433/api:meta",
            "https://0x7f.1/api:meta",
            "http://127.0.0.1:9999/api:meta",
            "ftp://x.n7.xano.io/",
            "file:///etc/passwd",
            "//x.n7.xano.io",
            "",
        ] {
            let policy = policy(&["127.0.0.1:8788"]);
            for field in ["meta_api", "xano_domain", "custom_domain"] {
                let found = instance(&policy, &json!({field: address}));
                assert_eq!(found, None, "{field} {address}");
            }
        }
        for domain in [
            "attacker.example/?.xano.io",
            "attacker.example#.xano.io",
            "user@x.n7.xano.io",
            "x.n7.xano.io/path",
            "x.n7.xano.io?query",
            "x.n7.xano.io\r\nHost: attacker.example",
            "attacker.example\\.xano.io",
            "127.0.0.1:9999",
            "%61ttacker.example",
        ] {
            assert_eq!(instance(&policy(&[]), &json!({"xano_domain": domain})), None, "{domain}");
        }
    }

    #[test]
    fn plain_http_is_only_for_listed_loopback_addresses() {
        let local = policy(&["127.0.0.1:8788", "localhost:8788", "[::1]:8788", "10.0.0.1:80"]);
        for origin in ["http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788"] {
            assert_eq!(local.configured(origin).unwrap().as_str(), origin);
        }
        let domain = json!({"xano_domain": "127.0.0.1:8788"});
        assert_eq!(instance(&local, &domain).as_deref(), Some("http://127.0.0.1:8788"));
        for refused in ["http://127.0.0.1:8789", "http://10.0.0.1", "http://app.xano.com"] {
            assert_eq!(local.configured(refused), Err(OriginError::PlainHttp), "{refused}");
        }
    }

    #[test]
    fn settings_accept_only_origins() {
        let policy = policy(&[]);
        assert!(policy.configured("https://x.example/").is_ok());
        for text in ["https://x.example/api", "https://x.example?x", "https://u@x.example"] {
            assert_eq!(policy.configured(text), Err(OriginError::NotAnOrigin), "{text}");
        }
        assert_eq!(policy.configured("x.example"), Err(OriginError::NotAUrl));
        for more in ["https://x.example", "x.example/", "u@x.example", "x.example?", ""] {
            assert!(ExtraHost::parse(more).is_err(), "{more}");
        }
    }

    proptest! {
        #[test]
        fn an_allowed_host_is_always_one_of_xanos(text in "(https?://)?[a-z.:@/#?\\\\%0-9]{0,20}(\\.xano\\.io)?[a-z.:@/#?\\\\]{0,12}") {
            for field in ["meta_api", "xano_domain", "custom_domain"] {
                if let Some(origin) = policy(&[]).instance(&json!({field: text})) {
                    let url = Url::parse(origin.as_str()).unwrap();
                    let host = url.host_str().unwrap();
                    prop_assert!(host.ends_with(".xano.io") || host.ends_with(".xano.com"));
                    prop_assert_eq!(url.scheme(), "https");
                }
            }
        }
    }
}
