//! The end-to-end cases of Cloudflare's workers-oauth-provider 0.10.3, by their names and for the same
//! revisions of MCP, so that whoever comes from there finds everything. Where this server does
//! otherwise, the case says so.

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{
    Browser, CALLBACK, Connection, Registered, Reply, TestApp, VERIFIER, form_request, parameter,
    request,
};

const ORIGIN: &str = "http://127.0.0.1:8787";
const RESOURCE: &str = "http://127.0.0.1:8787/mcp";
const OTHER: &str = "http://127.0.0.1:8787/other-resource";
const ALL: [&str; 4] = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

fn since(first: &str) -> impl Iterator<Item = &'static str> {
    ALL.into_iter().filter(move |revision| *revision >= first)
}

/// A server and a client of one revision. The first revision knows no resource indicators.
struct OAuth {
    app: TestApp,
    resource: &'static str,
}

/// A client with the way it proves itself.
struct Client {
    registered: Registered,
    method: &'static str,
}

impl OAuth {
    async fn new(revision: &str) -> Self {
        Self::with(revision, &[]).await
    }

    async fn with(revision: &str, settings: &[(&'static str, &str)]) -> Self {
        let resource = if revision == "2025-03-26" { "" } else { RESOURCE };
        Self { app: TestApp::start_with(settings).await, resource }
    }

    async fn client(&self, method: &'static str) -> Client {
        let metadata = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": method});
        Client { registered: Registered::with(&self.app, &metadata).await, method }
    }

    fn authorize_url(&self, client: &Client, changes: &[(&str, &str)]) -> String {
        let changes = [&[("resource", self.resource)], changes].concat();
        client.registered.authorize_with(&changes)
    }

    /// Allows it, and gives the address with the code.
    async fn authorize(&self, client: &Client, changes: &[(&str, &str)]) -> String {
        Browser::default().allow(&self.app, &self.authorize_url(client, changes)).await
    }

    /// Sends a form to an endpoint with the client's proof.
    async fn send(&self, client: &Client, path: &str, form: &[(&str, &str)]) -> Reply {
        let id = client.registered.id.as_str();
        let secret = client.registered.secret.as_deref().unwrap_or("unexpected-secret");
        let form = match client.method {
            "client_secret_basic" => form.to_vec(),
            "client_secret_post" => {
                [form, &[("client_id", id), ("client_secret", secret)]].concat()
            }
            _ => [form, &[("client_id", id)]].concat(),
        };
        let mut request = form_request(path);
        if client.method == "client_secret_basic" {
            let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
            request = request.header(header::AUTHORIZATION, format!("Basic {basic}"));
        }
        let form = crate::harness::encode(&form);
        self.app.send(request.body(Body::from(form)).unwrap()).await
    }

    async fn exchange(&self, client: &Client, to: &str, changes: &[(&str, &str)]) -> Reply {
        let code = parameter(to, "code").unwrap();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("resource", self.resource),
        ];
        for (name, value) in changes {
            form.retain(|(known, _)| known != name);
            form.push((name, value));
        }
        self.send(client, "/token", &form).await
    }

    /// The whole flow: gives the tokens.
    async fn complete(&self, client: &Client, changes: &[(&str, &str)]) -> Value {
        let to = self.authorize(client, changes).await;
        self.exchange(client, &to, &[]).await.assert_status(200).json()
    }

    async fn refresh(&self, client: &Client, token: &Value, scope: &str) -> Reply {
        let token = token.as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        self.send(client, "/token", &form).await
    }

    async fn revoke(&self, client: &Client, token: &Value, hint: &str) -> Reply {
        let form = [("token", token.as_str().unwrap()), ("token_type_hint", hint)];
        self.send(client, "/revoke", &form).await
    }

    /// A request to the resource.
    async fn mcp(&self, bearer: Option<&str>) -> Reply {
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        let mut request =
            request(Method::POST, "/mcp").header(header::CONTENT_TYPE, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        self.app.send(request.body(Body::from(list.to_string())).unwrap()).await
    }

    async fn metadata(&self) -> Value {
        self.app.get("/.well-known/oauth-authorization-server").await.assert_status(200).json()
    }

    async fn resource_metadata(&self) -> Value {
        let reply = self.app.get("/.well-known/oauth-protected-resource/mcp").await;
        assert!(reply.header("content-type").starts_with("application/json"));
        reply.assert_status(200).json()
    }
}

fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

fn challenge(reply: &Reply) -> &str {
    reply.header("www-authenticate")
}

/// A refusal that the client is told of by its own address.
async fn told(oauth: &OAuth, client: &Client, changes: &[(&str, &str)], error: &str) {
    let to = oauth.app.get(&oauth.authorize_url(client, changes)).await.location();
    assert!(to.starts_with(CALLBACK), "{to}");
    assert_eq!(parameter(&to, "error").as_deref(), Some(error), "{to}");
    assert_eq!(parameter(&to, "code"), None);
}

mod authorization_server {
    use super::*;

    #[tokio::test]
    async fn publishes_rfc_8414_metadata_for_the_configured_oauth_capabilities() {
        for revision in ALL {
            let metadata = OAuth::new(revision).await.metadata().await;
            assert_eq!(metadata["issuer"], ORIGIN);
            for endpoint in ["authorization", "token", "registration", "revocation"] {
                let url = metadata[format!("{endpoint}_endpoint")].as_str().unwrap();
                assert!(url.starts_with(ORIGIN), "{url}");
            }
            assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
            assert_eq!(metadata["response_types_supported"], json!(["code"]));
        }
    }

    #[tokio::test]
    async fn completes_a_public_client_authorization_code_flow_with_s256_pkce() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[]).await;
            assert_eq!(tokens["token_type"], "Bearer");
            oauth.mcp(Some(access(&tokens))).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn rejects_public_authorization_code_requests_that_omit_pkce() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let none = [("code_challenge", ""), ("code_challenge_method", "")];
            // Confidential clients too, which workers-oauth-provider lets go without.
            for method in ["none", "client_secret_basic"] {
                told(&oauth, &oauth.client(method).await, &none, "invalid_request").await;
            }
        }
    }

    #[tokio::test]
    async fn rejects_the_plain_pkce_method() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            told(&oauth, &client, &[("code_challenge_method", "plain")], "invalid_request").await;
        }
    }

    #[tokio::test]
    async fn rejects_a_pkce_challenge_that_omits_its_method_because_rfc_7636_defaults_it_to_plain()
    {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            told(&oauth, &client, &[("code_challenge_method", "")], "invalid_request").await;
        }
    }

    #[tokio::test]
    async fn rejects_an_unsupported_pkce_method_instead_of_treating_it_as_plain() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            told(&oauth, &client, &[("code_challenge_method", "S512")], "invalid_request").await;
        }
    }

    #[tokio::test]
    async fn rejects_an_invalid_pkce_verifier_at_the_token_endpoint() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[]).await;
            let wrong = [("code_verifier", "a-wrong-verifier-of-more-than-forty-three-characters")];
            let refused = oauth.exchange(&client, &to, &wrong).await;
            refused.assert_error(400, "invalid_grant");
        }
    }
}

mod authorization_security {
    use super::*;

    #[tokio::test]
    async fn does_not_redirect_an_authorization_request_with_an_unregistered_redirect_uri() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = [("redirect_uri", "https://attacker.example.com/callback")];
            let page = oauth.app.get(&oauth.authorize_url(&client, &to)).await.assert_status(400);
            assert_eq!(page.header("location"), "");
            assert!(page.text().contains("redirect_uri"));
        }
    }

    #[tokio::test]
    async fn does_not_redirect_an_authorization_request_for_an_unknown_client() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let unknown = oauth.authorize_url(&client, &[("client_id", "unknown-client")]);
            let page = oauth.app.get(&unknown).await.assert_status(400);
            assert_eq!(page.header("location"), "");
        }
    }

    #[tokio::test]
    async fn does_not_consume_an_authorization_code_when_redirect_uri_validation_fails_at_the_token_endpoint()
     {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[]).await;
            let wrong = [("redirect_uri", "https://attacker.example.com/callback")];
            oauth.exchange(&client, &to, &wrong).await.assert_error(400, "invalid_grant");
            oauth.exchange(&client, &to, &[]).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn challenges_invalid_confidential_client_credentials_without_consuming_the_code() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("client_secret_basic").await;
            let to = oauth.authorize(&client, &[]).await;
            let registered =
                Registered { secret: Some("wrong".into()), ..client.registered.clone() };
            let wrong = Client { registered, method: client.method };
            let refused = oauth.exchange(&wrong, &to, &[]).await;
            let refused = refused.assert_error(401, "invalid_client");
            assert!(challenge(&refused).starts_with("Basic realm="));
            oauth.exchange(&client, &to, &[]).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn accepts_client_secret_post_when_that_is_the_registered_client_authentication_method() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("client_secret_post").await;
            oauth.complete(&client, &[]).await;
        }
    }

    #[tokio::test]
    async fn rejects_clients_that_authenticate_using_another_method_without_consuming_the_code() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            for (registered, presented) in [
                ("client_secret_basic", "client_secret_post"),
                ("client_secret_post", "client_secret_basic"),
                ("none", "client_secret_basic"),
                ("none", "client_secret_post"),
            ] {
                let client = oauth.client(registered).await;
                let to = oauth.authorize(&client, &[]).await;
                let other = Client { registered: client.registered.clone(), method: presented };
                let refused = oauth.exchange(&other, &to, &[]).await;
                let refused = refused.assert_error(401, "invalid_client");
                let challenged = challenge(&refused).starts_with("Basic");
                assert_eq!(challenged, presented == "client_secret_basic");
                oauth.exchange(&client, &to, &[]).await.assert_status(200);
            }
        }
    }

    #[tokio::test]
    async fn defaults_and_inherits_the_canonical_resource_for_a_2025_03_26_client_that_omits_it() {
        let oauth = OAuth::new("2025-03-26").await;
        let client = oauth.client("none").await;
        let tokens = oauth.complete(&client, &[]).await;
        oauth.mcp(Some(access(&tokens))).await.assert_status(200);
        let newer = oauth.refresh(&client, &tokens["refresh_token"], "").await.json();
        oauth.mcp(Some(access(&newer))).await.assert_status(200);
    }

    #[tokio::test]
    async fn defaults_an_omitted_authorization_resource_to_the_configured_canonical_resource() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[("resource", "")]).await;
            oauth.exchange(&client, &to, &[]).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn rejects_a_resource_uri_containing_a_fragment() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let fragment = format!("{RESOURCE}#fragment");
            // The client is proven, so it is told (RFC 6749 section 4.1.2.1).
            told(&oauth, &client, &[("resource", &fragment)], "invalid_target").await;
        }
    }

    #[tokio::test]
    async fn rejects_an_explicit_resource_that_does_not_match_the_configured_canonical_resource() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            told(&oauth, &client, &[("resource", OTHER)], "invalid_target").await;
        }
    }

    #[tokio::test]
    async fn accepts_the_canonical_resource_throughout_authorization_and_token_exchange() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[("resource", RESOURCE)]).await;
            oauth.mcp(Some(access(&tokens))).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn advertises_rfc_9207_and_includes_exactly_one_matching_iss_parameter() {
        for revision in since("2026-07-28") {
            let oauth = OAuth::new(revision).await;
            let metadata = oauth.metadata().await;
            assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
            let to = oauth.authorize(&oauth.client("none").await, &[]).await;
            // `parameter` fails when there are two.
            assert_eq!(parameter(&to, "iss").as_deref(), metadata["issuer"].as_str());
        }
    }

    #[tokio::test]
    async fn includes_the_matching_issuer_in_terminal_authorization_errors() {
        for revision in since("2026-07-28") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let mut browser = Browser::default();
            let login = browser.reach_login(&oauth.app, &oauth.authorize_url(&client, &[])).await;
            let (email, password) = (snappy_sandbox::DEMO_EMAIL, snappy_sandbox::DEMO_PASSWORD);
            let consent = browser.sign_in(&oauth.app, &login, email, password).await;
            let to = browser.decide(&oauth.app, &consent, "deny").await;
            for (name, value) in
                [("error", "access_denied"), ("state", "the state & more"), ("iss", ORIGIN)]
            {
                assert_eq!(parameter(&to, name).as_deref(), Some(value));
            }
            assert_eq!(parameter(&to, "code"), None);
        }
    }

    #[tokio::test]
    async fn advertises_offline_access_only_as_an_authorization_server_capability() {
        for revision in since("2026-07-28") {
            let oauth = OAuth::new(revision).await;
            let offline = json!("offline_access");
            let scopes = &oauth.metadata().await["scopes_supported"];
            assert!(scopes.as_array().unwrap().contains(&offline));
            let scopes = &oauth.resource_metadata().await["scopes_supported"];
            assert!(!scopes.as_array().unwrap().contains(&offline));
            assert!(!challenge(&oauth.mcp(None).await).contains("offline_access"));
        }
    }
}

mod client_registration {
    use super::*;

    #[tokio::test]
    async fn registers_a_public_client_that_can_complete_an_s256_authorization_code_flow() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let metadata =
                json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
            let answer =
                oauth.app.post_json("/register", &metadata).await.assert_status(201).json();
            assert_eq!(answer["redirect_uris"], json!([CALLBACK]));
            assert_eq!(answer["grant_types"], json!(["authorization_code", "refresh_token"]));
            assert_eq!(answer["response_types"], json!(["code"]));
            assert!(answer.get("client_secret").is_none());
            let id = answer["client_id"].as_str().unwrap().to_owned();
            let client = Client { registered: Registered { id, secret: None }, method: "none" };
            oauth.complete(&client, &[]).await;
        }
    }

    #[tokio::test]
    async fn registers_a_confidential_client_and_accepts_client_secret_basic() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("client_secret_basic").await;
            assert!(client.registered.secret.is_some());
            oauth.complete(&client, &[]).await;
        }
    }

    #[tokio::test]
    async fn rejects_unsupported_client_capabilities_before_registration() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let metadata = json!({
                "redirect_uris": [CALLBACK], "grant_types": ["password"], "response_types": [],
                // Offered here, but not without a key.
                "token_endpoint_auth_method": "private_key_jwt",
            });
            let refused = oauth.app.post_json("/register", &metadata).await;
            refused.assert_error(400, "invalid_client_metadata");
            assert_eq!(oauth.app.operator(&["list"]).await.unwrap(), "", "nothing is stored");
        }
    }

    #[tokio::test]
    async fn supports_a_pre_registered_client_when_dcr_is_disabled() {
        for revision in since("2025-11-25") {
            let oauth = OAuth::with(revision, &[("SNAPPY_REGISTRATION", "closed")]).await;
            assert!(oauth.metadata().await.get("registration_endpoint").is_none());
            let add = ["add", "--name", "x", "--redirect-uri", CALLBACK, "--id", "known"];
            let add = [&add[..], &["--auth", "client-secret-basic"]].concat();
            let printed = oauth.app.operator(&add).await.unwrap();
            let secret = printed.trim().rsplit(' ').next().unwrap().to_owned();
            let registered = Registered { id: "known".into(), secret: Some(secret) };
            let client = Client { registered, method: "client_secret_basic" };
            oauth.complete(&client, &[]).await;
        }
    }

    // The live shape of ChatGPT's document, and one whose client_id is not its address, need a host to
    // fetch from: `documents::negotiates_the_live_chatgpt_cimd_shape_and_completes_a_public_client_flow`
    // and `documents::rejects_a_cimd_document_whose_client_id_does_not_match_its_url`.
}

mod protected_resource {
    use super::*;

    #[tokio::test]
    async fn returns_a_bare_bearer_challenge_when_credentials_are_absent() {
        for revision in ALL {
            let reply = OAuth::new(revision).await.mcp(None).await.assert_status(401);
            assert_eq!(reply.header("cache-control"), "no-store");
            assert!(challenge(&reply).starts_with("Bearer "));
            assert!(!challenge(&reply).contains("error="));
        }
    }

    #[tokio::test]
    async fn returns_invalid_token_for_a_malformed_bearer_credential() {
        for revision in ALL {
            let reply = OAuth::new(revision).await.mcp(Some("not-an-access-token")).await;
            let reply = reply.assert_error(401, "invalid_token");
            assert!(challenge(&reply).contains("error=\"invalid_token\""));
        }
    }

    #[tokio::test]
    async fn discovers_the_protected_resource_through_its_path_specific_rfc_9728_url() {
        for revision in since("2025-06-18") {
            let metadata = OAuth::new(revision).await.resource_metadata().await;
            assert_eq!(metadata["resource"], RESOURCE);
            assert_eq!(metadata["authorization_servers"], json!([ORIGIN]));
            assert_eq!(metadata["bearer_methods_supported"], json!(["header"]));
        }
    }

    #[tokio::test]
    async fn links_its_path_specific_metadata_from_bearer_challenges() {
        for revision in since("2025-06-18") {
            let reply = OAuth::new(revision).await.mcp(None).await;
            let link =
                format!("resource_metadata=\"{ORIGIN}/.well-known/oauth-protected-resource/mcp\"");
            assert!(challenge(&reply).contains(&link));
        }
    }

    #[tokio::test]
    async fn rejects_a_valid_token_at_a_resource_outside_its_audience() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[]).await;
            // The same server under its other name is another resource.
            let request = http::Request::post("/mcp")
                .header(header::HOST, "localhost:8787")
                .header(header::AUTHORIZATION, format!("Bearer {}", access(&tokens)));
            let refused = oauth.app.send(request.body(Body::from("{}")).unwrap()).await;
            let refused = refused.assert_error(401, "invalid_token");
            assert!(challenge(&refused).contains("error=\"invalid_token\""));
        }
    }

    #[tokio::test]
    async fn rejects_resource_expansion_at_the_token_endpoint_without_consuming_the_code() {
        for revision in since("2025-06-18") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[]).await;
            let wider = oauth.exchange(&client, &to, &[("resource", OTHER)]).await;
            wider.assert_error(400, "invalid_target");
            oauth.exchange(&client, &to, &[]).await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn publishes_baseline_resource_scopes_without_offline_access() {
        for revision in since("2025-11-25") {
            let oauth = OAuth::new(revision).await;
            let scopes = json!(["xano:read", "xano:write", "xano:schema", "xano:delete"]);
            assert_eq!(oauth.resource_metadata().await["scopes_supported"], scopes);
            let reply = oauth.mcp(None).await;
            let scope = "scope=\"xano:read xano:write xano:schema xano:delete\"";
            assert!(challenge(&reply).contains(scope));
        }
    }

    #[tokio::test]
    async fn returns_a_403_insufficient_scope_challenge_with_operation_specific_scopes() {
        for revision in since("2025-11-25") {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[("scope", "xano:read")]).await;
            let connection = Connection {
                client: client.registered.clone(),
                access: access(&tokens).to_owned(),
                refresh: String::new(),
            };
            let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": {"name": "xano_create_table_record", "arguments": {}}});
            let refused = connection.rpc(&oauth.app, &call).await;
            let refused = refused.assert_error(403, "insufficient_scope");
            for part in [
                "error=\"insufficient_scope\"",
                "scope=\"xano:read xano:write\"",
                "resource_metadata=",
            ] {
                assert!(challenge(&refused).contains(part), "{part}");
            }
        }
    }
}

mod token_lifecycle {
    use super::*;

    #[tokio::test]
    async fn rotates_refresh_tokens_while_allowing_one_retry_with_the_previous_token() {
        for revision in ALL {
            let oauth = OAuth::with(revision, &[("OAUTH_REUSE_WINDOW", "0")]).await;
            let client = oauth.client("none").await;
            let first = oauth.complete(&client, &[]).await;
            let refreshed = oauth.refresh(&client, &first["refresh_token"], "xano:read").await;
            let refreshed = refreshed.assert_status(200);
            assert_eq!(refreshed.header("cache-control"), "no-store");
            let refreshed = refreshed.json();
            assert_eq!(refreshed["scope"], "xano:read");
            assert_ne!(refreshed["refresh_token"], first["refresh_token"]);
            let retry = oauth.refresh(&client, &first["refresh_token"], "xano:read").await.json();
            // The very same one: no sibling is made that dies later.
            assert_eq!(retry["refresh_token"], refreshed["refresh_token"]);
            let next = oauth.refresh(&client, &retry["refresh_token"], "xano:read").await;
            next.assert_status(200);
            let replay = oauth.refresh(&client, &first["refresh_token"], "xano:read").await;
            replay.assert_error(400, "invalid_grant");
        }
    }

    #[tokio::test]
    async fn allows_tokens_to_be_downscoped_but_not_expanded() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[("scope", "xano:read xano:write")]).await;
            // One that exists and was not granted is refused here, not passed over.
            let wider = oauth.exchange(&client, &to, &[("scope", "xano:read xano:delete")]).await;
            wider.assert_error(400, "invalid_scope");
            let tokens = oauth.exchange(&client, &to, &[("scope", "xano:read mcp:admin")]).await;
            assert_eq!(tokens.assert_status(200).json()["scope"], "xano:read");
        }
    }

    #[tokio::test]
    async fn rejects_a_mismatched_registered_authentication_method_before_revocation() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("client_secret_basic").await;
            let tokens = oauth.complete(&client, &[]).await;
            let registered = client.registered.clone();
            let other = Client { registered, method: "client_secret_post" };
            let refused = oauth.revoke(&other, &tokens["access_token"], "access_token").await;
            refused.assert_error(401, "invalid_client");
            oauth.mcp(Some(access(&tokens))).await.assert_status(200);
            oauth.revoke(&client, &tokens["access_token"], "access_token").await.assert_status(200);
            oauth.mcp(Some(access(&tokens))).await.assert_status(401);
        }
    }

    #[tokio::test]
    async fn revokes_an_access_token_without_revoking_its_refresh_token() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[]).await;
            oauth.revoke(&client, &tokens["access_token"], "access_token").await.assert_status(200);
            let refused = oauth.mcp(Some(access(&tokens))).await;
            refused.assert_error(401, "invalid_token");
            oauth.refresh(&client, &tokens["refresh_token"], "").await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn revokes_the_grant_when_a_refresh_token_is_revoked() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let tokens = oauth.complete(&client, &[]).await;
            // A wrong hint does not matter (RFC 7009 section 2.1).
            oauth
                .revoke(&client, &tokens["refresh_token"], "access_token")
                .await
                .assert_status(200);
            oauth.mcp(Some(access(&tokens))).await.assert_status(401);
            let dead = oauth.refresh(&client, &tokens["refresh_token"], "").await;
            dead.assert_error(400, "invalid_grant");
        }
    }

    #[tokio::test]
    async fn does_not_let_another_client_revoke_tokens_it_does_not_own() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let (client, other) = (oauth.client("none").await, oauth.client("none").await);
            let tokens = oauth.complete(&client, &[]).await;
            for kind in ["access_token", "refresh_token"] {
                oauth.revoke(&other, &tokens[kind], kind).await.assert_status(200);
            }
            oauth.mcp(Some(access(&tokens))).await.assert_status(200);
            oauth.refresh(&client, &tokens["refresh_token"], "").await.assert_status(200);
        }
    }

    #[tokio::test]
    async fn rejects_authorization_code_replay_and_invalidates_tokens_issued_from_that_code() {
        for revision in ALL {
            let oauth = OAuth::new(revision).await;
            let client = oauth.client("none").await;
            let to = oauth.authorize(&client, &[]).await;
            let tokens = oauth.exchange(&client, &to, &[]).await.assert_status(200).json();
            oauth.exchange(&client, &to, &[]).await.assert_error(400, "invalid_grant");
            oauth.mcp(Some(access(&tokens))).await.assert_status(401);
        }
    }
}
