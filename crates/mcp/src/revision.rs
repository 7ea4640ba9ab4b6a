//! The protocol revision of a request. 2026-07-28 names it in the `_meta` of each request; the older revisions
//! agree on it in `initialize`.

use http::StatusCode;
use rmcp::model::{
    ClientRequest, ErrorCode, ErrorData, GetMeta as _, ProtocolVersion, RequestMetaObject,
};

/// The revision of a request.
#[derive(Debug)]
pub(crate) struct Revision {
    /// The revision in `_meta`.
    pub(crate) named: Option<ProtocolVersion>,
    /// The `_meta` fields that 2026-07-28 requires and that are missing or malformed.
    missing: Vec<&'static str>,
    is_initialize: bool,
    is_discover: bool,
}

impl Revision {
    pub(crate) fn of(request: &ClientRequest) -> Self {
        let meta: &RequestMetaObject = request.get_meta();
        Self {
            named: meta.protocol_version(),
            missing: meta.missing_required_keys(&ProtocolVersion::V_2026_07_28),
            is_initialize: matches!(request, ClientRequest::InitializeRequest(_)),
            is_discover: matches!(request, ClientRequest::DiscoverRequest(_)),
        }
    }

    /// Whether the request uses 2026-07-28 or newer.
    pub(crate) fn is_stateless(&self) -> bool {
        self.named.as_ref().is_some_and(|version| !version.has_initialize())
    }

    /// The names of the missing `_meta` fields, if they are required for this request. `by_header` says whether
    /// a header names a revision that requires them.
    pub(crate) fn missing_fields(&self, by_header: bool) -> Option<String> {
        let required = self.is_discover || self.is_stateless() || by_header;
        let missing = required && !self.is_initialize && !self.missing.is_empty();
        missing.then(|| self.missing.join(", "))
    }

    /// Checks that the revision is supported and that `_meta` has the fields it requires.
    pub(crate) fn check(&self) -> Result<(), ErrorData> {
        let known = ProtocolVersion::KNOWN_VERSIONS;
        match &self.named {
            Some(named) if !self.is_initialize && !known.contains(named) => {
                return Err(ErrorData::unsupported_protocol_version(named.clone(), known));
            }
            _ => {}
        }
        self.missing_fields(false).map_or(Ok(()), |missing| {
            let why =
                format!("request _meta is missing or has malformed required fields: {missing}");
            Err(ErrorData::invalid_params(why, None))
        })
    }

    /// The HTTP status of an error response: always 200 for requests of older revisions.
    pub(crate) fn status(&self, error: &ErrorData) -> StatusCode {
        if self.named.is_none() && !self.is_discover {
            return StatusCode::OK;
        }
        match error.code {
            ErrorCode::UNSUPPORTED_PROTOCOL_VERSION
            | ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY
            | ErrorCode::HEADER_MISMATCH => StatusCode::BAD_REQUEST,
            ErrorCode::INVALID_PARAMS if !self.missing.is_empty() => StatusCode::BAD_REQUEST,
            ErrorCode::METHOD_NOT_FOUND => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        }
    }
}

/// The revision to use after `initialize`: the requested one, or the newest that has `initialize`.
pub(crate) fn negotiate(requested: ProtocolVersion) -> ProtocolVersion {
    if requested.has_initialize() && ProtocolVersion::KNOWN_VERSIONS.contains(&requested) {
        requested
    } else {
        ProtocolVersion::LATEST_WITH_INITIALIZE
    }
}
