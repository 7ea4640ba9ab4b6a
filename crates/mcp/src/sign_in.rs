//! Leading a person to the sign-in when Xano's has ended, in the way the client can take (elicitation in
//! its URL mode). After the sign-in the same call simply comes again.

use rmcp::ErrorData;
use rmcp::model::{
    ElicitRequest, ElicitRequestParams, ErrorCode, InputRequest, InputRequests,
    InputRequiredResult, InputResponses,
};
use serde_json::{Value, json};

/// The name of the input that is asked for.
const INPUT: &str = "xano_sign_in";
const MESSAGE: &str =
    "Your sign-in at Xano has ended. Sign in again in your browser; then this goes on.";
/// `URLElicitationRequired` of the 2025-11-25 revision.
const URL_ELICITATION_REQUIRED: i32 = -32042;

/// Where the person must go, if that is why a call failed.
pub(crate) fn needed(envelope: &Value) -> Option<&str> {
    let error = envelope.get("error")?;
    let is_why = error.get("code")? == snappy_domain::ErrorCode::ReauthRequired.as_str();
    error.get("details")?.get("sign_in_url")?.as_str().filter(|_| is_why)
}

/// Whether the person was asked and did not want to.
pub(crate) fn is_declined(responses: Option<&InputResponses>) -> bool {
    let action = responses.and_then(|responses| responses.get(INPUT)?.get("action")?.as_str());
    matches!(action, Some("decline" | "cancel"))
}

/// The result that asks the client to open the address (2026-07-28).
pub(crate) fn as_result(url: &str) -> InputRequiredResult {
    let params = ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: MESSAGE.to_owned(),
        url: url.to_owned(),
        elicitation_id: String::new(),
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::from_input_requests(InputRequests::from([(INPUT.to_owned(), request)]))
}

/// The error that does (2025-11-25).
pub(crate) fn as_error(url: &str) -> ErrorData {
    let elicitation = json!({
        "mode": "url", "elicitationId": INPUT, "url": url, "message": MESSAGE,
    });
    let data = json!({"elicitations": [elicitation]});
    ErrorData::new(ErrorCode(URL_ELICITATION_REQUIRED), MESSAGE, Some(data))
}
