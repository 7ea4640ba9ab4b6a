//! The discovery documents: authorization server metadata (RFC 8414) and protected resource metadata
//! (RFC 9728).

use serde_json::{Value, json};
use snappy_store::TokenEndpointAuth;

use crate::client::ALGORITHMS;
use crate::grant::token::GrantType;
use crate::{Admission, Config, Service, Site};

fn scopes(service: &Service) -> Vec<&'static str> {
    service.scopes.iter().map(|scope| scope.name).collect()
}

/// Authorization server metadata (RFC 8414 §2, RFC 9207 §3).
#[must_use]
pub fn authorization_server(site: &Site, config: &Config) -> Value {
    let methods: Vec<_> =
        TokenEndpointAuth::ALL.into_iter().map(TokenEndpointAuth::as_str).collect();
    let algorithms = ALGORITHMS.map(|(_, name)| name);
    let admission = config.admission;
    let mut offered = scopes(&config.service);
    offered.push("offline_access");
    let mut document = json!({
        "issuer": site.issuer(),
        "authorization_endpoint": site.url("/authorize"),
        "token_endpoint": site.url("/token"),
        "revocation_endpoint": site.url("/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GrantType::ALL.map(GrantType::as_str),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": offered,
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": admission != Admission::Closed,
    });
    if admission == Admission::Open
        && let Some(document) = document.as_object_mut()
    {
        document.insert("registration_endpoint".into(), site.url("/register").into());
    }
    document
}

/// Protected resource metadata (RFC 9728 §2).
#[must_use]
pub fn protected_resource(site: &Site, service: &Service) -> Value {
    json!({
        "resource": site.resource(),
        "resource_name": service.resource_name,
        "authorization_servers": [site.issuer()],
        "scopes_supported": scopes(service),
        "bearer_methods_supported": ["header"],
    })
}
