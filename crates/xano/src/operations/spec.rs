//! The specification of an operation.

use std::time::Duration;

use crate::scopes;
use http::Method;
use snappy_domain::Scope;

/// One operation of the Metadata API.
#[derive(Debug)]
pub struct OperationSpec {
    /// The contract's `operationId`.
    pub id: &'static str,
    /// The contract's tag, such as `table content`.
    pub group: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template below `/api:meta`, such as `/workspace/{workspace_id}`.
    pub path: &'static str,
    /// Every parameter. Names are unique within an operation.
    pub parameters: &'static [Parameter],
    /// Which service it is sent to, and which workspace it concerns.
    pub address: Address,
    /// The parameter that names a branch, if there is one.
    pub branch: Option<&'static str>,
    /// The parameter that names a data source, if there is one.
    pub data_source: Option<&'static str>,
    /// What it does to the account.
    pub effect: Effect,
    /// Whether sending it twice leaves the same state as sending it once.
    pub idempotent: bool,
    pub timeout: TimeoutClass,
    /// The kinds of body it accepts. Empty if it takes none; otherwise a body is required.
    pub bodies: &'static [BodyKind],
    /// What a successful response contains.
    pub response: ResponseKind,
}

impl OperationSpec {
    /// The OAuth scope that a client of this server needs for it.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.effect.scope()
    }

    /// Whether it changes nothing (RFC 9110 §9.2.1), so that it may be retried after any failure. An
    /// operation that returns secrets is safe if its method is GET.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        match self.effect {
            Effect::Read => true,
            Effect::Secret => self.method == Method::GET,
            _ => false,
        }
    }

    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    /// Where it is sent.
    pub location: Location,
    /// Whether a request must have it. Path parameters are always required.
    pub required: bool,
    /// The type that the contract declares. Xano checks it, not the client.
    pub value: ValueType,
}

impl Parameter {
    pub(super) const fn path(name: &'static str, value: ValueType) -> Self {
        Self { name, location: Location::Path, required: true, value }
    }

    pub(super) const fn query(name: &'static str, value: ValueType) -> Self {
        Self { name, location: Location::Query, required: false, value }
    }

    pub(super) const fn required_query(name: &'static str, value: ValueType) -> Self {
        Self { name, location: Location::Query, required: true, value }
    }

    pub(super) const fn header(name: &'static str, value: ValueType) -> Self {
        Self { name, location: Location::Header, required: false, value }
    }
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// As one segment of the path.
    Path,
    /// In the query string.
    Query,
    /// As a request header.
    Header,
}

/// The declared type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A whole number.
    Integer,
    Text,
    /// `true` or `false`.
    Boolean,
}

/// Where an operation is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// The account API, such as `https://app.xano.com/api:meta`.
    Account,
    Instance,
    /// One workspace of an instance.
    Workspace {
        /// The path parameter that names the workspace.
        parameter: &'static str,
    },
}

/// What an operation does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Changes nothing, whatever its method.
    Read,
    /// Creates or changes records or files.
    Write,
    /// Creates or changes anything else: tables, fields, indexes, logic, settings, tenants.
    Schema,
    /// Deletes or replaces something.
    Delete,
    /// Runs logic of the workspace, which may have any effect.
    Run,
    /// Changes which version of the application its users get.
    Deploy,
    /// Returns or sets credentials: environment variables, tokens, keys, licences, sign-in links, and
    /// archives that may contain them.
    Secret,
}

impl Effect {
    /// The scope that an effect needs. [`Run`](Self::Run), [`Deploy`](Self::Deploy) and
    /// [`Secret`](Self::Secret) have no scopes of their own yet, so they need the most powerful one.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Read => scopes::READ,
            Self::Write => scopes::WRITE,
            Self::Schema => scopes::SCHEMA,
            Self::Delete | Self::Run | Self::Deploy | Self::Secret => scopes::DELETE,
        }
    }
}

/// The timeouts of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutClass {
    /// A read: 20 seconds for each request, which leaves time for retries.
    Read,
    /// A change: 30 seconds.
    Change,
    /// A long-running operation: 50 seconds.
    LongRunning,
}

impl TimeoutClass {
    /// The timeout with all retries. Clients give up after a minute.
    pub(super) const TOTAL: Duration = Duration::from_secs(50);

    pub(super) const fn request(self) -> Duration {
        match self {
            Self::Read => Duration::from_secs(20),
            Self::Change => Duration::from_secs(30),
            Self::LongRunning => Self::TOTAL,
        }
    }
}

/// A kind of request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// `application/json`.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// `text/x-xanoscript`.
    XanoScript,
}

impl BodyKind {
    /// Its name in messages.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Multipart => "multipart",
            Self::XanoScript => "XanoScript",
        }
    }
}

/// What a successful response contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// A list: an array, an envelope with `items`, or that envelope in an array.
    List,
    /// Nothing: `null`, `{}`, an empty body, or status 204.
    Nothing,
    /// Any JSON value; `null` if the body is empty.
    Json,
    /// UTF-8 text.
    Text,
    /// A file.
    Bytes,
}
