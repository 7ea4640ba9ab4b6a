//! The controls for code in the same process.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::accounts::Accounts;
use crate::faults::FaultRule;
use crate::recorder::Recorded;
use crate::server::Server;
use crate::settings::{BadCredentials, LoginShape};
use crate::state::LIVE;

/// The controls of a sandbox. Clones steer the same one.
///
/// An e-mail address nobody has changes nothing and answers an empty string. With a snapshot file,
/// changes to users are written to it before a method returns; should that fail, the next write
/// over HTTP writes them again and reports the failure.
#[derive(Clone)]
pub struct Control {
    server: Arc<Server>,
}

impl Control {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    /// Replaces a user's Metadata key and answers the new one; the old one answers 401 from now on.
    pub fn rotate_key(&self, email: &str) -> String {
        self.account(|accounts| accounts.rotate_key(email)).unwrap_or_default()
    }

    /// Makes a user's Metadata key stop working; the next sign-in `auth/me` mints a new one.
    pub fn expire_key(&self, email: &str) {
        self.account(|accounts| accounts.expire_key(email));
    }

    /// Makes a user's session stop working until the next sign-in.
    pub fn expire_session(&self, email: &str) {
        self.account(|accounts| accounts.expire_session(email));
    }

    /// A user's valid Metadata key, what a person would paste. An expired one is replaced first.
    #[must_use]
    pub fn api_key(&self, email: &str) -> String {
        let (key, minted) = self.server.accounts().live_key(email).unwrap_or_default();
        if minted {
            self.keep();
        }
        key
    }

    /// Adds a rule after the ones there are.
    pub fn push_fault(&self, rule: FaultRule) {
        self.server.faults().push(rule);
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        self.server.faults().replace(Vec::new());
    }

    /// What the list of instances answers, whatever its shape; `None` means the seed's.
    pub fn set_instances(&self, list: Option<Value>) {
        self.server.settings_mut().instances = list;
    }

    /// What a successful sign-in answers.
    pub fn set_login_shape(&self, shape: LoginShape) {
        self.server.settings_mut().login_shape = shape;
    }

    /// What a refused sign-in answers.
    pub fn set_bad_credentials(&self, form: BadCredentials) {
        self.server.settings_mut().bad_credentials = form;
    }

    /// Whether the sign-in `auth/me` leaves `api_key` out.
    pub fn set_me_without_key(&self, on: bool) {
        self.server.settings_mut().me_without_key = on;
    }

    /// Whether instance-level calls are limited to 10 in 20 seconds. Starts a new window.
    pub fn set_free_plan_limit(&self, on: bool) {
        self.server.settings_mut().free_plan_limit = on;
        *self.server.limiter() = crate::limit::Limiter::default();
    }

    /// The newest requests in order of arrival; those to the controls are not among them.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.recorder().iter().cloned().collect()
    }

    /// How many of the kept requests were for an operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.server.recorder().iter().filter(|request| request.operation == operation).count()
    }

    /// Forgets the requests; the numbering goes on.
    pub fn clear_requests(&self) {
        self.server.recorder().clear();
    }

    /// The records of a table in the live data source, by id; none when there is no such table.
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

    /// Everything as at the first start: data, keys, switches, rules and recorded requests. Keys
    /// rotated away before are valid again.
    pub fn reset(&self) {
        self.server.reset();
        self.keep();
    }

    pub(crate) fn knows(&self, email: &str) -> bool {
        self.server.accounts().knows(email)
    }

    fn account<T>(&self, change: impl FnOnce(&mut Accounts) -> Option<T>) -> Option<T> {
        let changed = change(&mut self.server.accounts());
        if changed.is_some() {
            self.keep();
        }
        changed
    }

    fn keep(&self) {
        // Not lost on failure: the change stays numbered and goes into the next write.
        let _ = self.server.persist(self.server.changed());
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("origin", &self.server.origin).finish_non_exhaustive()
    }
}
