//! The body of a request.

use bytes::Bytes;
use serde_json::Value;

use super::spec::BodyKind;

/// A body with its media type.
#[derive(Debug, Clone)]
pub struct Body {
    pub(super) kind: BodyKind,
    /// The value of `Content-Type`.
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

impl Body {
    #[must_use]
    pub fn json(value: &Value) -> Self {
        let bytes = Bytes::from(value.to_string());
        Self { kind: BodyKind::Json, content_type: "application/json".into(), bytes }
    }

    /// XanoScript source.
    #[must_use]
    pub fn xano_script(source: String) -> Self {
        let bytes = Bytes::from(source);
        Self { kind: BodyKind::XanoScript, content_type: "text/x-xanoscript".into(), bytes }
    }

    /// Encoded parts (RFC 7578) that are separated by `boundary`.
    #[must_use]
    pub fn multipart(boundary: &str, bytes: Bytes) -> Self {
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Self { kind: BodyKind::Multipart, content_type, bytes }
    }
}
