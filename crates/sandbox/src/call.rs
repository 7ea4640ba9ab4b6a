//! A parsed request.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::failure::Failure;
use crate::input::Input;

/// A request, as an operation receives it.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The path parameters, decoded once.
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// The label in `x-data-source`.
    pub(crate) data_source: Option<String>,
    pub(crate) bearer: Option<String>,
    pub(crate) host: String,
    pub(crate) now_ms: i64,
    pub(crate) seed: u64,
}

impl Call {
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// A path parameter that must be a whole number.
    pub(crate) fn id(&self, name: &str) -> Result<u64, Failure> {
        self.param(name).parse().map_err(|_| Failure::input(name, "Not a valid integer."))
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn query_flag(&self, name: &str) -> bool {
        matches!(self.query(name), Some("true" | "1"))
    }

    /// The body as a JSON object. A missing body is an empty object.
    pub(crate) fn input(&self) -> Result<Input, Failure> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Input::default());
        }
        serde_json::from_slice(&self.body)
            .map(Input::new)
            .map_err(|_| Failure::input("body", "The body is not a JSON object."))
    }
}

/// The decoded segments of a raw path. It is split before decoding, so an encoded `/` does not separate
/// segments.
pub(crate) fn segments(path: &str) -> Vec<String> {
    path.strip_prefix('/')
        .unwrap_or(path)
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect()
}

/// The token of an `Authorization: Bearer …` header.
pub(crate) fn bearer(header: &str) -> Option<String> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}
