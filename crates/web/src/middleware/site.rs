//! The check of the Host header against the server's address. Other hosts are rejected, so that a web
//! page can't call a local server under another name (DNS rebinding).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, Uri, header};
use snappy_oauth::Site;
use snappy_xano::origin::is_loopback_name;
use url::Url;

use crate::app::App;
use crate::responses::json_error;

/// Puts the request's [`Site`] into its extensions.
pub(crate) async fn resolve(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match requested_site(app.public.as_ref(), request.headers(), request.uri()) {
        Some(site) => {
            request.extensions_mut().insert(site);
            next.run(request).await
        }
        None => {
            let why = "the Host header does not match the address of this server; set \
                       SNAPPY_PUBLIC_URL to its public address";
            json_error(StatusCode::FORBIDDEN, "invalid_host", why).into_response()
        }
    }
}

/// The site that a request addresses. If a public address is configured, it is always that one, also for
/// requests to a loopback name. Otherwise only loopback names are allowed.
fn requested_site(public: Option<&Site>, headers: &HeaderMap, uri: &Uri) -> Option<Site> {
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok()?,
        // HTTP/2 sends it as `:authority`.
        None => uri.authority()?.as_str(),
    };
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let is_bare = url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let name = url.host_str().filter(|_| is_bare)?;
    match public {
        Some(site) => (is_loopback_name(name) || is_host_of(site, host)).then(|| site.clone()),
        None => is_loopback_name(name).then(|| Site::new(&format!("http://{host}"))),
    }
}

fn is_host_of(site: &Site, host: &str) -> bool {
    let Ok(own) = Url::parse(site.issuer()) else {
        return false;
    };
    let Ok(requested) = Url::parse(&format!("{}://{host}", own.scheme())) else {
        return false;
    };
    own.host() == requested.host()
        && own.port_or_known_default() == requested.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(public: Option<&str>, host: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        let public = public.map(Site::new);
        requested_site(public.as_ref(), &headers, &Uri::from_static("/"))
            .map(|site| site.issuer().to_owned())
    }

    #[test]
    fn without_a_public_address_only_loopback_names_are_allowed() {
        for host in ["127.0.0.1:8787", "localhost:8787", "[::1]:8787", "localhost"] {
            assert_eq!(site(None, host), Some(format!("http://{host}")));
        }
        for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "", "a@localhost", "x/"]
        {
            assert_eq!(site(None, host), None, "{host}");
        }
    }

    #[test]
    fn with_a_public_address_every_request_gets_that_site() {
        let public = Some("https://mcp.example");
        for host in ["mcp.example", "MCP.example", "mcp.example:443", "127.0.0.1:9001", "localhost"]
        {
            assert_eq!(site(public, host).as_deref(), public, "{host}");
        }
        for host in ["evil.example", "mcp.example.evil.example", "mcp.example:8443"] {
            assert_eq!(site(public, host), None, "{host}");
        }
    }
}
