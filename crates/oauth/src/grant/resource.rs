//! Resource indicators (RFC 8707): which presented `resource` means this server.

use url::Url;

use crate::Site;

/// A `resource` that is not this server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the resource is not this server; it must be {0}")]
pub struct OtherResource(pub String);

/// The canonical resource for a presented one; the server's own when none was presented, because
/// clients of the 2025-03-26 revision send none.
///
/// # Errors
/// When it is another server's, or has a fragment (RFC 8707 §2).
pub fn canonical(site: &Site, presented: Option<&str>) -> Result<String, OtherResource> {
    let own = site.resource();
    let Some(presented) = presented else {
        return Ok(own);
    };
    let normal = |text: &str| {
        let url = Url::parse(text).ok()?;
        let plain = url.fragment().is_none() && url.username().is_empty();
        plain.then(|| url.as_str().trim_end_matches('/').to_owned())
    };
    if normal(presented).is_some() && normal(presented) == normal(&own) {
        Ok(own)
    } else {
        Err(OtherResource(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spellings_of_this_server_are_accepted() {
        let site = Site::new("https://mcp.example/");
        for presented in [
            None,
            Some("https://mcp.example/mcp"),
            Some("https://mcp.example/mcp/"),
            Some("https://MCP.example/mcp"),
            Some("https://mcp.example:443/mcp"),
        ] {
            let own = "https://mcp.example/mcp".to_owned();
            assert_eq!(canonical(&site, presented), Ok(own), "{presented:?}");
        }
        for presented in [
            "https://mcp.example/mcp#x",
            "https://mcp.example/mcpx",
            "https://mcp.example/mc",
            "https://mcp.example/mcp/other",
            "https://mcp.example/mcp?x=1",
            "http://mcp.example/mcp",
            "https://mcp.example:8443/mcp",
            "https://other.example/mcp",
            "https://user@mcp.example/mcp",
            "mcp",
            "",
        ] {
            assert!(canonical(&site, Some(presented)).is_err(), "{presented}");
        }
    }
}
