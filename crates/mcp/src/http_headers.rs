//! The checks of the streamable HTTP transport on the headers of a POST. Transports without headers skip them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, StatusCode, header};
use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, ConstString as _, ErrorData,
    JsonRpcRequest, ProtocolVersion, RequestId,
};

use crate::Answer;
use crate::revision::Revision;

const VERSION: &str = "MCP-Protocol-Version";
const METHOD: &str = "Mcp-Method";
const NAME: &str = "Mcp-Name";

/// Checks `Accept` and `Content-Type`. Streamable HTTP requires clients to accept both JSON and event streams.
/// All responses are JSON, so clients that accept only JSON are served as well.
pub(crate) fn check_media(headers: &HeaderMap) -> Result<(), Answer> {
    let accept = headers.get_all(header::ACCEPT).iter();
    let accept: Vec<_> = accept.map(|value| value.to_str().unwrap_or("*/*")).collect();
    let is_given = !accept.is_empty();
    let accept = accept.join(",");
    let json = ["*/*", "application/*", "application/json"].iter().any(|m| accept.contains(m));
    let lower = accept.to_ascii_lowercase();
    let both = ["application/json", "text/event-stream"].iter().all(|m| lower.contains(m));
    if is_given && !json && !both {
        let why = "Not Acceptable: Client must accept both application/json and text/event-stream";
        return Err(refused(StatusCode::NOT_ACCEPTABLE, why));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        let why = "Unsupported Media Type: Content-Type must be application/json";
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    Ok(())
}

/// Checks the headers that repeat parts of the message.
pub(crate) fn check(headers: &HeaderMap, message: &ClientJsonRpcMessage) -> Result<(), Answer> {
    match message {
        ClientJsonRpcMessage::Request(JsonRpcRequest { id, request, .. }) => {
            if let ClientRequest::InitializeRequest(initialize) = request {
                return check_initialize(headers, id, &initialize.params.protocol_version);
            }
            let revision = Revision::of(request);
            check_version(headers, revision.named.is_some())?;
            check_method(headers, request.method(), name(request))
                .and_then(|()| check_named_version(headers, &revision))
                .map_err(|error| Answer::bad_request(Some(id.clone()), error))
        }
        ClientJsonRpcMessage::Notification(notification) => {
            check_version(headers, false)?;
            check_method(headers, method(&notification.notification), None)
                .map_err(|error| Answer::bad_request(None, error))
        }
        _ => check_version(headers, false),
    }
}

/// Checks the headers of `initialize`. They are optional, but must match the body.
fn check_initialize(
    headers: &HeaderMap,
    id: &RequestId,
    requested: &ProtocolVersion,
) -> Result<(), Answer> {
    let bad = |error| Answer::bad_request(Some(id.clone()), error);
    let Some(version) = headers.get(VERSION) else {
        return Ok(());
    };
    let invalid = |why| bad(ErrorData::invalid_request(why, None));
    let Ok(version) = version.to_str() else {
        return Err(invalid(format!("Invalid Request: {VERSION} header is not valid UTF-8")));
    };
    if version != requested.as_str() {
        return Err(invalid(format!(
            "Invalid Request: {VERSION} header ({version}) does not match initialize \
             params.protocolVersion ({requested})"
        )));
    }
    let mut methods = headers.get_all(METHOD).iter();
    let Some(first) = methods.next().filter(|_| requires_standard_headers(headers)) else {
        return Ok(());
    };
    if methods.next().is_some() {
        let why =
            format!("multiple {METHOD} header values supplied; initialize requires exactly one");
        return Err(bad(mismatch(why)));
    }
    if first != "initialize" {
        let shown = String::from_utf8_lossy(first.as_bytes());
        let why = format!("{METHOD} header `{shown}` does not match body method `initialize`");
        return Err(bad(mismatch(why)));
    }
    Ok(())
}

/// Checks that the header names a known revision. If `_meta` names one too, the two are compared later.
fn check_version(headers: &HeaderMap, is_named: bool) -> Result<(), Answer> {
    let Some(version) = headers.get(VERSION) else {
        return Ok(());
    };
    let Ok(version) = version.to_str() else {
        let why = format!("Bad Request: Invalid {VERSION} header encoding");
        return Err(refused(StatusCode::BAD_REQUEST, why));
    };
    if is_named || ProtocolVersion::KNOWN_VERSIONS.iter().any(|known| known.as_str() == version) {
        return Ok(());
    }
    let why = format!("Bad Request: Unsupported {VERSION}: {version}");
    Err(refused(StatusCode::BAD_REQUEST, why))
}

/// Checks that the header and `_meta` name the same revision. From 2026-07-28 on, both are required.
fn check_named_version(headers: &HeaderMap, revision: &Revision) -> Result<(), ErrorData> {
    let header = headers.get(VERSION).and_then(|value| value.to_str().ok());
    match (header, &revision.named) {
        (_, None) => match revision.missing_fields(requires_standard_headers(headers)) {
            Some(missing) => Err(ErrorData::invalid_params(
                format!(
                    "Invalid params: request _meta is missing or has malformed required fields: \
                     {missing}"
                ),
                None,
            )),
            None => Ok(()),
        },
        (None, Some(_)) => {
            Err(mismatch(format!("request _meta protocolVersion requires {VERSION} header")))
        }
        (Some(header), Some(named)) if header != named.as_str() => Err(mismatch(format!(
            "{VERSION} header ({header}) does not match request _meta protocolVersion ({named})"
        ))),
        _ => Ok(()),
    }
}

/// Checks `Mcp-Method`, which repeats the method, and `Mcp-Name`, which repeats the name of its object. Both are
/// required from 2026-07-28 on.
fn check_method(headers: &HeaderMap, method: &str, name: Option<&str>) -> Result<(), ErrorData> {
    if !requires_standard_headers(headers) {
        return Ok(());
    }
    match single(headers, METHOD)? {
        None => return Err(mismatch(format!("missing required {METHOD} header"))),
        Some(sent) if sent != method => {
            let why = format!("{METHOD} header `{sent}` does not match body method `{method}`");
            return Err(mismatch(why));
        }
        Some(_) => {}
    }
    let Some(name) = name else {
        return Ok(());
    };
    let sent = single(headers, NAME)?;
    let sent =
        sent.ok_or_else(|| mismatch(format!("missing required {NAME} header for `{method}`")))?;
    let sent =
        decode(sent).ok_or_else(|| mismatch(format!("{NAME} header is not valid Base64")))?;
    if sent != name {
        let why = format!("{NAME} header `{sent}` does not match body value `{name}`");
        return Err(mismatch(why));
    }
    Ok(())
}

/// Whether the header names 2026-07-28 or newer. Revisions are ISO dates, so they can be compared as text.
fn requires_standard_headers(headers: &HeaderMap) -> bool {
    let version = headers.get(VERSION).and_then(|value| value.to_str().ok());
    version.is_some_and(|version| version >= ProtocolVersion::STANDARD_HEADERS.as_str())
}

/// The value of a header that must not be repeated, because a proxy could use another value than the server.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ErrorData> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(mismatch(format!("duplicate {name} header")));
    }
    let invalid = |_| mismatch(format!("{name} header contains invalid characters"));
    value.to_str().map(Some).map_err(invalid)
}

/// Decodes the value of a header: `=?base64?…?=` contains UTF-8 in Base64, any other value is literal.
fn decode(value: &str) -> Option<String> {
    match value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(encoded) => String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok(),
        None => Some(value.to_owned()),
    }
}

/// The name that `Mcp-Name` repeats.
fn name(request: &ClientRequest) -> Option<&str> {
    match request {
        ClientRequest::CallToolRequest(call) => Some(&call.params.name),
        ClientRequest::GetPromptRequest(get) => Some(&get.params.name),
        ClientRequest::ReadResourceRequest(read) => Some(&read.params.uri),
        _ => None,
    }
}

fn method(notification: &ClientNotification) -> &str {
    match notification {
        ClientNotification::CancelledNotification(cancelled) => cancelled.method.as_str(),
        ClientNotification::ProgressNotification(progress) => progress.method.as_str(),
        ClientNotification::InitializedNotification(initialized) => initialized.method.as_str(),
        ClientNotification::RootsListChangedNotification(changed) => changed.method.as_str(),
        ClientNotification::CustomNotification(other) => &other.method,
        _ => "",
    }
}

fn mismatch(why: String) -> ErrorData {
    ErrorData::header_mismatch(why, None)
}

fn refused(status: StatusCode, reason: impl Into<String>) -> Answer {
    Answer::Refused { status, reason: reason.into() }
}
