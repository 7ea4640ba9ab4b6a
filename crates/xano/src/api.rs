//! The Metadata API client: sends one request with one key, and checks the response before it is used.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;
use snappy_domain::http::{Answer, HttpClient, Outgoing};
use snappy_domain::{Secret, metrics};

use crate::operations::ResponseKind;
use crate::{Request, XanoError, XanoOrigin};

/// The largest response body that is read, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// A client of the Metadata API.
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

    /// Sends `request` once, and waits for the response no longer than `timeout`.
    ///
    /// # Errors
    /// When Xano reports an error, or the response is not what the contract promises.
    pub async fn call(
        &self,
        origin: &XanoOrigin,
        key: &Secret,
        request: &Request,
        timeout: Duration,
    ) -> Result<Value, XanoError> {
        let response = self.call_tolerantly(origin, key, request, timeout).await?;
        match response.deviation {
            // The status of a response that was read is a success.
            Some(why) => Err(XanoError::InvalidResponse { status: 200, why }),
            None => Ok(response.body),
        }
    }

    /// The same, but JSON of another shape than the contract's is returned with a note: the contract is a
    /// reconstruction, and a request that was carried out must not look like a failure.
    ///
    /// # Errors
    /// When Xano reports an error, or the response is no JSON where some was promised.
    pub async fn call_tolerantly(
        &self,
        origin: &XanoOrigin,
        key: &Secret,
        request: &Request,
        timeout: Duration,
    ) -> Result<Response, XanoError> {
        let answer = self.answer(origin, key, request, timeout).await?;
        let spec = request.spec();
        let response = read_tolerantly(&answer, spec.response);
        if let Ok(Response { deviation: Some(why), .. }) = &response {
            tracing::warn!(operation = spec.id, "Xano's response is {why}");
            metrics::UPSTREAM_DEVIATIONS.count(&[spec.id, why]);
        }
        response.map_err(|error| error.redacted(key))
    }

    /// Sends `request` once, and returns the response as it came, which may be an error.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn answer(
        &self,
        origin: &XanoOrigin,
        key: &Secret,
        request: &Request,
        timeout: Duration,
    ) -> Result<Answer, XanoError> {
        let spec = request.spec();
        let mut headers = headers(Some(key), false);
        if let Some(body) = request.body() {
            let kind = HeaderValue::try_from(&body.content_type);
            headers.extend(kind.ok().map(|kind| (CONTENT_TYPE, kind)));
        }
        if matches!(spec.response, ResponseKind::Text | ResponseKind::Bytes) {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        for (name, value) in request.headers() {
            headers.insert(*name, value.clone());
        }
        let outgoing = Outgoing {
            method: spec.method.clone(),
            url: request.url(origin)?,
            headers,
            body: request.body().map(|body| body.bytes.clone()),
            timeout,
            max_body: MAX_BODY,
        };
        let answer = self.http.send(outgoing).await?;
        tracing::debug!(operation = spec.id, status = answer.status.as_u16(), "Xano responded");
        Ok(answer)
    }
}

/// A response of the Metadata API.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub body: Value,
    /// How its shape differs from the contract, as the end of the sentence "the response is …".
    pub deviation: Option<&'static str>,
}

/// The headers of a request. A key that is not a valid header value is not sent, so Xano responds with
/// 401.
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

/// Reads a response that must have the contract's shape.
pub(crate) fn read(answer: &Answer, expected: ResponseKind) -> Result<Value, XanoError> {
    let Response { body, deviation } = read_tolerantly(answer, expected)?;
    let status = answer.status.as_u16();
    deviation.map_or(Ok(body), |why| Err(XanoError::InvalidResponse { status, why }))
}

fn read_tolerantly(answer: &Answer, expected: ResponseKind) -> Result<Response, XanoError> {
    let as_promised = |body| Ok(Response { body, deviation: None });
    let body = serde_json::from_slice::<Value>(&answer.body);
    if !answer.status.is_success() {
        return Err(XanoError::from_response(
            answer.status,
            body.as_ref().ok(),
            retry_after(answer),
        ));
    }
    let invalid = |why| XanoError::InvalidResponse { status: answer.status.as_u16(), why };
    let empty = answer.body.iter().all(u8::is_ascii_whitespace);
    match expected {
        ResponseKind::Text => {
            let text = std::str::from_utf8(&answer.body);
            let text = text.map_err(|_| invalid("not text in UTF-8"))?;
            return as_promised(Value::from(text));
        }
        ResponseKind::Bytes => return Err(invalid("a file, which this server can't return")),
        ResponseKind::Nothing | ResponseKind::Json
            if empty || answer.status == StatusCode::NO_CONTENT =>
        {
            return as_promised(Value::Null);
        }
        _ if empty => return Err(invalid("empty")),
        _ => {}
    }
    let body = body.map_err(|_| invalid("not JSON, or was cut off"))?;
    let deviation = match expected {
        ResponseKind::Object if !body.is_object() => Some("not a JSON object"),
        ResponseKind::Array if !body.is_array() => Some("not a JSON array"),
        ResponseKind::List => match list(body) {
            Ok(list) => return as_promised(list),
            Err(body) => return Ok(Response { body, deviation: Some("not a list") }),
        },
        _ => None,
    };
    Ok(Response { body, deviation })
}

/// A list in any of its three published forms: an array, an envelope, or an envelope in an array. Another body is
/// returned as it is.
fn list(body: Value) -> Result<Value, Value> {
    let is_page = |value: &Value| value.get("items").is_some_and(Value::is_array);
    match body {
        Value::Array(mut items) => match items.as_slice() {
            [only] if is_page(only) && only.get("curPage").is_some() => {
                Ok(items.pop().unwrap_or_default())
            }
            _ => Ok(Value::Array(items)),
        },
        page if is_page(&page) => Ok(page),
        other => Err(other),
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
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
    fn an_invalid_response_is_an_error() {
        let invalid = ["", " ", "<html>busy</html>", "{\"id\": 1", "null", "1", "\"x\""];
        for body in invalid {
            for expected in [ResponseKind::Object, ResponseKind::Array, ResponseKind::List] {
                let read = read(&answer(200, body), expected);
                assert!(
                    matches!(read, Err(XanoError::InvalidResponse { .. })),
                    "{body:?} {expected:?}"
                );
            }
        }
        assert!(read(&answer(200, "[]"), ResponseKind::Object).is_err());
        assert!(read(&answer(200, "{}"), ResponseKind::Array).is_err());
        assert!(read(&answer(302, ""), ResponseKind::Nothing).is_err());
        assert!(read(&answer(200, "<html>"), ResponseKind::Nothing).is_err());
    }

    #[test]
    fn json_of_another_shape_is_returned_with_a_note() {
        for (body, expected) in [
            ("null", ResponseKind::Object),
            ("1", ResponseKind::List),
            ("\"x\"", ResponseKind::Array),
            ("[]", ResponseKind::Object),
            ("{}", ResponseKind::Array),
            ("{\"rows\": []}", ResponseKind::List),
        ] {
            let response = read_tolerantly(&answer(200, body), expected).unwrap();
            assert_eq!(response.body, serde_json::from_str::<Value>(body).unwrap());
            assert!(response.deviation.is_some(), "{body} {expected:?}");
        }
        for body in ["", " ", "<html>busy</html>", "{\"id\": 1"] {
            assert!(read_tolerantly(&answer(200, body), ResponseKind::Object).is_err(), "{body}");
        }
    }

    #[test]
    fn an_empty_result_has_four_forms() {
        for (status, body) in [(200, "null"), (200, "{}"), (200, ""), (204, "")] {
            assert!(
                read(&answer(status, body), ResponseKind::Nothing).is_ok(),
                "{status} {body:?}"
            );
        }
    }

    #[test]
    fn lists_have_three_forms() {
        let page = json!({"curPage": 1, "items": [{"id": 1}]});
        for body in [page.clone(), json!([page.clone()])] {
            assert_eq!(read(&answer(200, &body.to_string()), ResponseKind::List).unwrap(), page);
        }
        let plain = json!([{"id": 1}]);
        assert_eq!(read(&answer(200, &plain.to_string()), ResponseKind::List).unwrap(), plain);
    }

    #[test]
    fn the_status_decides_and_param_is_read_from_both_places() {
        for body in [
            r#"{"code":"ERROR_CODE_INPUT_ERROR","message":"m","payload":{"param":"name"}}"#,
            r#"{"code":"ERROR_CODE_INPUT_ERROR","message":"m","param":"name"}"#,
        ] {
            let error = read(&answer(400, body), ResponseKind::Object).unwrap_err();
            let XanoError::Refused { param, .. } = error else { panic!("{error}") };
            assert_eq!(param.as_deref(), Some("name"));
        }
        let html = read(&answer(502, "<html>"), ResponseKind::Object).unwrap_err();
        assert!(html.may_have_happened());
        let empty = r#"{"code":"ERROR_CODE_NOT_FOUND","message":""}"#;
        let error = read(&answer(404, empty), ResponseKind::Object).unwrap_err();
        assert_eq!(error.to_string(), "Xano could not find the requested object");
    }

    #[test]
    fn text_is_text_and_files_are_refused() {
        let yaml = answer(200, "tables:\n  - a");
        assert_eq!(read(&yaml, ResponseKind::Text).unwrap(), json!("tables:\n  - a"));
        assert!(read(&yaml, ResponseKind::Bytes).is_err());
    }

    #[test]
    fn any_json_may_be_empty() {
        for (status, body) in [(200, "null"), (200, ""), (204, "")] {
            assert_eq!(read(&answer(status, body), ResponseKind::Json).unwrap(), json!(null));
        }
        assert!(read(&answer(200, "<html>"), ResponseKind::Json).is_err());
    }
}
