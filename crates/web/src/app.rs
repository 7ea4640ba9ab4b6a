//! The state that all handlers share.

use std::fmt;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::sync::Arc;

use snappy_domain::{Cache, CredentialId, GrantId, Keyring, Runtime};
use snappy_mcp_server::Dispatch;
use snappy_oauth::{AuthorizationServer, Site};
use snappy_tools::{Inventory, SERVER_INFO};
use snappy_xano::{Xano, scopes};

use crate::admission::AdmissionRules;
use crate::rate_limits::{RateLimiter, RateLimits};

/// For how many connections a process remembers what they were warned about.
const WARNED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// What the router is built from.
#[derive(Debug)]
pub struct Parts {
    pub oauth: AuthorizationServer,
    /// The keys that encrypt and authenticate cookies and forms.
    pub keys: Arc<Keyring>,
    /// The clock, timers, tasks and randomness of the host.
    pub runtime: Runtime,
    /// The Xano client.
    pub xano: Arc<Xano>,
    /// The available tools.
    pub inventory: Inventory,
    /// The public address of the server. `None` accepts any loopback address that a request names.
    pub public: Option<Site>,
    /// Web origins that may call the MCP endpoint besides the server's own and loopback ones.
    pub allowed_origins: Vec<String>,
    /// The origin of Xano's account-level API, which also hosts Xano's own login page.
    pub account_origin: String,
    /// Whether people are offered the sign-in at Xano's OAuth server.
    pub offers_oauth: bool,
    /// Whether `/debug-oauth` is served.
    pub debug_oauth: bool,
    pub limits: RateLimits,
    /// Whom the operator lets use the server.
    pub admission: AdmissionRules,
}

/// The shared state; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

struct Shared {
    parts: Parts,
    limiter: RateLimiter,
    mcp: Dispatch,
    /// The version of a credential that was last warned about, for each connection.
    warned: Cache<(GrantId, CredentialId), u64>,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        let limiter = RateLimiter::new(
            parts.limits,
            Arc::clone(&parts.runtime.clock),
            Arc::clone(&parts.keys),
        );
        let mcp = Dispatch::new(SERVER_INFO);
        let warned = Cache::new(WARNED);
        Self(Arc::new(Shared { parts, limiter, mcp, warned }))
    }

    pub(crate) fn mcp(&self) -> &Dispatch {
        &self.0.mcp
    }

    /// Whether a connection's person has not been warned yet that this version of a credential ends.
    pub(crate) fn should_warn(&self, grant: GrantId, id: CredentialId, version: u64) -> bool {
        self.0.warned.update((grant, id), |warned| std::mem::replace(warned, version) != version)
    }

    /// Whether the server offers only tools that read.
    pub(crate) fn is_read_only(&self) -> bool {
        self.inventory.tools().iter().all(|tool| tool.scope == scopes::READ)
    }

    pub(crate) fn limiter(&self) -> &RateLimiter {
        &self.0.limiter
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}
