//! The Metadata API client: sends one operation with one key, reads the answer with distrust.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;
use snappy_domain::Secret;
use snappy_domain::http::{Answer, HttpClient, Outgoing};

use crate::{Expect, Operation, XanoError, XanoOrigin};

/// The most bytes of an answer.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Calls Xano.
#[derive(Debug, Clone)]
pub struct XanoApi {
    http: Arc<dyn HttpClient>,
}

impl XanoApi {
    /// A client over `http`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>) -> Self {
        Self { http }
    }

    /// Sends `operation` once, and waits for the answer no longer than `timeout`.
    ///
    /// # Errors
    /// When Xano says no, or what it says is not what the contract promises.
    pub async fn call(
        &self,
        origin: &XanoOrigin,
        key: &Secret,
        operation: &Operation,
        timeout: Duration,
    ) -> Result<Value, XanoError> {
        let body = operation.body.as_ref().map(|body| Bytes::from(body.to_string()));
        let request = Outgoing {
            method: operation.method.clone(),
            url: operation.url(origin)?,
            headers: headers(Some(key), body.is_some()),
            body,
            timeout,
            max_body: MAX_BODY,
        };
        let answer = self.http.send(request).await?;
        tracing::debug!(operation = operation.id, status = answer.status.as_u16(), "Xano answered",);
        read(&answer, operation.expect).map_err(|error| error.without(key))
    }
}

/// The headers of a call. A key that can't be a header value can't be a key either: it is sent as
/// none, and Xano says 401.
pub(crate) fn headers(key: Option<&Secret>, has_body: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let bearer = key.and_then(|key| HeaderValue::try_from(format!("Bearer {}", key.expose())).ok());
    if let Some(mut bearer) = bearer {
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    headers
}

/// Reads an answer: text first, JSON if it is.
pub(crate) fn read(answer: &Answer, expect: Expect) -> Result<Value, XanoError> {
    let body = serde_json::from_slice::<Value>(&answer.body);
    if !answer.status.is_success() {
        return Err(XanoError::of_answer(answer.status, body.as_ref().ok(), retry_after(answer)));
    }
    let not = |why| XanoError::NotAnAnswer { status: answer.status.as_u16(), why };
    let empty = answer.body.iter().all(u8::is_ascii_whitespace);
    if expect == Expect::Nothing && (empty || answer.status == StatusCode::NO_CONTENT) {
        return Ok(Value::Null);
    }
    if empty {
        return Err(not("empty"));
    }
    let body = body.map_err(|_| not("not JSON, or was cut off"))?;
    match expect {
        Expect::Nothing => Ok(body),
        Expect::Object if body.is_object() => Ok(body),
        Expect::Array if body.is_array() => Ok(body),
        Expect::List => list(body).ok_or_else(|| not("not a list")),
        Expect::Object => Err(not("not the object that was promised")),
        Expect::Array => Err(not("not the array that was promised")),
    }
}

/// A list in any of its three published shapes: as it is, or out of the array around it.
fn list(body: Value) -> Option<Value> {
    let is_page = |value: &Value| value.get("items").is_some_and(Value::is_array);
    match body {
        Value::Array(mut items) => match items.as_slice() {
            [only] if is_page(only) && only.get("curPage").is_some() => items.pop(),
            _ => Some(Value::Array(items)),
        },
        page if is_page(&page) => Some(page),
        _ => None,
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    #[test]
    fn what_is_no_answer_never_passes_as_one() {
        let odd = ["", " ", "<html>busy</html>", "{\"id\": 1", "null", "1", "\"x\""];
        for body in odd {
            for expect in [Expect::Object, Expect::Array, Expect::List] {
                let read = read(&answer(200, body), expect);
                assert!(matches!(read, Err(XanoError::NotAnAnswer { .. })), "{body:?} {expect:?}");
            }
        }
        assert!(read(&answer(200, "[]"), Expect::Object).is_err());
        assert!(read(&answer(200, "{}"), Expect::Array).is_err());
        assert!(read(&answer(302, ""), Expect::Nothing).is_err());
        assert!(read(&answer(200, "<html>"), Expect::Nothing).is_err());
    }

    #[test]
    fn nothing_has_four_spellings() {
        for (status, body) in [(200, "null"), (200, "{}"), (200, ""), (204, "")] {
            assert!(read(&answer(status, body), Expect::Nothing).is_ok(), "{status} {body:?}");
        }
    }

    #[test]
    fn lists_come_in_three_shapes() {
        let page = json!({"curPage": 1, "items": [{"id": 1}]});
        for body in [page.clone(), json!([page.clone()])] {
            assert_eq!(read(&answer(200, &body.to_string()), Expect::List).unwrap(), page);
        }
        let plain = json!([{"id": 1}]);
        assert_eq!(read(&answer(200, &plain.to_string()), Expect::List).unwrap(), plain);
    }

    #[test]
    fn errors_are_told_by_status_and_their_param_is_found_in_both_places() {
        for body in [
            r#"{"code":"ERROR_CODE_INPUT_ERROR","message":"m","payload":{"param":"name"}}"#,
            r#"{"code":"ERROR_CODE_INPUT_ERROR","message":"m","param":"name"}"#,
        ] {
            let error = read(&answer(400, body), Expect::Object).unwrap_err();
            let XanoError::Refused { param, .. } = error else { panic!("{error}") };
            assert_eq!(param.as_deref(), Some("name"));
        }
        let html = read(&answer(502, "<html>"), Expect::Object).unwrap_err();
        assert!(html.may_have_happened());
        let empty = r#"{"code":"ERROR_CODE_NOT_FOUND","message":""}"#;
        let error = read(&answer(404, empty), Expect::Object).unwrap_err();
        assert_eq!(error.to_string(), "Xano found nothing there");
    }
}
