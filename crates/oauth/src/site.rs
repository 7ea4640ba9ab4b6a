//! Where clients reach the server.

/// The server's address as its clients see it: the issuer, from which everything else follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    issuer: String,
}

impl Site {
    /// A site at an origin (`scheme://host[:port]`); a trailing slash is dropped.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self { issuer: origin.trim_end_matches('/').to_owned() }
    }

    /// The issuer identifier (RFC 8414 §2), without a trailing slash.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The protected resource: the MCP endpoint, exactly as people type it.
    #[must_use]
    pub fn resource(&self) -> String {
        self.url("/mcp")
    }

    /// The URL of one of the server's paths.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// Whether the site is served over TLS, so that cookies can be marked `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.issuer.starts_with("https://")
    }
}
