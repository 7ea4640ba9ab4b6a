//! A request for one operation, built by parameter name.

use std::time::Duration;

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use super::body::Body;
use super::invalid::InvalidRequest;
use super::spec::{Address, Location, OperationSpec, TimeoutClass};
use crate::XanoOrigin;

/// Everything but RFC 3986's unreserved characters is escaped in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The longest value of a path parameter, in bytes.
const MAX_SEGMENT: usize = 500;

/// Collects the parameters and the body of a request; [`build`](Self::build) checks them.
#[derive(Debug, Clone)]
pub struct RequestBuilder {
    spec: &'static OperationSpec,
    values: Vec<(String, String)>,
    body: Option<Body>,
}

impl RequestBuilder {
    /// Sets a parameter. Where it is sent follows from the operation.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets a parameter, if there is a value.
    #[must_use]
    pub fn set_optional(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body(Body::json(body))
    }

    /// Checks and builds the request.
    ///
    /// # Errors
    /// See [`InvalidRequest`].
    pub fn build(self) -> Result<Request, InvalidRequest> {
        let Self { spec, values, body } = self;
        let operation = spec.id;
        let mut parameters: Vec<(&'static str, String)> = Vec::with_capacity(values.len());
        let (mut query, mut headers) = (Vec::new(), Vec::new());
        for (name, value) in values {
            let Some(parameter) = spec.parameter(&name) else {
                return Err(InvalidRequest::UnknownParameter { operation, name });
            };
            let name = parameter.name;
            if parameters.iter().any(|(present, _)| *present == name) {
                return Err(InvalidRequest::RepeatedParameter { operation, name });
            }
            match parameter.location {
                Location::Path => {}
                Location::Query => query.push((name, value.clone())),
                Location::Header => {
                    let header = HeaderValue::try_from(&value);
                    let header = header.map_err(|_| InvalidRequest::HeaderValue {
                        name,
                        value: shortened(&value),
                    })?;
                    headers.push((name, header));
                }
            }
            parameters.push((name, value));
        }
        for parameter in spec.parameters.iter().filter(|parameter| parameter.required) {
            let name = parameter.name;
            if !parameters.iter().any(|(present, _)| *present == name) {
                return Err(InvalidRequest::MissingParameter { operation, name });
            }
        }
        let is_accepted = match &body {
            Some(body) => spec.bodies.contains(&body.kind),
            None => spec.bodies.is_empty(),
        };
        if !is_accepted {
            return Err(InvalidRequest::Body { operation, kinds: spec.bodies });
        }
        let path = path(spec, &parameters)?;
        Ok(Request { spec, parameters, path, query, headers, body, deadline: None })
    }
}

/// A complete request for one operation, without an origin.
#[derive(Debug, Clone)]
pub struct Request {
    spec: &'static OperationSpec,
    parameters: Vec<(&'static str, String)>,
    /// The encoded path below `/api:meta`, with a leading slash.
    path: String,
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Option<Body>,
    deadline: Option<Duration>,
}

impl Request {
    /// Starts building a request for an operation.
    #[must_use]
    pub const fn to(spec: &'static OperationSpec) -> RequestBuilder {
        RequestBuilder { spec, values: Vec::new(), body: None }
    }

    /// Limits how long the request may take, with all retries.
    #[must_use]
    pub const fn within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    #[must_use]
    pub const fn spec(&self) -> &'static OperationSpec {
        self.spec
    }

    /// The value of a parameter, not encoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(present, _)| *present == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The workspace that the request concerns.
    #[must_use]
    pub fn workspace(&self) -> Option<&str> {
        match self.spec.address {
            Address::Workspace { parameter } => self.parameter(parameter),
            Address::Account | Address::Instance => None,
        }
    }

    /// The data source that the request names; Xano uses `live` otherwise.
    #[must_use]
    pub fn data_source(&self) -> Option<&str> {
        self.parameter(self.spec.data_source?)
    }

    pub(crate) const fn headers(&self) -> &Vec<(&'static str, HeaderValue)> {
        &self.headers
    }

    pub(crate) const fn body(&self) -> Option<&Body> {
        self.body.as_ref()
    }

    /// The timeout of each HTTP request.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.deadline.unwrap_or_else(|| self.spec.timeout.request())
    }

    /// The timeout of the request with all retries.
    pub(crate) fn total_timeout(&self) -> Duration {
        self.deadline.unwrap_or(TimeoutClass::TOTAL)
    }

    /// The URL at an origin.
    pub(crate) fn url(&self, origin: &XanoOrigin) -> Result<Url, InvalidRequest> {
        let text = format!("{origin}/api:meta{}", self.path);
        // The parser must not normalize anything, so that the path is exactly the intended one.
        let parsed = Url::parse(&text).ok().filter(|url| url.as_str() == text);
        let mut url = parsed.ok_or_else(|| bad_segment("path", &self.path))?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

/// The path with its parameters, each encoded as one segment, so that a value can't change the path.
/// Empty values, `.` and `..` are invalid, because they can't be encoded as a segment (WHATWG URL).
fn path(
    spec: &'static OperationSpec,
    parameters: &[(&'static str, String)],
) -> Result<String, InvalidRequest> {
    let mut path = String::new();
    for segment in spec.path.split('/').skip(1) {
        path.push('/');
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let value = name.and_then(|name| parameters.iter().find(|(present, _)| *present == name));
        let Some((name, value)) = value else {
            path.push_str(segment);
            continue;
        };
        if matches!(value.as_str(), "" | "." | "..") || value.len() > MAX_SEGMENT {
            return Err(bad_segment(name, value));
        }
        path.extend(utf8_percent_encode(value, SEGMENT));
    }
    Ok(path)
}

fn bad_segment(name: &'static str, value: &str) -> InvalidRequest {
    InvalidRequest::PathSegment { name, value: shortened(value) }
}

fn shortened(value: &str) -> String {
    value.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::operations;
    use crate::origin::HostPolicy;

    fn url(segment: &str) -> Result<Url, InvalidRequest> {
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        Request::to(&operations::LIST_TABLES)
            .set("workspace_id", segment)
            .set_optional("page", Some(2))
            .set_optional("per_page", None::<u64>)
            .build()?
            .url(policy.account())
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let base = "https://app.xano.com/api:meta/workspace";
        for (segment, encoded) in [
            ("1", "1"),
            ("../2", "..%2F2"),
            ("%2f", "%252f"),
            ("1?x=1#y", "1%3Fx%3D1%23y"),
            ("a b\\c", "a%20b%5Cc"),
            ("ü", "%C3%BC"),
            ("1\r\nX: y", "1%0D%0AX%3A%20y"),
        ] {
            assert_eq!(url(segment).unwrap().as_str(), format!("{base}/{encoded}/table?page=2"));
        }
        for value in ["", ".", ".."] {
            let error = InvalidRequest::PathSegment { name: "workspace_id", value: value.into() };
            assert_eq!(url(value), Err(error));
        }
    }

    proptest! {
        #[test]
        fn no_text_changes_the_path(segment in "\\PC{0,30}") {
            if let Ok(url) = url(&segment) {
                let parts: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(parts.len(), 4);
                let decoded = percent_encoding::percent_decode_str(parts[2]).decode_utf8().unwrap();
                prop_assert_eq!(decoded, segment);
                prop_assert_eq!((parts[3], url.query()), ("table", Some("page=2")));
            }
        }
    }

    #[test]
    fn errors_name_the_parameter() {
        let list = || Request::to(&operations::LIST_TABLES).set("workspace_id", 1);
        let error = |builder: RequestBuilder| builder.build().unwrap_err().to_string();
        assert_eq!(error(list().set("table_id", 2)), "list_tables has no parameter \"table_id\"");
        assert_eq!(
            error(Request::to(&operations::LIST_TABLES).set("page", 1)),
            "list_tables needs the parameter \"workspace_id\""
        );
        assert_eq!(
            error(list().set("workspace_id", 2)),
            "list_tables takes the parameter \"workspace_id\" only once"
        );
        assert_eq!(error(list().json(&json!({}))), "list_tables accepts no body");
        let create = Request::to(&operations::CREATE_TABLE).set("workspace_id", 1);
        let expected = "create_table accepts a body in XanoScript or JSON or multipart";
        assert_eq!(error(create), expected);
    }

    #[test]
    fn a_data_source_is_a_header_and_can_not_add_another() {
        let record = |source: &str| {
            Request::to(&operations::GET_RECORD)
                .set("workspace_id", 1)
                .set("table_id", 2)
                .set("content_id", 3)
                .set("x-data-source", source)
                .build()
        };
        let request = record("test").unwrap();
        assert_eq!(request.data_source(), Some("test"));
        assert_eq!(request.headers, [("x-data-source", HeaderValue::from_static("test"))]);
        assert!(record("test\r\nx: y").is_err());
    }
}
