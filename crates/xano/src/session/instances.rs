//! The instances of a credential: listing them, and finding one by name.

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_store::Coverage;

use super::{Session, SessionError, timed_out};
use crate::api::Response;
use crate::instances::{self, Cached, Lookup};
use crate::operations::LIST_INSTANCES;
use crate::{Instance, Request, XanoError};

/// How long to wait for a newer list of instances when an older one is cached.
const REFETCH_TIMEOUT: Duration = Duration::from_secs(5);

impl Session {
    /// Lists the instances that the credential reaches: those of the account (`list_instances`), or the one of an
    /// OAuth sign-in.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances(&self) -> Result<Arc<[Instance]>, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok([instance].into());
        }
        self.fetch_and_cache(instances_request()?).await
    }

    /// The same, but fails after `timeout`.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances_within(
        &self,
        timeout: Duration,
    ) -> Result<Arc<[Instance]>, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok([instance].into());
        }
        self.fetch_and_cache(instances_request()?.within(timeout)).await
    }

    /// The workspace that the credential reaches; `None` when it reaches all that its owner can reach.
    #[must_use]
    pub fn coverage(&self) -> Option<&Coverage> {
        self.credential.secret.coverage()
    }

    /// The instance of an OAuth sign-in.
    fn covered_instance(&self) -> Option<Instance> {
        self.coverage().map(|coverage| Instance::covered(&self.xano.policy, coverage))
    }

    async fn fetch_and_cache(&self, request: Request) -> Result<Arc<[Instance]>, SessionError> {
        let list = self.fetch_instances(&request).await?;
        let now = self.xano.runtime.clock.now();
        // What Xano says is passed on, also when the cache does not believe it yet.
        self.xano.instances.entry(self.credential.id).keep(Arc::clone(&list), now);
        Ok(list)
    }

    /// Finds an instance by its name, display name or host.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn find_instance(&self, name: &str) -> Result<Lookup, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok(instances::find(&[instance], name));
        }
        let clock = &self.xano.runtime.clock;
        let entry = self.xano.instances.entry(self.credential.id);
        let mut request = instances_request()?;
        match entry.find(name, clock.now()) {
            Cached::Fresh(found) => return Ok(found),
            // Whoever is fetching the list needs it more.
            Cached::Stale(found) if entry.fetching.try_lock().is_err() => return Ok(found),
            Cached::Stale(_) => request = request.within(REFETCH_TIMEOUT),
            Cached::Nothing => {}
        }
        let deadline = self.deadline.min(after(clock.now(), request.total_timeout()));
        let fetching = self.with_deadline(entry.fetching.lock(), deadline).await;
        let _fetching = fetching.ok_or_else(|| timed_out(&request))?;
        // Another call may have fetched it meanwhile.
        if let Cached::Fresh(found) = entry.find(name, clock.now()) {
            return Ok(found);
        }
        match self.fetch_instances(&request).await {
            Ok(list) => Ok(instances::find(&entry.keep(list, clock.now()), name)),
            // The account API may be unavailable while the instance is not.
            Err(error) if is_transient(&error) => {
                entry.note_failure(clock.now());
                match entry.find(name, clock.now()) {
                    Cached::Fresh(found) | Cached::Stale(found) => Ok(found),
                    Cached::Nothing => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn fetch_instances(&self, request: &Request) -> Result<Arc<[Instance]>, SessionError> {
        let policy = &self.xano.policy;
        // All credentials share the account API, so each has a budget of its own there.
        let budget = (Some(self.credential.id), policy.account().clone());
        let Response { body, deviation } = self.send_within(&budget, request).await?;
        // A list of hosts is not guessed at.
        if let Some(why) = deviation {
            return Err(XanoError::InvalidResponse { status: 200, why }.into());
        }
        let records = body.as_array().map(Vec::as_slice).unwrap_or_default();
        let instances: Arc<[Instance]> =
            records.iter().filter_map(|record| Instance::read(policy, record)).collect();
        for instance in instances.iter().filter(|instance| instance.is_rate_limited()) {
            if let Some(origin) = &instance.origin {
                let budget = (None, origin.clone());
                self.xano.budgets.mark_limited(&budget, self.xano.runtime.clock.now());
            }
        }
        Ok(instances)
    }
}

/// Whether listing the instances may succeed later.
const fn is_transient(error: &SessionError) -> bool {
    match error {
        SessionError::RefreshUnavailable(_) => true,
        SessionError::Xano(error) => error.is_transient(),
        _ => false,
    }
}

fn instances_request() -> Result<Request, XanoError> {
    Ok(Request::to(&LIST_INSTANCES).build()?)
}
