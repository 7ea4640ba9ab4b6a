//! Which of the server's addresses a request is for. A Host that is none of them is refused, so that
//! no page can be made to call a local server under another name (DNS rebinding).

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
            let why = "the Host is not one of this server's addresses; set SNAPPY_PUBLIC_URL to \
                       the address people use";
            json_error(StatusCode::FORBIDDEN, "invalid_host", why).into_response()
        }
    }
}

/// The site that a request addresses. With a public address that is always the public one, also for
/// requests that come by a loopback name; without one, only loopback names are answered.
fn requested_site(public: Option<&Site>, headers: &HeaderMap, uri: &Uri) -> Option<Site> {
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok()?,
        // HTTP/2 carries it in the request line.
        None => uri.authority()?.as_str(),
    };
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let bare = url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let name = url.host_str().filter(|_| bare)?;
    match public {
        Some(site) => (is_loopback_name(name) || is_host_of(site, host)).then(|| site.clone()),
        None => is_loopback_name(name).then(|| Site::new(&format!("http://{host}"))),
    }
}

fn is_host_of(site: &Site, host: &str) -> bool {
    let Ok(own) = Url::parse(site.issuer()) else {
        return false;
    };
    let Ok(asked) = Url::parse(&format!("{}://{host}", own.scheme())) else {
        return false;
    };
    own.host() == asked.host() && own.port_or_known_default() == asked.port_or_known_default()
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
    fn without_a_public_address_only_loopback_names_are_answered() {
        for host in ["127.0.0.1:8787", "localhost:8787", "[::1]:8787", "localhost"] {
            assert_eq!(site(None, host), Some(format!("http://{host}")));
        }
        for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "", "a@localhost", "x/"]
        {
            assert_eq!(site(None, host), None, "{host}");
        }
    }

    #[test]
    fn with_a_public_address_it_is_the_one_address() {
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
