//! The controls over HTTP, for other processes.

use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::Message;
use crate::control::Control;
use crate::faults::{Effect, FaultRule};
use crate::recorder::Recorded;
use crate::settings::{BadCredentials, LoginShape};

/// The first path segment of the controls.
pub(crate) const PREFIX: &str = "sandbox";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserBody {
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    email: String,
    workspace: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartialOptions {
    login_shape: Option<LoginShape>,
    bad_credentials: Option<BadCredentials>,
    me_without_key: Option<bool>,
    free_plan_limit: Option<bool>,
    /// If missing, the list is unchanged; null restores the seed's.
    #[serde(default, deserialize_with = "present")]
    instances: Option<Value>,
}

fn present<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(source).map(Some)
}

/// The status and the message of an error.
type ControlError = (StatusCode, String);

/// Handles a request to the controls. `action` is the path after the prefix.
pub(crate) fn answer(
    control: &Control,
    method: &Method,
    action: &[String],
    query: &[(String, String)],
    body: &[u8],
) -> Message {
    let action: Vec<&str> = action.iter().map(String::as_str).collect();
    let outcome = match (method.as_str(), action.as_slice()) {
        ("POST", ["rotate-key"]) => {
            user(control, body).map(|email| json!({ "api_key": control.rotate_key(&email) }))
        }
        ("POST", ["expire-key"]) => user(control, body).map(|email| {
            control.expire_key(&email);
            json!({})
        }),
        ("POST", ["expire-session"]) => user(control, body).map(|email| {
            control.expire_session(&email);
            json!({})
        }),
        ("GET", ["oauth-sign-ins"]) => {
            let sign_ins = control.oauth_sign_ins();
            Ok(json!({ "count": sign_ins.len(), "sign_ins": sign_ins }))
        }
        ("POST", ["expire-oauth-access"]) => user(control, body).map(|email| {
            control.expire_oauth_access(&email);
            json!({})
        }),
        ("POST", ["end-oauth-sign-in"]) => end_oauth_sign_in(control, body),
        ("POST", ["forget-oauth-clients"]) => {
            control.forget_oauth_clients();
            Ok(json!({}))
        }
        ("POST", ["faults"]) => set_faults(control, body),
        ("POST", ["options"]) => set_options(control, body),
        ("GET", ["requests"]) => Ok(requests(control, query)),
        ("POST", ["reset"]) => {
            control.reset();
            Ok(json!({}))
        }
        _ => Err((StatusCode::NOT_FOUND, "This control does not exist.".to_owned())),
    };
    match outcome {
        Ok(body) => Message::json(StatusCode::OK, &body),
        Err((status, message)) => Message::json(status, &json!({ "message": message })),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8], expected: &str) -> Result<T, ControlError> {
    serde_json::from_slice(body)
        .map_err(|error| (StatusCode::BAD_REQUEST, format!("Expected {expected}: {error}.")))
}

fn user(control: &Control, body: &[u8]) -> Result<String, ControlError> {
    let UserBody { email } = parse(body, r#"{"email": "demo@acme.test"}"#)?;
    known(control, email)
}

fn known(control: &Control, email: String) -> Result<String, ControlError> {
    if !control.knows(&email) {
        return Err((StatusCode::NOT_FOUND, format!("No user has the e-mail address {email}.")));
    }
    Ok(email)
}

fn end_oauth_sign_in(control: &Control, body: &[u8]) -> Result<Value, ControlError> {
    let expected = r#"{"email": "demo@acme.test", "workspace": "xsbx-demo-0001/1"}"#;
    let SignInBody { email, workspace } = parse(body, expected)?;
    control.end_oauth_sign_in(&known(control, email)?, &workspace);
    Ok(json!({}))
}

fn set_faults(control: &Control, body: &[u8]) -> Result<Value, ControlError> {
    let expected = r#"a list of rules such as [{"method": "GET", "path_contains": "/content", "times": 1, "effect": {"kind": "status", "status": 500, "body": {}}}], where kind is latency (ms), status, html (status), empty (status), truncated, wrong_shape (body), close, apply_then_fail or apply_then_close"#;
    let rules: Vec<FaultRule> = parse(body, expected)?;
    for rule in &rules {
        if let Effect::Status { status, .. } | Effect::Html { status } | Effect::Empty { status } =
            &rule.effect
            && !(200..=599).contains(status)
        {
            let message = format!("Expected a status from 200 to 599, not {status}.");
            return Err((StatusCode::BAD_REQUEST, message));
        }
    }
    control.clear_faults();
    rules.into_iter().for_each(|rule| control.push_fault(rule));
    Ok(json!({}))
}

fn set_options(control: &Control, body: &[u8]) -> Result<Value, ControlError> {
    let expected = r#"an object with some of login_shape ("auth_token" or "api_key"), bad_credentials ("forbidden_403" or "fatal_500"), me_without_key, free_plan_limit (booleans) and instances (any JSON, null to restore the seed's)"#;
    let options: PartialOptions = parse(body, expected)?;
    if let Some(shape) = options.login_shape {
        control.set_login_shape(shape);
    }
    if let Some(form) = options.bad_credentials {
        control.set_bad_credentials(form);
    }
    if let Some(on) = options.me_without_key {
        control.set_me_without_key(on);
    }
    if let Some(on) = options.free_plan_limit {
        control.set_free_plan_limit(on);
    }
    if let Some(instances) = options.instances {
        control.set_instances(Some(instances).filter(|list| !list.is_null()));
    }
    Ok(json!({}))
}

fn requests(control: &Control, query: &[(String, String)]) -> Value {
    let wanted = query.iter().find(|(name, _)| name == "operation").map(|(_, value)| value);
    let wanted = wanted.filter(|operation| !operation.is_empty());
    let list: Vec<Value> = control
        .requests()
        .iter()
        .filter(|request| wanted.is_none_or(|operation| request.operation == *operation))
        .map(to_json)
        .collect();
    json!({ "count": list.len(), "requests": list })
}

fn to_json(request: &Recorded) -> Value {
    json!({
        "sequence": request.sequence,
        "method": request.method,
        "path": request.path,
        "operation": request.operation,
        "authorization": request.authorization,
        "host": request.host,
        "body": String::from_utf8_lossy(&request.body),
        "status": request.status,
    })
}
