//! Redirect URIs, as pages show them.

use snappy_oauth::client::redirect_uri;
use url::Url;

/// Where a redirect URI leads: a web host, or the kind of link that an app opens.
pub(super) fn describe(redirect_uri: &str) -> String {
    match Url::parse(redirect_uri) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => {
            url.host_str().unwrap_or(redirect_uri).to_owned()
        }
        Ok(url) => format!("the app that opens {}: links", url.scheme()),
        Err(_) => redirect_uri.to_owned(),
    }
}

/// Whether a redirect URI leads to an app on the person's own device, where any program may have
/// started the request.
pub(super) fn is_on_this_device(redirect_uri: &str) -> bool {
    redirect_uri::is_loopback(redirect_uri) || !redirect_uri.starts_with("https:")
}
