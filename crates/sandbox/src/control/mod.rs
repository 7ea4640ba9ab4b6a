//! Controls of the sandbox, for code in the same process.

mod oauth;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::accounts::Accounts;
use crate::faults::FaultRule;
use crate::recorder::Recorded;
use crate::server::Server;
use crate::settings::{BadCredentials, LoginShape};
use crate::state::LIVE;

/// The controls of a sandbox. Clones control the same sandbox.
///
/// With an unknown e-mail address, methods change nothing and return an empty string. With a snapshot file,
/// changes to users are written to it before a method returns. If that fails, the next write over HTTP
/// tries again and reports the failure.
#[derive(Clone)]
pub struct Control {
    server: Arc<Server>,
}

impl Control {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    /// Replaces a user's Metadata API key, which becomes invalid (401), and returns the new one.
    pub fn rotate_key(&self, email: &str) -> String {
        self.account(|accounts| accounts.rotate_key(email)).unwrap_or_default()
    }

    /// Makes a user's Metadata API key invalid. The next `auth/me` of the sign-in API issues a new one.
    pub fn expire_key(&self, email: &str) {
        self.account(|accounts| accounts.expire_key(email));
    }

    /// Makes a user's session invalid until the next sign-in.
    pub fn expire_session(&self, email: &str) {
        self.account(|accounts| accounts.expire_session(email));
    }

    /// A user's valid Metadata API key, which is also an access token to paste. An invalid one is replaced
    /// first.
    #[must_use]
    pub fn api_key(&self, email: &str) -> String {
        let (key, minted) = self.server.accounts().valid_key(email).unwrap_or_default();
        if minted {
            self.persist();
        }
        key
    }

    /// Adds a rule after the existing ones.
    pub fn push_fault(&self, rule: FaultRule) {
        self.server.faults().push(rule);
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        self.server.faults().replace(Vec::new());
    }

    /// Sets the response of `list_instances` to any JSON; `None` restores the seed's.
    pub fn set_instances(&self, list: Option<Value>) {
        self.server.settings_mut().instances = list;
    }

    /// Sets the response to a successful sign-in.
    pub fn set_login_shape(&self, shape: LoginShape) {
        self.server.settings_mut().login_shape = shape;
    }

    /// Sets the response to a failed sign-in.
    pub fn set_bad_credentials(&self, response: BadCredentials) {
        self.server.settings_mut().bad_credentials = response;
    }

    /// Sets whether `auth/me` of the sign-in API omits `api_key`.
    pub fn set_me_without_key(&self, on: bool) {
        self.server.settings_mut().me_without_key = on;
    }

    /// Sets whether an instance allows only 10 requests in 20 seconds. Starts a new window.
    pub fn set_free_plan_limit(&self, on: bool) {
        self.server.settings_mut().free_plan_limit = on;
        *self.server.limiter() = crate::limit::Limiter::default();
    }

    /// The recorded requests in order of arrival, without those to the controls.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.recorder().iter().cloned().collect()
    }

    /// The number of recorded requests for an operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.server.recorder().iter().filter(|request| request.operation == operation).count()
    }

    /// Removes the recorded requests. The numbering continues.
    pub fn clear_requests(&self) {
        self.server.recorder().clear();
    }

    /// The records of a table in the live data source, ordered by id; empty if the table does not exist.
    #[must_use]
    pub fn records(&self, workspace_id: u64, table_id: u64) -> Vec<Value> {
        let data = self.server.data();
        let rows = data
            .workspaces
            .get(&workspace_id)
            .and_then(|workspace| workspace.tables.get(&table_id))
            .and_then(|table| table.rows.get(LIVE));
        rows.into_iter().flat_map(|rows| rows.iter().cloned().map(Value::Object)).collect()
    }

    /// Restores the initial state: data, keys, settings and rules, without recorded requests. The initial
    /// keys are valid again.
    pub fn reset(&self) {
        self.server.reset();
        self.persist();
    }

    pub(crate) fn knows(&self, email: &str) -> bool {
        self.server.accounts().knows(email)
    }

    fn account<T>(&self, change: impl FnOnce(&mut Accounts) -> Option<T>) -> Option<T> {
        let changed = change(&mut self.server.accounts());
        if changed.is_some() {
            self.persist();
        }
        changed
    }

    fn persist(&self) {
        // After a failure, the next write includes the change.
        let _ = self.server.persist(self.server.changed());
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("origin", &self.server.origin).finish_non_exhaustive()
    }
}
