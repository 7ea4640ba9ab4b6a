//! One call of the Metadata API: which operation of the contract, with what.

use std::time::Duration;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::XanoOrigin;

/// Everything but RFC 3986's unreserved characters is escaped in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a successful answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A list: an array, an envelope with `items`, or that envelope in an array.
    List,
    /// Nothing worth reading: `null`, `{}`, an empty body, or 204.
    Nothing,
}

/// Whether a call changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only looks.
    Read,
    /// It may change something.
    Write,
}

/// A path segment that can't be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} can't be part of a path: an id or a name is needed")]
pub struct BadSegment(pub String);

/// A call, before it is known where it goes.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The contract's `operationId`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The workspace it is about, if it is about one.
    pub workspace: Option<String>,
    /// Encoded path below `/api:meta`, with a slash in front.
    path: String,
    query: Vec<(&'static str, String)>,
    /// The JSON body, if there is one.
    pub body: Option<Value>,
    /// What a success looks like.
    pub expect: Expect,
    /// How long each request of it may take.
    pub(crate) timeout: Duration,
    /// How long it may take with all its repetitions.
    pub(crate) in_all: Duration,
}

/// The longest a request that only looks may take. It can be repeated.
const LOOK: Duration = Duration::from_secs(20);
/// The longest a request that changes something may take. It can't.
const CHANGE: Duration = Duration::from_secs(30);
/// The longest an operation usually may take. Clients give up after a minute.
const IN_ALL: Duration = Duration::from_secs(50);

impl Operation {
    /// A call of `id`. Every segment is encoded as one segment: nothing in it can change the path.
    ///
    /// # Errors
    /// When a segment is empty, `.` or `..`, which no encoding can carry (WHATWG URL).
    pub fn new(
        id: &'static str,
        method: Method,
        segments: &[&str],
        expect: Expect,
    ) -> Result<Self, BadSegment> {
        let mut path = String::new();
        for segment in segments {
            if matches!(*segment, "" | "." | "..") || segment.len() > 500 {
                return Err(BadSegment(segment.chars().take(100).collect()));
            }
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        let workspace = match segments {
            ["workspace", id, ..] => Some((*id).to_owned()),
            _ => None,
        };
        let timeout = if method == Method::GET { LOOK } else { CHANGE };
        Ok(Self {
            id,
            method,
            workspace,
            path,
            query: Vec::new(),
            body: None,
            expect,
            timeout,
            in_all: IN_ALL,
        })
    }

    /// Adds a query parameter, if there is a value.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// May take as long as all repetitions together: Xano works on many things.
    #[must_use]
    pub const fn lengthy(mut self) -> Self {
        self.timeout = self.in_all;
        self
    }

    /// Gives up earlier than usual: somebody waits for a page.
    #[must_use]
    pub const fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self.in_all = timeout;
        self
    }

    /// Sets the JSON body.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Whether the call changes anything. POST searches do not exist among our operations yet.
    #[must_use]
    pub fn effect(&self) -> Effect {
        if self.method == Method::GET { Effect::Read } else { Effect::Write }
    }

    /// The address at an origin.
    pub(crate) fn url(&self, origin: &XanoOrigin) -> Result<Url, BadSegment> {
        let text = format!("{origin}/api:meta{}", self.path);
        let mut url = Url::parse(&text).map_err(|_| BadSegment(self.path.clone()))?;
        // The parser must not have found anything to tidy up: then the path is the one meant.
        if url.as_str() != text {
            return Err(BadSegment(self.path.clone()));
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::origin::HostPolicy;

    fn url(segment: &str) -> Result<Url, BadSegment> {
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        let segments = ["workspace", segment, "table"];
        Operation::new("list_tables", Method::GET, &segments, Expect::List)?
            .query("page", Some(2))
            .query("per_page", None::<u64>)
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
        for segment in ["", ".", ".."] {
            assert_eq!(url(segment), Err(BadSegment(segment.into())));
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
}
