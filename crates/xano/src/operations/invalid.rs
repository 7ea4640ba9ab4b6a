//! Errors of building a request.

use super::spec::BodyKind;

/// Why a request can't be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    /// The operation has no such parameter.
    #[error("{operation} has no parameter {name:?}")]
    UnknownParameter { operation: &'static str, name: String },
    /// A parameter was given more than once.
    #[error("{operation} takes the parameter {name:?} only once")]
    RepeatedParameter { operation: &'static str, name: &'static str },
    /// A required parameter was not given.
    #[error("{operation} needs the parameter {name:?}")]
    MissingParameter { operation: &'static str, name: &'static str },
    /// The value of a path parameter is not a valid path segment.
    #[error("{value:?} can't be part of a path: {name} must be an id or a name")]
    PathSegment {
        /// The parameter.
        name: &'static str,
        /// The beginning of the value.
        value: String,
    },
    /// The value of a header parameter contains characters that are invalid in a header.
    #[error("{value:?} can't be sent in the header {name}")]
    HeaderValue {
        /// The parameter.
        name: &'static str,
        /// The beginning of the value.
        value: String,
    },
    /// The body is missing, or of a kind that the operation does not accept.
    #[error("{operation} accepts {}", accepted(.kinds))]
    Body {
        operation: &'static str,
        /// The kinds that it accepts.
        kinds: &'static [BodyKind],
    },
}

fn accepted(kinds: &[BodyKind]) -> String {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    if kinds.is_empty() { "no body".into() } else { format!("a body in {}", kinds.join(" or ")) }
}
