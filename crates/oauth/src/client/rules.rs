//! Which clients the operator allows and denies by name.

use std::sync::Arc;

use snappy_store::{Client, Registration};
use url::Url;

/// Clients by their ID, or by the host of their metadata document or of all their redirect URIs.
#[derive(Debug, Clone, Default)]
pub struct ClientRules {
    /// If there are any, only these may be connected, and those that the operator registered.
    pub allowed: Arc<[String]>,
    /// These may not be connected, and the connections that they have are of no use.
    pub denied: Arc<[String]>,
}

impl ClientRules {
    /// Whether a client may be connected and get tokens.
    #[must_use]
    pub fn permit(&self, client: &Client) -> bool {
        let named = |rules: &[String]| rules.iter().any(|rule| matches(rule, client));
        let is_allowed = self.allowed.is_empty()
            || client.registration == Registration::PreRegistered
            || named(&self.allowed);
        is_allowed && !named(&self.denied)
    }
}

fn matches(rule: &str, client: &Client) -> bool {
    let is_host = |url: &str| {
        let url = Url::parse(url).ok();
        url.and_then(|url| url.host_str().map(|host| host.eq_ignore_ascii_case(rule)))
            .unwrap_or(false)
    };
    let redirects = &client.redirect_uris;
    rule == client.id.as_str()
        || is_host(client.id.as_str())
        || (!redirects.is_empty() && redirects.iter().all(|uri| is_host(uri)))
}
