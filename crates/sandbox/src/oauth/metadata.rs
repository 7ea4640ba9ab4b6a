//! The metadata document.

use http::StatusCode;
use serde_json::json;

use crate::answer::Message;
use crate::call::Call;
use crate::oauth::scopes;
use crate::server::Server;

/// `GET /.well-known/oauth-authorization-server`.
pub(crate) fn metadata(server: &Server, _call: &Call) -> Message {
    let settings = server.settings();
    if let Some(custom) = &settings.oauth.metadata {
        return Message::json(StatusCode::OK, custom);
    }
    let origin = &server.origin;
    let document = json!({
        "issuer": settings.oauth.issuer.as_ref().unwrap_or(origin),
        "authorization_endpoint": format!("{origin}/oauth2/authorize"),
        "token_endpoint": format!("{origin}/api:master/oauth/token"),
        "registration_endpoint": format!("{origin}/api:master/oauth/register"),
        "revocation_endpoint": format!("{origin}/api:master/oauth/revoke"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": scopes::SUPPORTED,
        "authorization_response_iss_parameter_supported": true,
    });
    Message::json(StatusCode::OK, &document)
}
