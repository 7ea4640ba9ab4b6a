//! Responses.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use crate::failure::Outcome;

const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// A response, or closing the connection without one.
#[derive(Debug)]
pub(crate) enum Answer {
    Send(Message),
    Close,
}

/// A response: status, headers and body.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) status: StatusCode,
    headers: BTreeMap<String, String>,
    content_type: Option<&'static str>,
    body: Bytes,
}

impl Message {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            content_type: Some("application/json"),
            body: body.to_string().into(),
        }
    }

    pub(crate) fn outcome(outcome: Outcome) -> Self {
        match outcome {
            Ok(body) => Self::json(StatusCode::OK, &body),
            Err(failure) => Self::json(failure.status, &failure.body()),
        }
    }

    /// A gateway's error page.
    pub(crate) fn html(status: StatusCode) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            content_type: Some("text/html"),
            body: Bytes::from_static(PAGE.as_bytes()),
        }
    }

    /// A page for people.
    pub(crate) fn page(status: StatusCode, html: String) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            content_type: Some("text/html; charset=utf-8"),
            body: html.into(),
        }
    }

    /// Sends the browser to another address, with GET.
    pub(crate) fn redirect(to: String) -> Self {
        let headers = BTreeMap::from([("location".to_owned(), to)]);
        Self::empty(StatusCode::SEE_OTHER).with_headers(headers)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: BTreeMap::new(), content_type: None, body: Bytes::new() }
    }

    pub(crate) fn with_headers(mut self, headers: BTreeMap<String, String>) -> Self {
        self.headers = headers;
        self
    }

    /// Cuts off the second half of the body, with status 200.
    pub(crate) fn truncated(mut self) -> Self {
        self.status = StatusCode::OK;
        self.body.truncate(self.body.len() / 2);
        self
    }

    /// Builds the response. Invalid headers are omitted.
    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                headers.insert(name, value);
            }
        }
        response
    }
}
