//! `/debug-oauth`: the request as the server received it, and the result of its bearer check. Header
//! values are shown only if they can't contain a secret.

use axum::extract::{Request, State};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Map, Value, json};
use snappy_oauth::{BearerError, Site};

use super::{bearer, status};
use crate::app::App;

/// Headers whose values are shown.
const SHOWN_HEADERS: [&str; 8] = [
    "host",
    "origin",
    "user-agent",
    "accept",
    "content-type",
    "mcp-protocol-version",
    "x-forwarded-proto",
    "x-forwarded-host",
];

pub(crate) async fn handle(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    request: Request,
) -> Json<Value> {
    let headers = request.headers();
    let caller = match bearer::authenticate(&app, &site, headers).await {
        Ok(caller) if caller.needs_sign_in() => Err(BearerError::SignInRequired),
        checked => checked,
    };
    let auth = match caller {
        Ok(caller) => {
            json!({"state": "signed_in", "who": status::describe(&app, &caller).await.ok()})
        }
        Err(error) => json!({
            "state": error.code().unwrap_or("no_token"),
            "why": error.to_string(),
            "status": error.status().as_u16(),
            "www_authenticate": error.challenge(&site, &snappy_xano::scopes::ALL),
        }),
    };
    Json(json!({
        "request": {
            "method": request.method().as_str(),
            "path": request.uri().path(),
            "headers": shown_headers(headers),
        },
        "site": {
            "issuer": site.issuer(),
            "resource": site.resource(),
            "public_url_is_set": app.public.is_some(),
        },
        "auth": auth,
    }))
}

fn shown_headers(headers: &HeaderMap) -> Value {
    let mut object = Map::new();
    for name in headers.keys() {
        let value = headers.get(name);
        let shown = match value {
            Some(value) if SHOWN_HEADERS.contains(&name.as_str()) => text(value).into(),
            Some(value) if *name == header::AUTHORIZATION => {
                let scheme = text(value).split(' ').next().unwrap_or_default().to_owned();
                let scheme: String = scheme.chars().take(10).collect();
                format!("{scheme} [redacted, {} characters]", value.len()).into()
            }
            _ => Value::from("[redacted]"),
        };
        object.insert(name.as_str().to_owned(), shown);
    }
    Value::Object(object)
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("[not text]")
}
